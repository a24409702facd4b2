"""Lists, newest first, in pages: https://docs.stripe.com/api/pagination."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString

from psycopg import sql

from sandbox.payments.errors import invalid
from sandbox.payments.records import R, find, select, table
from sandbox.payments.store import Call

CURSORS: tuple[tuple[str, LiteralString], ...] = (
    ("starting_after", "seq < (SELECT seq FROM {} WHERE id = %s)"),
    ("ending_before", "seq > (SELECT seq FROM {} WHERE id = %s)"),
)
SIGNS: dict[str, LiteralString] = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def page(
    call: Call,
    kind: type[R],
    given: dict[str, Any],
    url: str,
    render: Callable[[R], dict[str, Any]],
    filters: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One page of the account's rows.

    given: `limit` (default 10), `starting_after`, `ending_before`, `created`.
    filters: column -> wanted value, or list of values; None values are ignored.
    Raises ApiError 400 when both cursors are given, 404 when a cursor is unknown.
    """
    wheres: list[sql.Composable] = [sql.SQL("account = %s")]
    values: list[Any] = [call.account]
    for column, wanted in (filters or {}).items():
        if wanted is not None:
            several = isinstance(wanted, list)
            form = "{} = ANY(%s)" if several else "{} = %s"
            wheres.append(sql.SQL(form).format(sql.Identifier(column)))
            values.append(wanted)
    for sign, bound in _bounds(given.get("created")):
        wheres.append(sql.SQL("created " + sign + " %s"))
        values.append(bound)
    backwards = _cursor(call, kind, given, wheres, values)
    order = "ORDER BY seq LIMIT %s" if backwards else "ORDER BY seq DESC LIMIT %s"
    limit = int(given.get("limit", 10))
    where = sql.SQL(" AND ").join(wheres) + sql.SQL(" " + order)
    rows = select(call.books, kind, where, [*values, limit + 1])
    shown = rows[:limit][::-1] if backwards else rows[:limit]
    data = [render(row) for row in shown]
    return {"object": "list", "data": data, "has_more": len(rows) > limit, "url": url}


def _bounds(created: Any) -> list[tuple[LiteralString, int]]:
    if created is None:
        return []
    if isinstance(created, dict):
        return [(SIGNS[name], bound) for name, bound in created.items()]
    return [("=", created)]


def _cursor(call: Call, kind: type[R], given: dict[str, Any], wheres: list[sql.Composable], values: list[Any]) -> bool:
    """Add the cursor's condition; returns whether the page is read backwards."""
    if "starting_after" in given and "ending_before" in given:
        raise invalid("You can use either starting_after or ending_before, not both.", param="ending_before")
    for name, form in CURSORS:
        if name in given:
            anchor = find(call, kind, given[name], param=name)
            wheres.append(sql.SQL(form).format(table(kind)))
            values.append(anchor.id)
    return "ending_before" in given
