"""The schema as SQLAlchemy Core tables: one file per context, one MetaData for all of them.

Every merchant's row carries `store_id`. `scoped` gives such a table PRIMARY KEY (id) plus UNIQUE (store_id, id), so
that references between merchants' rows can be composite: row-level security does not check foreign keys.
No column has a `now()` default: only the clock port tells the time.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

STAGING = "staging"


def uuid(name: str, *args: Any, nullable: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, UUID(as_uuid=True), *args, nullable=nullable, **options)


def text(name: str, *, nullable: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable, **options)


def integer(name: str, *, nullable: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable, **options)


def boolean(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=nullable)


def minor(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Money in minor units; the currency stands in the row's `currency` column."""
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def currency(name: str = "currency") -> sa.Column[Any]:
    return sa.Column(name, sa.CHAR(3), nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A moment in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def document(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, JSONB(none_as_null=True), nullable=nullable)


def strings(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.ARRAY(sa.Text), nullable=False)


def version() -> sa.Column[Any]:
    return sa.Column("version", sa.Integer, nullable=False)


def scoped(name: str, *items: Any) -> sa.Table:
    """A table of merchants' rows."""
    return sa.Table(
        name,
        metadata,
        uuid("id", primary_key=True),
        uuid("store_id"),
        *items,
        sa.UniqueConstraint("store_id", "id"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    )


def part(name: str, *items: Any, referenced: bool = True) -> sa.Table:
    """A table of rows that belong to another row of the merchant, which their composite reference names.

    That row's store exists, so theirs is not looked up once more for each of them: an import writes hundreds of
    thousands. `referenced` False for rows that nothing refers to.
    """
    known = [sa.UniqueConstraint("store_id", "id")] if referenced else []
    return sa.Table(name, metadata, uuid("id", primary_key=True), uuid("store_id"), *items, *known)


def reference(column: str, table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A composite reference to another row of the same merchant."""
    return sa.ForeignKeyConstraint(["store_id", column], [f"{table}.store_id", f"{table}.id"], ondelete=ondelete)


def one_of(column: str, values: Any, name: str | None = None) -> sa.CheckConstraint:
    """The column holds one of an enumeration's values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name or column)


def load_all() -> sa.MetaData:
    """Import every file of tables and return the complete metadata."""
    from adapters.postgres.tables import (  # noqa: F401
        activity,
        batches,
        cart,
        catalog,
        identity,
        imports,
        inventory,
        ledger,
        logistics,
        media,
        messages,
        orders,
        payments,
        platform,
        reconciliation,
        settlements,
        stores,
    )

    return metadata
