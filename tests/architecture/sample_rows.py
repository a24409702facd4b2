"""A row for any table, made from what the table says of itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from adapters.postgres.tables import load_all

# Where two columns must stand in a relation that neither says alone.
RELATED: dict[tuple[str, str], Any] = {
    ("delivery_rates", "weight_from"): 0,
    ("stock_items", "on_hand"): 5,
    ("api_keys", "origins"): ["https://shop.example"],
    ("ledger_accounts", "code"): "1100",
    ("provider_lines", "fee_minor"): 0,
}
# Where a column follows from others.
DERIVED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "match_groups": lambda row: {"id": row["operation_id"]},
}

MAKERS: tuple[tuple[type[Any], Callable[[], Any]], ...] = (
    (sa.UUID, uuid4),
    (sa.Boolean, lambda: False),
    (sa.DateTime, lambda: datetime.now(UTC)),
    (sa.Date, lambda: date(2026, 11, 23)),
    (sa.ARRAY, list),
    (JSONB, dict),
    (BYTEA, lambda: secrets.token_bytes(8)),
    (sa.CHAR, lambda: "BRL"),
    (sa.Text, lambda: secrets.token_hex(6)),
)


def scoped_tables() -> list[sa.Table]:
    """Every table of merchants' rows that a policy guards, referenced ones first."""
    left_out = {"search_documents", "staff_sessions", "stores"}
    tables = load_all().sorted_tables
    return [t for t in tables if t.schema is None and "store_id" in t.c and t.name not in left_out]


def sample(table: sa.Table, store_id: UUID) -> dict[str, Any]:
    """Values for every column of `table`; what is unique is random, references point nowhere."""
    return derived(table, {column.name: _value(table, column, store_id) for column in table.c})


def derived(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """`row` with what follows from its other columns."""
    follow = DERIVED.get(table.name)
    return row if follow is None else {**row, **follow(row)}


def _value(table: sa.Table, column: sa.Column[Any], store_id: UUID) -> Any:
    if column.name == "store_id":
        return store_id
    if (table.name, column.name) in RELATED:
        return RELATED[table.name, column.name]
    if allowed := _allowed(table, column):
        return allowed
    if isinstance(column.type, sa.Integer):
        return 1 if column.name != "number" else secrets.randbelow(10**9)
    makers = (make for kind, make in MAKERS if isinstance(column.type, kind))
    return next(makers)()


def _allowed(table: sa.Table, column: sa.Column[Any]) -> str | None:
    """The first value of an enumeration that the table checks."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            found = re.match(rf"{column.name} IN \('(\w+)'", str(constraint.sqltext))
            if found:
                return found.group(1)
    return None
