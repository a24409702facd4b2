"""What is found before a store is known: each look-up takes a complete secret, an id or nothing, and names the store.

Beside the platform's transactions these are the only reads that no store bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.identity.roles import Role
from core.shared.ids import KeyId, SessionId, ShopperId, StaffId, StoreId


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A live API key. `origins` are the browser origins it may be used from, `locale` is its store's (BCP 47)."""

    id: KeyId
    store_id: StoreId
    secret: bool
    label: str
    origins: frozenset[str]
    locale: str


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A live session of the back office. `store_id` and `role` are None until a store is chosen, or when the
    membership is gone. `locale` and `theme` are the person's choice, empty when there is none."""

    id: SessionId
    staff_id: StaffId
    store_id: StoreId | None
    role: Role | None
    name: str
    email: str
    locale: str
    theme: str


@dataclass(frozen=True, slots=True)
class ShopperSession:
    """A live session of a shopper."""

    id: SessionId
    shopper_id: ShopperId
    name: str


@dataclass(frozen=True, slots=True)
class KnownPaymentAccount:
    """An account at a payment provider, as a webhook's path names it."""

    id: UUID
    store_id: StoreId
    provider: str


@dataclass(frozen=True, slots=True)
class KnownCarrierAccount:
    """An enabled account at a carrier, as a webhook's path names it."""

    id: UUID
    store_id: StoreId
    carrier: str


@dataclass(frozen=True, slots=True)
class KnownPaymentSession:
    """A payment session, as the payment page's secret names it."""

    id: UUID
    store_id: StoreId = field()


class Lookups(Protocol):
    """Hashes are SHA-256 of the secret (`core.identity.model.digest`); times are wall time."""

    def key(self, token_hash: bytes) -> KnownKey | None:
        """The live key with this hash."""
        ...

    def staff_session(self, token_hash: bytes, at: datetime) -> StaffSession | None:
        """The session with this hash, live at `at`, of staff who are not disabled."""
        ...

    def shopper_session(self, store_id: StoreId, session_id: SessionId, at: datetime) -> ShopperSession | None:
        """The shopper's session, live at `at`."""
        ...

    def payment_account(self, account_id: UUID) -> KnownPaymentAccount | None: ...

    def carrier_account(self, account_id: UUID) -> KnownCarrierAccount | None: ...

    def payment_session(self, secret_hash: bytes) -> KnownPaymentSession | None: ...

    def allowed_origins(self) -> frozenset[str]:
        """The origins of every live publishable key: what a preflight, which carries no key, is answered from."""
        ...

    def published_picture(self, sha256: str) -> str | None:
        """The content type of a picture that a published product of some store shows."""
        ...

    def schema_is_current(self) -> bool:
        """Whether the database answers and has this code's schema; False when it does not answer."""
        ...
