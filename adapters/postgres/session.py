"""One open transaction as repositories see it: statements in, and on the side the events, timeline and changes
that `unit_of_work` writes before the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.shared.context import CallContext
from core.shared.errors import CoreError, WriteConflict
from core.shared.events import Event
from core.shared.ids import StoreId
from ports.clock import Clock
from ports.ids import Ids

Row = Mapping[str, Any]


@dataclass(slots=True)
class Emitted:
    event: Event
    aggregate_id: UUID
    version: int


@dataclass(slots=True)
class Change:
    """One row's fields before and after, for the activity log."""

    kind: str
    id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(slots=True)
class Session:
    """Statements of one transaction, bound to one store.

    `errors` translates names of violated constraints into domain errors. `last` are the statements that run after
    everything else, because they lock what every transaction of the store needs (document numbers).
    """

    connection: sa.Connection
    context: CallContext
    clock: Clock
    ids: Ids
    wrote: bool = False
    emitted: list[Emitted] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, str] | None = None
    finishes_delivery: bool = False
    last: list[tuple[sa.Executable, Row]] = field(default_factory=list)

    @property
    def store_id(self) -> StoreId:
        if self.context.store_id is None:
            raise LookupError("this transaction is bound to no store")
        return self.context.store_id

    def now(self) -> datetime:
        return self.clock.now()

    def rows(self, statement: sa.Executable, parameters: Row | None = None) -> Sequence[sa.RowMapping]:
        return self.connection.execute(statement, parameters or {}).mappings().all()

    def row(self, statement: sa.Executable, parameters: Row | None = None) -> sa.RowMapping | None:
        return self.connection.execute(statement, parameters or {}).mappings().first()

    def write(
        self,
        statement: sa.Executable,
        parameters: Row | Sequence[Row] | None = None,
        *,
        errors: Mapping[str, CoreError] | None = None,
    ) -> sa.CursorResult[Any]:
        """Execute a statement that writes; the run will leave an activity row.

        Raises the error that `errors` gives for a violated constraint's name; any other violation passes through.
        """
        self.wrote = True
        try:
            return self.connection.execute(statement, parameters)
        except IntegrityError as violation:
            name = getattr(getattr(violation.orig, "diag", None), "constraint_name", None)
            if name is not None and errors and name in errors:
                raise errors[name] from violation
            raise

    def update_version(
        self,
        table: sa.Table,
        id_: UUID,
        version: int,
        values: Row,
        *,
        errors: Mapping[str, CoreError] | None = None,
    ) -> None:
        """Update one row from `version` to `version + 1`. Raises WriteConflict when somebody else was first."""
        statement = (
            sa.update(table).where(table.c.id == id_, table.c.version == version).values(**values, version=version + 1)
        )
        if self.write(statement, errors=errors).rowcount != 1:
            raise WriteConflict(f"{table.name} {id_} was changed meanwhile.")

    def emit(self, events: Sequence[Event], aggregate_id: UUID, version: int) -> None:
        self.emitted.extend(Emitted(event, aggregate_id, version) for event in events)

    def changed(self, kind: str, id_: UUID, before: Row | None, after: Row | None) -> None:
        """Tell the activity log what a save changed: only fields that differ are kept."""
        if before is not None and after is not None:
            fields = [key for key in after if before.get(key) != after[key]]
            if not fields:
                return
            before, after = {k: before.get(k) for k in fields}, {k: after[k] for k in fields}
        self.changes.append(Change(kind, id_, dict(before) if before else None, dict(after) if after else None))
