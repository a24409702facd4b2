"""The activity log, read by keyset; every filter is an equality or a range of time, so indexes serve it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.reading import Reader
from adapters.postgres.tables.activity import activity
from ports.activity import ActivityFilter, ActivityRow, ChangeRow
from ports.paging import Page, PageRequest

_T = activity.c
_LIST = sa.select(
    _T.id, _T.action, _T.actor_kind, _T.actor_id, _T.actor_label, _T.request_id, _T.reason, _T.target_kind,
    _T.target_id, _T.changes, _T.occurred_at,
).order_by(_T.occurred_at.desc(), _T.id.desc())  # fmt: skip


class PostgresActivityQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def list(self, filter_: ActivityFilter, page: PageRequest) -> Page[ActivityRow]:
        statement = _LIST.where(*_conditions(filter_)).limit(page.limit + 1)
        if page.cursor is not None:
            at, last = cursors.decode_moment(page.cursor)
            key = sa.tuple_(sa.literal(at, sa.DateTime(timezone=True)), sa.literal(last, sa.Uuid))
            statement = statement.where(sa.tuple_(_T.occurred_at, _T.id) < key)
        rows = self._reader.rows(statement)
        shown = [_row(row) for row in rows[: page.limit]]
        more = len(rows) > page.limit
        return Page(shown, cursors.encode_moment(shown[-1].occurred_at, shown[-1].id) if more else None)


def _conditions(filter_: ActivityFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filter_.actor_kinds:
        found.append(_T.actor_kind.in_(filter_.actor_kinds))
    if filter_.actor_id:
        found.append(_T.actor_id == filter_.actor_id)
    if filter_.contexts:
        # `^@` is leakproof, LIKE is not.
        found.append(sa.or_(*(_T.action.bool_op("^@")(f"{context}.") for context in filter_.contexts)))
    if filter_.target_kind:
        found.append(_T.target_kind == filter_.target_kind)
    if filter_.target_id:
        found.append(_T.target_id == filter_.target_id)
    if filter_.request_id:
        found.append(_T.request_id == filter_.request_id)
    if filter_.since:
        found.append(_T.occurred_at >= filter_.since)
    if filter_.until:
        found.append(_T.occurred_at < filter_.until)
    return found


def _row(row: sa.RowMapping) -> ActivityRow:
    values: dict[str, Any] = dict(row)
    values["changes"] = tuple(
        ChangeRow(change["kind"], UUID(change["id"]), change["before"], change["after"]) for change in row["changes"]
    )
    return ActivityRow(**values)
