"""An import: a file checked without writing, then applied row by row and resumable."""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
