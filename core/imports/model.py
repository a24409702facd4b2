"""An import: a file that is checked without writing anything, then applied product by product, resumable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.imports.errors import NothingToApply
from core.imports.events import ImportConfirmed, ImportFinished, ImportStarted
from core.imports.lifecycle import IMPORT_LIFECYCLE, ImportStep
from core.imports.lifecycle import ImportState as ImportState
from core.imports.tally import Tally
from core.shared.events import Event
from core.shared.ids import ImportId

PRODUCTS = "products"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is written: its characters and what stands between cells."""

    encoding: str
    separator: str


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: its name, the first value that it has, and what we read it as (None: ignored)."""

    name: str
    sample: str
    meaning: str | None


@dataclass(slots=True, kw_only=True)
class Import:
    """One file on its way into the catalogue.

    `file_key` names the file in the blob store. `checked` is what the check foresaw, `applied` what was written;
    `failed` counts rows that the check let through and writing refused. `checkpoint` is the number of the last
    product that is done with, counted in the file from 1. `failure` says why the file can't be read at all.
    """

    id: ImportId
    state: ImportState
    file_name: str
    file_key: str
    file_bytes: int
    created_by: str
    created_at: datetime
    kind: str = PRODUCTS
    dialect: Dialect | None = None
    columns: tuple[FileColumn, ...] = ()
    checked: Tally = field(default_factory=Tally)
    applied: Tally = field(default_factory=Tally)
    failed: int = 0
    checkpoint: int = 0
    failure: str | None = None
    checked_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 0
    events: list[Event] = field(default_factory=list)

    def announce(self) -> None:
        """Ask for the check to be made by a job."""
        self.events.append(ImportStarted(self.id))

    def finish_check(self, dialect: Dialect, columns: tuple[FileColumn, ...], figures: Tally, at: datetime) -> None:
        """Keep what the check found. Raises TransitionRefused."""
        self._move(ImportStep.FINISH_CHECK)
        self.dialect, self.columns, self.checked, self.checked_at = dialect, columns, figures, at

    def fail(self, dialect: Dialect, columns: tuple[FileColumn, ...], failure: str, at: datetime) -> None:
        """The file as a whole can't be imported. Raises TransitionRefused."""
        self._move(ImportStep.FAIL)
        self.dialect, self.columns, self.failure, self.finished_at = dialect, columns, failure, at

    def confirm(self, at: datetime, *, in_background: bool) -> None:
        """Start applying, or go on after a stop. Raises TransitionRefused, NothingToApply."""
        if not self.checked.writes or (self.state is ImportState.CANCELLED and self.started_at is None):
            raise NothingToApply()
        self._move(ImportStep.CONFIRM)
        self.started_at = self.started_at or at
        self.finished_at = None
        if in_background:
            self.events.append(ImportConfirmed(self.id))

    def advance(self, checkpoint: int, figures: Tally, failed: int) -> None:
        """A chunk of products, the last of which is number `checkpoint`, is done with."""
        self.checkpoint = checkpoint
        self.applied.add(figures)
        self.failed += failed

    def cancel(self, at: datetime) -> None:
        """Stop after the chunk that is being written; what is written stays. Raises TransitionRefused."""
        self._move(ImportStep.CANCEL)
        self.finished_at = at

    def finish(self, at: datetime) -> None:
        """Everything is done with. Raises TransitionRefused."""
        self._move(ImportStep.FINISH)
        self.finished_at = at
        done = self.applied
        self.events.append(ImportFinished(self.id, done.products_created, done.products_changed, done.rows_refused))

    def _move(self, step: ImportStep) -> None:
        self.state = IMPORT_LIFECYCLE.after(self.state, step)
