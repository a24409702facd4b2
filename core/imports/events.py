"""What happened to an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import ImportId, ProductId


@dataclass(frozen=True, slots=True)
class ImportEvent(Event):
    """Base: every one of them names the import."""

    aggregate: ClassVar[str] = "import"

    import_id: ImportId


@dataclass(frozen=True, slots=True)
class ImportStarted(ImportEvent):
    """A file was handed in and waits to be checked."""

    name: ClassVar[str] = "imports.import_started.v1"


@dataclass(frozen=True, slots=True)
class ImportConfirmed(ImportEvent):
    """Somebody has seen the check and wants the file applied."""

    name: ClassVar[str] = "imports.import_confirmed.v1"


@dataclass(frozen=True, slots=True)
class ImportFinished(ImportEvent):
    """Every product of the file was written or refused."""

    name: ClassVar[str] = "imports.import_finished.v1"

    products_created: int
    products_changed: int
    rows_refused: int


@dataclass(frozen=True, slots=True)
class ProductsImported(ImportEvent):
    """Products of one chunk were written; those that went on sale or off it are named again.

    One event for all of them: a large file would otherwise write more events than products have fields.
    """

    name: ClassVar[str] = "imports.products_imported.v1"

    created: tuple[ProductId, ...]
    changed: tuple[ProductId, ...]
    published: tuple[ProductId, ...]
    withdrawn: tuple[ProductId, ...]
