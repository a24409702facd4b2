"""The look-ups that find a store, through definer functions: each takes a complete secret or an id."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from adapters.postgres.migrate import code_versions
from adapters.postgres.reading import BIND_STORE
from adapters.postgres.tables.identity import shopper_sessions, shoppers
from core.identity.roles import Role
from core.shared.ids import KeyId, SessionId, ShopperId, StaffId, StoreId
from ports.lookups import (
    KnownCarrierAccount,
    KnownKey,
    KnownPaymentAccount,
    KnownPaymentSession,
    ShopperSession,
    StaffSession,
)

_KEY = sa.text("SELECT * FROM resolve_key(:hash)")
_STAFF = sa.text("SELECT * FROM resolve_staff_session(:hash, :at)")
_ACCOUNT = sa.text("SELECT * FROM resolve_payment_account(:account)")
_CARRIER = sa.text("SELECT * FROM resolve_carrier_account(:account)")
_PAYMENT_SESSION = sa.text("SELECT * FROM resolve_payment_session(:hash)")
_ORIGINS = sa.text("SELECT allowed_origins()")
_PICTURE = sa.text("SELECT published_picture(:sha256)")
_VERSIONS = sa.text("SELECT version_num FROM public.alembic_version")

_SHOPPER = (
    sa.select(shopper_sessions.c.id, shopper_sessions.c.shopper_id, shoppers.c.name)
    .join(shoppers, shoppers.c.id == shopper_sessions.c.shopper_id)
    .where(
        shopper_sessions.c.id == sa.bindparam("id"),
        shopper_sessions.c.revoked_at.is_(None),
        shopper_sessions.c.expires_at > sa.bindparam("at"),
    )
)


class PostgresLookups:
    """Runs as role `app` with no store bound, except for the shopper's session, whose store the token names."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # One statement is a transaction of its own: one round trip instead of three, on every request.
        self._single = engine.execution_options(isolation_level="AUTOCOMMIT")

    def _row(self, statement: sa.Executable, **parameters: object) -> sa.RowMapping | None:
        with self._single.connect() as connection:
            return connection.execute(statement, parameters).mappings().first()

    def key(self, token_hash: bytes) -> KnownKey | None:
        row = self._row(_KEY, hash=token_hash)
        if row is None:
            return None
        return KnownKey(
            id=KeyId(row["id"]),
            store_id=StoreId(row["store_id"]),
            secret=row["kind"] == "secret",
            label=row["label"],
            origins=frozenset(row["origins"]),
            locale=row["locale"],
        )

    def staff_session(self, token_hash: bytes, at: datetime) -> StaffSession | None:
        row = self._row(_STAFF, hash=token_hash, at=at)
        if row is None:
            return None
        return StaffSession(
            id=SessionId(row["id"]),
            staff_id=StaffId(row["staff_id"]),
            store_id=StoreId(row["store_id"]) if row["store_id"] else None,
            role=Role(row["role"]) if row["role"] else None,
            name=row["name"],
            email=row["email"],
            locale=row["locale"],
            theme=row["theme"],
        )

    def shopper_session(self, store_id: StoreId, session_id: SessionId, at: datetime) -> ShopperSession | None:
        with self._engine.connect() as connection, connection.begin():
            connection.execute(BIND_STORE, {"store_id": str(store_id)})
            row = connection.execute(_SHOPPER, {"id": session_id, "at": at}).mappings().first()
        if row is None:
            return None
        return ShopperSession(SessionId(row["id"]), ShopperId(row["shopper_id"]), row["name"])

    def payment_account(self, account_id: UUID) -> KnownPaymentAccount | None:
        row = self._row(_ACCOUNT, account=account_id)
        return KnownPaymentAccount(row["id"], StoreId(row["store_id"]), row["provider"]) if row else None

    def carrier_account(self, account_id: UUID) -> KnownCarrierAccount | None:
        row = self._row(_CARRIER, account=account_id)
        return KnownCarrierAccount(row["id"], StoreId(row["store_id"]), row["carrier"]) if row else None

    def payment_session(self, secret_hash: bytes) -> KnownPaymentSession | None:
        row = self._row(_PAYMENT_SESSION, hash=secret_hash)
        return KnownPaymentSession(row["id"], StoreId(row["store_id"])) if row else None

    def allowed_origins(self) -> frozenset[str]:
        with self._single.connect() as connection:
            return frozenset(connection.scalars(_ORIGINS))

    def published_picture(self, sha256: str) -> str | None:
        with self._single.connect() as connection:
            found = connection.scalar(_PICTURE, {"sha256": sha256})
        return str(found) if found is not None else None

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return code_versions()

    def schema_is_current(self) -> bool:
        try:
            with self._single.connect() as connection:
                return frozenset(connection.scalars(_VERSIONS)) == self._wanted
        except SQLAlchemyError:
            return False
