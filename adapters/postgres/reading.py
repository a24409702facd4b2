"""Reads outside a unit of work: one statement, the store bound, nothing kept open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.shared.context import CallContext
from core.shared.ids import StoreId

BIND_STORE = sa.text("SELECT set_config('app.store_id', :store_id, true)")


class Reader:
    """Answers the statements of one call's queries, each in a read-only transaction of its own."""

    def __init__(self, engine: sa.Engine, context: CallContext) -> None:
        self._engine = engine
        self._context = context

    @property
    def store_id(self) -> StoreId:
        if self._context.store_id is None:
            raise LookupError("this query needs a store")
        return self._context.store_id

    def rows(self, statement: sa.Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[sa.RowMapping]:
        with self._engine.connect() as connection, connection.begin():
            connection.execute(BIND_STORE, {"store_id": str(self.store_id)})
            return connection.execute(statement, parameters or {}).mappings().all()

    def row(self, statement: sa.Executable, parameters: Mapping[str, Any] | None = None) -> sa.RowMapping | None:
        found = self.rows(statement, parameters)
        return found[0] if found else None
