"""Secrets that are derived instead of stored: the token of an order, the address of a payment page."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Links(Protocol):
    """HMACs by the server's key: the same id always gives the same secret, so it can be told again."""

    def secret(self, purpose: str, id_: UUID) -> str:
        """The secret of `id_` for `purpose`, URL-safe."""
        ...

    def matches(self, purpose: str, id_: UUID, secret: str) -> bool:
        """Whether `secret` is the one, compared in constant time."""
        ...

    def page(self, secret: str) -> str:
        """The address of the payment page of that secret."""
        ...


def order_purpose(rotation: int) -> str:
    """The purpose of an order's access token; a new rotation makes the old tokens worthless."""
    return f"order:{rotation}"


SESSION_PURPOSE = "payment-session"
