"""Making stores, as the platform: the store, its default location, its numbers and its catalogue's version."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.postgres.stores import store_values, to_store
from adapters.postgres.tables.catalog import catalogue_versions
from adapters.postgres.tables.inventory import locations
from adapters.postgres.tables.stores import counters, stores
from core.stores.errors import SlugTaken
from core.stores.model import Store
from ports.stores import NewStore


class PostgresStoreMaker:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, new: NewStore) -> None:
        store = new.store
        try:
            self._connection.execute(sa.insert(stores).values(id=store.id, version=1, **store_values(store)))
        except IntegrityError as violation:
            if getattr(getattr(violation.orig, "diag", None), "constraint_name", None) == "uq_stores_slug":
                raise SlugTaken() from violation
            raise
        self._connection.execute(
            sa.insert(locations).values(
                id=new.location_id,
                store_id=store.id,
                name=new.location_name,
                is_default=True,
                created_at=store.created_at,
            )
        )
        self._connection.execute(
            sa.insert(counters).values(store_id=store.id, series="order", next=new.first_order_number)
        )
        self._connection.execute(sa.insert(catalogue_versions).values(store_id=store.id, version=1))

    def by_slug(self, slug: str) -> Store | None:
        row = self._connection.execute(sa.select(stores).where(stores.c.slug == slug)).mappings().first()
        return None if row is None else to_store(row)

    def all(self) -> Sequence[Store]:
        rows = self._connection.execute(sa.select(stores).order_by(stores.c.created_at, stores.c.id)).mappings()
        return [to_store(row) for row in rows]
