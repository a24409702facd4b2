"""Rows as JSON documents inside one statement: what a page's one row holds of other tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by


def document(table: sa.FromClause, *extra: tuple[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    """A row as one JSON document: its columns by name, and `extra` ones."""
    parts: list[Any] = []
    for column in table.c:
        parts += [sa.literal_column(f"'{column.name}'"), column]
    for name, expression in extra:
        parts += [sa.literal_column(f"'{name}'"), expression]
    return sa.func.jsonb_build_object(*parts)


def children(
    row: sa.ColumnElement[Any], order: Sequence[sa.ColumnElement[Any]], *where: sa.ColumnElement[bool]
) -> sa.ScalarSelect[Any]:
    """An array of documents; NULL when there is none."""
    return sa.select(sa.func.jsonb_agg(aggregate_order_by(row, *order))).where(*where).scalar_subquery()
