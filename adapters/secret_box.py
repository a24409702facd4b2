"""Secrets at rest: providers' credentials encrypted with the settings' key.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. A box is one version byte, one key number byte (a digest
of the key, so that keys can be rotated), the nonce, the ciphertext with its tag.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_NONCE = 12


class UnknownKey(Exception):
    """The box was sealed with a key that the settings no longer hold, or it was altered."""


class SecretBox:
    """Seals with the first of `keys` (32 bytes each), opens with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_number(key): AESGCM(key) for key in keys}
        self._first = _number(keys[0])

    def seal(self, config: Mapping[str, str]) -> bytes:
        nonce = os.urandom(_NONCE)
        header = bytes([_VERSION, self._first])
        plain = json.dumps(dict(config), sort_keys=True).encode()
        return header + nonce + self._keys[self._first].encrypt(nonce, plain, header)

    def open(self, box: bytes) -> dict[str, str]:
        """The sealed settings. Raises UnknownKey."""
        if len(box) < 2 + _NONCE or box[0] != _VERSION or box[1] not in self._keys:
            raise UnknownKey()
        header, nonce, sealed = box[:2], box[2 : 2 + _NONCE], box[2 + _NONCE :]
        try:
            opened: dict[str, str] = json.loads(self._keys[box[1]].decrypt(nonce, sealed, header))
        except InvalidTag:
            raise UnknownKey() from None
        return opened


def _number(key: bytes) -> int:
    return hashlib.sha256(key).digest()[0]
