"""Imports on PostgreSQL, the write side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres import import_meeting, import_writing
from adapters.postgres.import_packing import Packed
from adapters.postgres.import_rows import import_values, to_import
from adapters.postgres.session import Session
from adapters.postgres.stores import PostgresStores
from adapters.postgres.tables.imports import import_changes, import_problems, imports
from core.imports.model import Import
from core.imports.planning import ProductPlan
from core.imports.problems import Problem
from core.imports.states import Catalogue, FieldChange
from core.shared.errors import NotFound
from ports.imports import PackedProducts

_GET = sa.select(imports).where(imports.c.id == sa.bindparam("import_id")).with_for_update()
_PROBLEM = insert(import_problems).on_conflict_do_nothing().returning(import_problems.c.line)
_REFUSED_BEFORE = (
    sa.select(import_problems.c.line)
    .where(
        import_problems.c.import_id == sa.bindparam("import_id"),
        import_problems.c.line == sa.any_(sa.bindparam("lines", type_=sa.ARRAY(sa.Integer))),
    )
    .distinct()
)


class PostgresImports:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, dict[str, Any]] = {}

    def add(self, import_: Import) -> None:
        session = self._session
        values = import_values(import_)
        row = {"id": import_.id, "store_id": session.store_id, "version": import_.version, **values}
        session.write(sa.insert(imports).values(row))
        session.changed("import", import_.id, None, _told(values))
        self._finish(import_)

    def get(self, import_id: UUID) -> Import:
        row = self._session.row(_GET, {"import_id": import_id})
        if row is None:
            raise NotFound("There is no such import.")
        found = to_import(row)
        self._loaded[import_id] = import_values(found)
        return found

    def save(self, import_: Import) -> None:
        before, after = self._loaded[import_.id], import_values(import_)
        if before == after:
            return
        self._session.update_version(imports, import_.id, import_.version, after)
        import_.version += 1
        self._session.changed("import", import_.id, _told(before), _told(after))
        self._finish(import_)

    def clear_findings(self, import_id: UUID) -> None:
        for table in (import_problems, import_changes):
            self._session.write(sa.delete(table).where(table.c.import_id == import_id))

    def add_problems(self, import_id: UUID, problems: Sequence[Problem], *, while_writing: bool) -> int:
        if not problems:
            return 0
        session = self._session
        lines = {problem.line for problem in problems}
        asked = {"import_id": import_id, "lines": list(lines)}
        known = {row["line"] for row in session.rows(_REFUSED_BEFORE, asked)}
        session.write(
            _PROBLEM,
            [
                {
                    "id": session.ids.new(),
                    "store_id": session.store_id,
                    "import_id": import_id,
                    "line": problem.line,
                    "handle": problem.handle,
                    "title": problem.title,
                    "column": problem.column,
                    "code": problem.code,
                    "value": problem.value,
                    "message": problem.message,
                    "repair": problem.repair,
                    "while_writing": while_writing,
                    "cells": list(problem.cells) or None,
                }
                for problem in problems
            ],
        )
        return len(lines - known)

    def add_changes(self, import_id: UUID, changes: Sequence[FieldChange]) -> None:
        if not changes:
            return
        session = self._session
        session.write(
            sa.insert(import_changes),
            [
                {
                    "id": session.ids.new(),
                    "store_id": session.store_id,
                    "import_id": import_id,
                    "line": change.line,
                    "handle": change.handle,
                    "title": change.title,
                    "subject": change.subject,
                    "field": change.field,
                    "before": change.before,
                    "after": change.after,
                }
                for change in changes
            ],
        )

    def meet(self, handles: Sequence[str], skus: Sequence[str], *, lock: bool) -> Catalogue:
        return import_meeting.meet(self._session, handles, skus, lock=lock)

    def write(self, import_: Import, packed: PackedProducts) -> Sequence[ProductPlan]:
        if not isinstance(packed, Packed):
            raise TypeError(f"{type(packed).__name__} was not packed for this database")
        currency = PostgresStores(self._session).current().currency
        return import_writing.write(
            self._session, import_.id, import_.version + 1, packed, currency=currency, reason=import_.file_name
        )

    def _finish(self, import_: Import) -> None:
        self._session.emit(import_.events, import_.id, import_.version)
        import_.events.clear()
        self._loaded[import_.id] = import_values(import_)


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """What the activity log tells of an import: how far it is, not the file's columns."""
    return {name: values[name] for name in ("state", "file_name", "checkpoint", "applied", "failed", "failure")}
