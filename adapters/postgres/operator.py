"""What an operator's commands read and move: the stores of the deployment, the business clock. As role `platform`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.postgres.tables.platform import clock
from adapters.postgres.tables.stores import stores
from core.shared.ids import StoreId


@dataclass(frozen=True, slots=True)
class StoreName:
    """A store of the deployment; `slug` is unique."""

    id: StoreId
    slug: str
    name: str


_STORES = sa.select(stores.c.id, stores.c.slug, stores.c.name).order_by(stores.c.slug)


class PostgresOperator:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def stores(self) -> Sequence[StoreName]:
        """Every store, by slug."""
        with self._engine.connect() as connection, connection.begin():
            return [StoreName(StoreId(row.id), row.slug, row.name) for row in connection.execute(_STORES)]

    def clock_offset(self) -> int:
        """By how many seconds the business clock is ahead of the wall's."""
        with self._engine.connect() as connection, connection.begin():
            return int(connection.execute(sa.select(clock.c.offset_seconds)).scalar_one())

    def set_clock_offset(self, seconds: int) -> None:
        """Put the business clock `seconds` ahead of the wall's (negative: behind)."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(clock).values(offset_seconds=seconds))
