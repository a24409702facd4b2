"""Access tokens of shoppers: short-lived, signed, checkable by anybody with the published keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.shared.ids import SessionId, ShopperId, StoreId

LIFETIME = timedelta(minutes=15)


class TokenRefused(Exception):
    """The token is forged, malformed, expired, or for somebody else."""


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Who a token speaks for."""

    shopper_id: ShopperId
    session_id: SessionId
    store_id: StoreId


class AccessTokens(Protocol):
    def issue(self, claims: AccessClaims, at: datetime) -> str:
        """A signed token, valid from `at` (wall time) for `LIFETIME`."""
        ...

    def verify(self, token: str) -> AccessClaims:
        """The claims of a token of ours. Raises TokenRefused."""
        ...

    def key_set(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517)."""
        ...
