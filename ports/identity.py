"""People and machines: shoppers, staff, keys."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.identity.model import (
    ApiKey,
    Membership,
    RefreshToken,
    Shopper,
    ShopperSession,
    Staff,
    StaffSession,
)
from core.identity.roles import Role
from core.identity.tries import Door, SignInTries
from core.shared.ids import SessionId, ShopperId, StaffId, StoreId
from ports.stores import StoreMaker


class ShopperRepository(Protocol):
    """Customers' accounts of the bound store, and their sessions."""

    def add(self, shopper: Shopper) -> None:
        """Raises EmailTaken."""
        ...

    def by_email(self, email: str) -> Shopper | None:
        """The account of this address in any spelling."""
        ...

    def add_session(self, session: ShopperSession, token_hash: bytes) -> None:
        """Begin a session with the first link of its chain of refresh tokens."""
        ...

    def refresh_token(self, token_hash: bytes) -> RefreshToken | None:
        """The token with this hash and its session, both locked until the transaction ends."""
        ...

    def rotate(self, token: RefreshToken, token_hash: bytes, at: datetime) -> None:
        """Mark `token` used and put the next link in its place."""
        ...

    def revoke_session(self, session_id: SessionId, at: datetime) -> bool:
        """End a session. False when there is no live one with this id."""
        ...

    def account(self, shopper_id: ShopperId) -> ShopperAccount:
        """Raises NotFound."""
        ...

    def owns_session(self, shopper_id: ShopperId, session_id: SessionId) -> bool: ...


class KeyRepository(Protocol):
    """API keys of the bound store."""

    def add(self, key: ApiKey) -> None: ...

    def revoke(self, prefix: str, at: datetime) -> None:
        """Make a key worthless from now on. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class ShopperAccount:
    """What a shopper sees of themselves."""

    id: ShopperId
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A live session as its owner sees it."""

    id: SessionId
    created_at: datetime
    expires_at: datetime


class ShopperQueries(Protocol):
    """Accounts of the bound store."""

    def account(self, shopper_id: ShopperId) -> ShopperAccount:
        """Raises NotFound."""
        ...

    def sessions(self, shopper_id: ShopperId, at: datetime) -> Sequence[OpenSession]:
        """The live sessions, the newest first."""
        ...


class StaffRepository(Protocol):
    """People of the back office, over all stores."""

    def add(self, staff: Staff) -> None:
        """Raises EmailTaken."""
        ...

    def by_email(self, email: str) -> Staff | None:
        """The person with this address in any spelling."""
        ...

    def prefer(self, staff_id: StaffId, *, locale: str | None, theme: str | None) -> None:
        """Keep what the person chose; None leaves a choice as it is."""
        ...

    def join(self, staff_id: StaffId, store_id: StoreId, role: Role, at: datetime) -> None:
        """Make somebody a member of a store."""
        ...

    def memberships(self, staff_id: StaffId) -> Sequence[Membership]:
        """The stores the person works in, by name."""
        ...

    def add_session(self, session: StaffSession, person: Staff) -> None:
        """Begin a session of `person`."""
        ...

    def end_session(self, session_id: SessionId, at: datetime) -> None:
        """End a session; one that has ended stays as it is."""
        ...

    def move_session(self, session_id: SessionId, store_id: StoreId) -> None:
        """Let a session work in another store."""
        ...


class SignInTryRepository(Protocol):
    """Tries to sign in, of staff and of every store's shoppers. What has been forgotten is removed on the way."""

    def at(self, door: Door, at: datetime) -> SignInTries:
        """The tries at `door`, locked until the transaction ends. `at` is wall time."""
        ...

    def save(self, door: Door, tries: SignInTries, at: datetime) -> None: ...


class PlatformTransaction(Protocol):
    """One transaction that no store bounds, as the database role `platform`."""

    @property
    def staff(self) -> StaffRepository: ...

    @property
    def tries(self) -> SignInTryRepository: ...

    @property
    def stores(self) -> StoreMaker: ...


class PlatformUnitOfWork(Protocol):
    """Opens transactions for what works without a store: sign-in of staff, making people."""

    def __call__(self) -> AbstractContextManager[PlatformTransaction]: ...


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as others of the store see them."""

    id: StaffId
    name: str


class StaffQueries(Protocol):
    """What people of the back office see of themselves, over all stores, and of the others in the bound one."""

    def memberships(self, staff_id: StaffId) -> Sequence[Membership]:
        """The stores the person works in, by name."""
        ...

    def colleagues(self, roles: frozenset[Role]) -> Sequence[Colleague]:
        """Who works in the bound store with one of `roles`, by name; those who may not sign in any more left out."""
        ...

    def sole_store(self) -> str | None:
        """The name of the deployment's only store, None when there are several or none."""
        ...
