"""What people see of themselves, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.postgres.reading import Reader
from adapters.postgres.staff import MEMBERSHIPS, to_membership
from adapters.postgres.tables.identity import memberships, shopper_sessions, shoppers, staff
from adapters.postgres.tables.stores import stores
from core.identity.model import Membership
from core.identity.roles import Role
from core.shared.errors import NotFound
from core.shared.ids import SessionId, ShopperId, StaffId, StoreId
from ports.identity import Colleague, OpenSession, ShopperAccount

_ACCOUNT = sa.select(shoppers.c.id, shoppers.c.email, shoppers.c.name).where(shoppers.c.id == sa.bindparam("shopper"))

_SESSIONS = (
    sa.select(shopper_sessions.c.id, shopper_sessions.c.created_at, shopper_sessions.c.expires_at)
    .where(
        shopper_sessions.c.shopper_id == sa.bindparam("shopper"),
        shopper_sessions.c.revoked_at.is_(None),
        shopper_sessions.c.expires_at > sa.bindparam("at"),
    )
    .order_by(shopper_sessions.c.created_at.desc(), shopper_sessions.c.id.desc())
    .limit(100)
)

_TWO_STORES = sa.select(stores.c.name).order_by(stores.c.id).limit(2)


_COLLEAGUES = (
    sa.select(staff.c.id, staff.c.name)
    .join(memberships, memberships.c.staff_id == staff.c.id)
    .where(
        memberships.c.store_id == sa.bindparam("store"),
        memberships.c.role.in_(sa.bindparam("roles", expanding=True)),
        staff.c.enabled,
    )
    .order_by(staff.c.name, staff.c.id)
    .limit(200)
)


class PostgresShopperQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def account(self, shopper_id: ShopperId) -> ShopperAccount:
        row = self._reader.row(_ACCOUNT, {"shopper": shopper_id})
        if row is None:
            raise NotFound("There is no such account.")
        return ShopperAccount(ShopperId(row["id"]), row["email"], row["name"])

    def sessions(self, shopper_id: ShopperId, at: datetime) -> Sequence[OpenSession]:
        rows = self._reader.rows(_SESSIONS, {"shopper": shopper_id, "at": at})
        return [OpenSession(SessionId(row["id"]), row["created_at"], row["expires_at"]) for row in rows]


class PostgresStaffQueries:
    """Reads as role `platform`: memberships of one person lie in several stores."""

    def __init__(self, platform: sa.Engine, store_id: StoreId | None) -> None:
        self._platform, self._store_id = platform, store_id

    def memberships(self, staff_id: StaffId) -> Sequence[Membership]:
        with self._platform.connect() as connection:
            rows = connection.execute(MEMBERSHIPS, {"staff": staff_id}).mappings().all()
        return [to_membership(row) for row in rows]

    def colleagues(self, roles: frozenset[Role]) -> Sequence[Colleague]:
        with self._platform.connect() as connection:
            asked = {"store": self._store_id, "roles": sorted(roles)}
            rows = connection.execute(_COLLEAGUES, asked).mappings().all()
        return [Colleague(StaffId(row["id"]), row["name"]) for row in rows]

    def sole_store(self) -> str | None:
        with self._platform.connect() as connection:
            names = connection.scalars(_TWO_STORES).all()
        return names[0] if len(names) == 1 else None
