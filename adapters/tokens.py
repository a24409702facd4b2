"""Access tokens as JWTs signed with Ed25519 (RFC 8037); all configured keys are published, the first one signs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.shared.ids import SessionId, ShopperId, StoreId
from ports.tokens import LIFETIME, AccessClaims, TokenRefused

_ALGORITHM = "EdDSA"
_REQUIRED = ["iss", "aud", "sub", "sid", "store", "exp", "iat"]
_MAX_LENGTH = 2000


class SigningKey(Protocol):
    """A private key and its name."""

    @property
    def kid(self) -> str: ...

    @property
    def private_key(self) -> Ed25519PrivateKey: ...


class JwtAccessTokens:
    """Tokens of this deployment: `issuer` is its public address, the audience its API."""

    def __init__(self, keys: Sequence[SigningKey], issuer: str) -> None:
        self._issuer = issuer
        self._audience = f"{issuer}/api/v1"
        self._kid = keys[0].kid
        self._private = keys[0].private_key
        self._public = {key.kid: key.private_key.public_key() for key in keys}

    def issue(self, claims: AccessClaims, at: datetime) -> str:
        payload = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(claims.shopper_id),
            "sid": str(claims.session_id),
            "store": str(claims.store_id),
            "iat": at,
            "exp": at + LIFETIME,
        }
        return jwt.encode(payload, self._private, algorithm=_ALGORITHM, headers={"kid": self._kid})

    def verify(self, token: str) -> AccessClaims:
        if len(token) > _MAX_LENGTH:
            raise TokenRefused("too long")
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            payload = jwt.decode(
                token,
                self._public[str(kid)],
                algorithms=[_ALGORITHM],  # never the token's own word for it
                audience=self._audience,
                issuer=self._issuer,
                # A host whose clock is a moment ahead issues no token that another refuses; the end is what counts.
                options={"require": _REQUIRED, "verify_iat": False},
            )
            return AccessClaims(
                ShopperId(UUID(payload["sub"])), SessionId(UUID(payload["sid"])), StoreId(UUID(payload["store"]))
            )
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise TokenRefused(type(error).__name__) from error

    def key_set(self) -> dict[str, Any]:
        return {
            "keys": [
                {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": _ALGORITHM, "kid": kid, "x": _x(key)}
                for kid, key in self._public.items()
            ]
        }


def _x(key: Any) -> str:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
