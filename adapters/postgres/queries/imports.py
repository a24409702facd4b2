"""What staff see of imports, each answer one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from adapters.postgres import cursors, import_meeting
from adapters.postgres.import_rows import to_import
from adapters.postgres.reading import Reader
from adapters.postgres.tables.imports import import_changes, import_problems, imports
from core.imports.lifecycle import ImportState
from core.imports.model import Import
from core.imports.states import ExistingProduct, FieldChange
from core.imports.tally import Tally
from core.shared.errors import FieldProblem, Invalid, NotFound
from ports.imports import ImportRow, ProblemFilter, ProblemRow
from ports.paging import Page, PageRequest

_ONE = sa.select(imports).where(imports.c.id == sa.bindparam("import_id"))
_PAGE = sa.select(imports).order_by(imports.c.created_at.desc(), imports.c.id.desc())
_PROBLEMS = (
    sa.select(import_problems)
    .where(import_problems.c.import_id == sa.bindparam("import_id"))
    .order_by(import_problems.c.line, import_problems.c.column, import_problems.c.code)
)
_CHANGES = (
    sa.select(import_changes)
    .where(import_changes.c.import_id == sa.bindparam("import_id"))
    .order_by(import_changes.c.line, import_changes.c.id)
)
_CELLS = (
    sa.select(import_problems.c.cells)
    .where(import_problems.c.import_id == sa.bindparam("import_id"), import_problems.c.cells.is_not(None))
    .order_by(import_problems.c.line, import_problems.c.while_writing)
    .ext(distinct_on(import_problems.c.line))
)


class PostgresImportQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def page(self, page: PageRequest) -> Page[ImportRow]:
        statement = _PAGE.limit(page.limit + 1)
        if page.cursor is not None:
            at, id_ = _instant_and_id(page.cursor)
            statement = statement.where(sa.tuple_(imports.c.created_at, imports.c.id) < sa.tuple_(at, id_))
        rows = self._reader.rows(statement)
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        cursor = cursors.encode(shown[-1]["created_at"].isoformat(), str(shown[-1]["id"])) if more else None
        return Page([_to_row(row) for row in shown], cursor)

    def get(self, import_id: UUID) -> Import:
        row = self._reader.row(_ONE, {"import_id": import_id})
        if row is None:
            raise NotFound("There is no such import.")
        return to_import(row)

    def problems(self, filter_: ProblemFilter, page: PageRequest) -> Page[ProblemRow]:
        statement = _PROBLEMS.limit(page.limit + 1)
        if filter_.while_writing is not None:
            statement = statement.where(import_problems.c.while_writing == filter_.while_writing)
        if page.cursor is not None:
            key = cursors.decode(page.cursor, int, str, str)
            columns = (import_problems.c.line, import_problems.c.column, import_problems.c.code)
            statement = statement.where(sa.tuple_(*columns) > sa.tuple_(*key))
        rows = self._reader.rows(statement, {"import_id": filter_.import_id})
        shown = rows[: page.limit]
        last = shown[-1] if len(rows) > page.limit else None
        cursor = cursors.encode(last["line"], last["column"], last["code"]) if last else None
        names = ProblemRow.__dataclass_fields__
        return Page([ProblemRow(**{name: row[name] for name in names}) for row in shown], cursor)

    def changes(self, import_id: UUID) -> Sequence[FieldChange]:
        names = FieldChange.__dataclass_fields__
        rows = self._reader.rows(_CHANGES, {"import_id": import_id})
        return [FieldChange(**{name: row[name] for name in names}) for row in rows]

    def refused_rows(self, import_id: UUID) -> Sequence[tuple[str, ...]]:
        return [tuple(row["cells"]) for row in self._reader.rows(_CELLS, {"import_id": import_id})]

    def products(self, ids: Sequence[UUID]) -> Sequence[ExistingProduct]:
        found = import_meeting.by_id(self._reader.rows, ids)
        return [found[id_] for id_ in ids if id_ in found]


def _to_row(row: sa.RowMapping) -> ImportRow:
    checked, applied = Tally.of(row["checked"]), Tally.of(row["applied"])
    return ImportRow(
        id=row["id"],
        state=ImportState(row["state"]),
        file_name=row["file_name"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        rows=checked.rows,
        written=applied.writes,
        refused=checked.rows_refused + row["failed"],
    )


def _instant_and_id(cursor: str) -> tuple[datetime, UUID]:
    at, id_ = cursors.decode(cursor, str, str)
    try:
        return datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        raise Invalid(
            "The cursor is not one of ours.",
            problems=(FieldProblem("cursor", "malformed", "Take it from `next` of an earlier page."),),
        ) from None
