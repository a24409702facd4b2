"""What PostgreSQL alone needs for the rows that an import writes: the floor below which no importer gets.

The rows of an imported store lie ready in tables beside the real ones, with ids of their own in the same order, and are
inserted into the same tables, one statement each, by the same role under the same policies, with all indexes, checks
and references.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from adapters.provisioning import DatabaseAddresses

# The tables that an import writes, parents first, each with the columns that name rows of the store.
TABLES: Mapping[str, tuple[str, ...]] = {
    "products": ("id",),
    "variants": ("id", "product_id"),
    "stock_items": ("id", "variant_id", "location_id"),
    "stock_movements": ("id", "stock_item_id"),
    "product_media": ("id", "product_id"),
    "product_documents": ("product_id",),
    "product_tags": ("product_id",),
    "search_documents": ("subject_id",),
}
_SEARCH = """
SELECT put_search_documents('product', array_agg(subject_id), array_agg(visible), array_agg(body), array_agg(sorted_at))
FROM bench_search_documents
"""

Connection = psycopg.Connection[Any]


def insert_seconds(database: DatabaseAddresses, store_id: UUID) -> float:
    """How long the rows of the store take to be inserted for another one, with the commit."""
    other = uuid4()
    with psycopg.connect(database.owner_url) as owner:
        statements = [_prepare(owner, table, store_id, other) for table in TABLES]
        owner.commit()
        with psycopg.connect(database.app_url) as app:
            app.execute("SELECT set_config('app.store_id', %s, false)", (str(other),))
            app.commit()
            started = time.perf_counter()
            for statement in statements:
                app.execute(statement)
            app.commit()
            elapsed = time.perf_counter() - started
        for table in TABLES:
            owner.execute(sql.SQL("DROP TABLE {}").format(_ready(table)))
    return elapsed


def _prepare(owner: Connection, table: str, store_id: UUID, other: UUID) -> sql.SQL | sql.Composed:
    """Lay the rows of `table` ready for the store `other`; returns the statement that inserts them."""
    if table == "products":
        for parent in ("stores", "locations"):
            _copy_rows(owner, parent, store_id, other, sql.Identifier(parent))
    owner.execute(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING STORAGE) WITH (toast_tuple_target = 8160)").format(
            _ready(table), sql.Identifier(table)
        )
    )
    _copy_rows(owner, table, store_id, other, _ready(table))
    owner.execute(sql.SQL("GRANT SELECT ON {} TO ecommerce_app").format(_ready(table)))
    if table == "search_documents":
        return sql.SQL(_SEARCH)
    values = map(sql.Identifier, _columns(owner, table))
    return sql.SQL("INSERT INTO {} SELECT {} FROM {}").format(
        sql.Identifier(table), sql.SQL(", ").join(values), _ready(table)
    )


def _copy_rows(owner: Connection, table: str, store_id: UUID, other: UUID, into: sql.Composable) -> None:
    """Copy rows of one store for the other. An id keeps its time and so its order, its last 12 digits are new."""
    replaced: dict[str, sql.Composable] = {
        name: sql.SQL("overlay({}::text PLACING {} FROM 25)::uuid").format(sql.Identifier(name), str(other)[-12:])
        for name in TABLES.get(table, ("id",))
    }
    key = "id" if table == "stores" else "store_id"
    replaced[key] = sql.Literal(other)
    if table == "stores":
        replaced["slug"] = sql.Literal(f"floor-{other}")
    values = [replaced.get(name, sql.Identifier(name)) for name in _columns(owner, table)]
    owner.execute(
        sql.SQL("INSERT INTO {} SELECT {} FROM {} WHERE {} = {}").format(
            into, sql.SQL(", ").join(values), sql.Identifier(table), sql.Identifier(key), store_id
        )
    )


def _columns(owner: Connection, table: str) -> list[str]:
    found = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        (f"public.{table}",),
    )
    return [name for (name,) in found]


def _ready(table: str) -> sql.Identifier:
    return sql.Identifier(f"bench_{table}")
