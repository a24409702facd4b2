"""People of the back office on PostgreSQL, over all stores: reached by platform transactions only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.postgres.tables.identity import memberships, staff, staff_sessions
from adapters.postgres.tables.stores import stores
from core.identity.errors import EmailTaken
from core.identity.model import Membership, Staff, StaffSession, email_key
from core.identity.roles import Role
from core.shared import context
from core.shared.ids import SessionId, StaffId, StoreId

if TYPE_CHECKING:
    from adapters.postgres.platform import PostgresPlatformTransaction

_BY_EMAIL = sa.select(staff).where(staff.c.email_folded == sa.bindparam("email"))

MEMBERSHIPS = (
    sa.select(memberships.c.store_id, stores.c.name, memberships.c.role)
    .join(stores, stores.c.id == memberships.c.store_id)
    .where(memberships.c.staff_id == sa.bindparam("staff"))
    .order_by(stores.c.name, stores.c.id)
)


def to_membership(row: sa.RowMapping) -> Membership:
    return Membership(StoreId(row["store_id"]), row["name"], Role(row["role"]))


class PostgresStaff:
    def __init__(self, transaction: PostgresPlatformTransaction) -> None:
        self._tx = transaction
        self._connection = transaction.connection

    def add(self, person: Staff) -> None:
        values = {
            "id": person.id,
            "email": person.email,
            "email_folded": email_key(person.email),
            "name": person.name,
            "password_hash": person.password_hash,
            "locale": person.locale,
            "theme": person.theme,
            "enabled": person.enabled,
            "created_at": person.created_at,
            "version": 0,
        }
        try:
            self._connection.execute(sa.insert(staff), values)
        except IntegrityError as violation:
            if getattr(getattr(violation.orig, "diag", None), "constraint_name", "") == "uq_staff_email_folded":
                raise EmailTaken() from violation
            raise

    def by_email(self, email: str) -> Staff | None:
        row = self._connection.execute(_BY_EMAIL, {"email": email_key(email)}).mappings().first()
        if row is None:
            return None
        return Staff(
            id=StaffId(row["id"]),
            email=row["email"],
            name=row["name"],
            password_hash=row["password_hash"],
            created_at=row["created_at"],
            locale=row["locale"],
            theme=row["theme"],
            enabled=row["enabled"],
        )

    def prefer(self, staff_id: StaffId, *, locale: str | None, theme: str | None) -> None:
        chosen = {"locale": locale, "theme": theme}
        values = {name: value for name, value in chosen.items() if value is not None}
        if not values:
            return
        self._connection.execute(sa.update(staff).where(staff.c.id == staff_id).values(**values))
        if self._tx.context.store_id is not None:
            self._tx.log(self._tx.context.store_id).changed("staff", staff_id, None, values)

    def join(self, staff_id: StaffId, store_id: StoreId, role: Role, at: datetime) -> None:
        log = self._tx.log(store_id)
        self._connection.execute(
            sa.insert(memberships),
            {"id": log.ids.new(), "store_id": store_id, "staff_id": staff_id, "role": role.value, "created_at": at},
        )
        log.changed("membership", staff_id, None, {"role": role.value})

    def memberships(self, staff_id: StaffId) -> Sequence[Membership]:
        return [to_membership(row) for row in self._connection.execute(MEMBERSHIPS, {"staff": staff_id}).mappings()]

    def add_session(self, session: StaffSession, person: Staff) -> None:
        self._connection.execute(
            sa.insert(staff_sessions),
            {
                "id": session.id,
                "token_hash": session.token_hash,
                "staff_id": session.staff_id,
                "store_id": session.store_id,
                "user_agent": session.user_agent,
                "created_at": session.created_at,
                "expires_at": session.expires_at,
                "revoked_at": None,
            },
        )
        if session.store_id is not None:
            by = replace(self._tx.context, actor=context.Staff(person.id, session.id), actor_label=person.name)
            self._tx.log(session.store_id, by).changed(
                "staff_session", session.id, None, {"expires_at": session.expires_at}
            )

    def end_session(self, session_id: SessionId, at: datetime) -> None:
        ended = self._connection.execute(
            sa.update(staff_sessions)
            .where(staff_sessions.c.id == session_id, staff_sessions.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(staff_sessions.c.store_id)
        ).first()
        store_id = self._tx.context.store_id
        if ended is not None and store_id is not None and ended.store_id == store_id:
            self._tx.log(store_id).changed("staff_session", session_id, {"revoked_at": None}, {"revoked_at": at})

    def move_session(self, session_id: SessionId, store_id: StoreId) -> None:
        self._connection.execute(
            sa.update(staff_sessions).where(staff_sessions.c.id == session_id).values(store_id=store_id)
        )
        self._tx.log(store_id).changed("staff_session", session_id, None, {"store_id": store_id})
