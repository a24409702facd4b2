"""Ed25519 keys that sign access tokens, named by their JWK thumbprint."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PEM_BLOCK = re.compile(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key and its `kid`.

    :param kid: the JWK thumbprint of the public key (RFC 7638 over the members of RFC 8037), base64url
    :param seed: the 32 bytes of the private key
    """

    kid: str
    seed: bytes = field(repr=False)

    @property
    def private_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @classmethod
    def from_private_key(cls, key: Ed25519PrivateKey) -> SigningKey:
        raw = serialization.Encoding.Raw
        public = key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
        members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(public)}
        canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
        seed = key.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
        return cls(_base64url(hashlib.sha256(canonical).digest()), seed)


def parse_signing_keys(text: str) -> tuple[SigningKey, ...]:
    """Read one or more private keys, the signing one first.

    :param text: PEM blocks one after another, or base64 of the 32 raw bytes, separated by commas
    :raises ValueError: when a key can't be read or isn't Ed25519
    """
    blocks = PEM_BLOCK.findall(text)
    parts = [_from_pem(block) for block in blocks] if blocks else [_from_base64(p) for p in text.split(",")]
    return tuple(SigningKey.from_private_key(key) for key in parts)


def _from_pem(block: str) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(block.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key


def _from_base64(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text.strip(), validate=True))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
