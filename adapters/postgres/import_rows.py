"""Imports between rows and model."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from core.imports.lifecycle import ImportState
from core.imports.model import Dialect, FileColumn, Import
from core.imports.tally import Tally
from core.shared.ids import ImportId

_KEPT = (
    "kind", "file_name", "file_key", "file_bytes", "failed", "checkpoint", "failure", "created_by", "created_at",
    "checked_at", "started_at", "finished_at",
)  # fmt: skip


def to_import(row: sa.RowMapping) -> Import:
    return Import(
        id=ImportId(row["id"]),
        state=ImportState(row["state"]),
        dialect=None if row["dialect"] is None else Dialect(**row["dialect"]),
        columns=tuple(FileColumn(**column) for column in row["columns"]),
        checked=Tally.of(row["checked"]),
        applied=Tally.of(row["applied"]),
        version=row["version"],
        **{name: row[name] for name in _KEPT},
    )


def import_values(import_: Import) -> dict[str, Any]:
    """The row of an import without id, store and version."""
    return {
        "state": import_.state,
        "dialect": None if import_.dialect is None else asdict(import_.dialect),
        "columns": [asdict(column) for column in import_.columns],
        "checked": import_.checked.document(),
        "applied": import_.applied.document(),
        **{name: getattr(import_, name) for name in _KEPT},
    }
