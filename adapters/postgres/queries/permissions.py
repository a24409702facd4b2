"""What staff and secret keys may do now: one look-up per call, so that a change counts from the next one on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from adapters.postgres.reading import BIND_STORE
from adapters.postgres.tables.identity import api_keys, memberships
from core.identity.roles import KEY_SCOPES, OWN_SESSION, ROLE_PERMISSIONS, Role
from core.shared.context import Actor, Key, Staff
from core.shared.ids import StoreId

_ROLE = sa.select(memberships.c.role).where(memberships.c.staff_id == sa.bindparam("staff"))

_SCOPES = sa.select(api_keys.c.scopes).where(api_keys.c.id == sa.bindparam("key"), api_keys.c.revoked_at.is_(None))

_NOTHING: frozenset[str] = frozenset()


class PostgresPermissions:
    """Reads under the store's policies: a membership or key of another store is not there."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def permissions_of(self, actor: Actor, store_id: StoreId | None) -> frozenset[str]:
        if isinstance(actor, Staff):
            role = self._look_up(_ROLE, {"staff": actor.id}, store_id)
            return OWN_SESSION | (ROLE_PERMISSIONS[Role(role)] if role is not None else _NOTHING)
        if isinstance(actor, Key):
            scopes = self._look_up(_SCOPES, {"key": actor.id}, store_id)
            return frozenset(scopes) & KEY_SCOPES if scopes is not None else _NOTHING
        return _NOTHING

    def _look_up(self, statement: sa.Select[Any], parameters: dict[str, object], store_id: StoreId | None) -> Any:
        if store_id is None:
            return None
        with self._engine.connect() as connection, connection.begin():
            connection.execute(BIND_STORE, {"store_id": str(store_id)})
            return connection.scalar(statement, parameters)
