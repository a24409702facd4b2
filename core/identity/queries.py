"""What people see of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.identity.model import Membership
from core.identity.roles import ROLE_PERMISSIONS
from core.shared.ids import ShopperId, StaffId
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import Colleague, OpenSession, ShopperAccount, ShopperQueries, StaffQueries


@dataclass(frozen=True, slots=True)
class OwnAccount:
    shopper_id: ShopperId


@dataclass(frozen=True, slots=True)
class OwnStores:
    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class ListColleagues:
    """`permission`: what they must be allowed to do."""

    permission: str


@dataclass(frozen=True, slots=True)
class SoleStore:
    """The one store of a deployment that has one."""


@permission("storefront.account.read")
def own_account(filter_: OwnAccount, /, *, shopper_queries: ShopperQueries) -> ShopperAccount:
    """The shopper's account. Raises NotFound."""
    return shopper_queries.account(filter_.shopper_id)


@permission("storefront.account.read")
def own_sessions(filter_: OwnAccount, /, *, shopper_queries: ShopperQueries, clock: Clock) -> Sequence[OpenSession]:
    """Where the shopper is signed in, the newest first."""
    return shopper_queries.sessions(filter_.shopper_id, clock.wall())


@permission("identity.session.manage")
def own_stores(filter_: OwnStores, /, *, staff_queries: StaffQueries) -> Sequence[Membership]:
    """The stores a member of staff works in, by name."""
    return staff_queries.memberships(filter_.staff_id)


@permission("stores.store.read")
def list_colleagues(filter_: ListColleagues, /, *, staff_queries: StaffQueries) -> Sequence[Colleague]:
    """Who in the store may do something: whom work can be handed to. By name."""
    roles = frozenset(role for role, granted in ROLE_PERMISSIONS.items() if filter_.permission in granted)
    return staff_queries.colleagues(roles)


@permission("identity.staff.sign_in")
def sole_store(filter_: SoleStore, /, *, staff_queries: StaffQueries) -> str | None:
    """The name of the only store, for the sign-in page; None when there are several, or none."""
    return staff_queries.sole_store()
