"""Imports of the bound store: their findings, what of the catalogue they meet, and the writing of their products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.imports.lifecycle import ImportState
from core.imports.model import Import
from core.imports.planning import ProductPlan
from core.imports.problems import Problem
from core.imports.states import Catalogue, ExistingProduct, FieldChange
from ports.paging import Page, PageRequest


class ImportRepository(Protocol):
    """Imports of the bound store. A row is locked from `get` to the end of the transaction."""

    def add(self, import_: Import) -> None: ...

    def get(self, import_id: UUID) -> Import:
        """Raises NotFound."""
        ...

    def save(self, import_: Import) -> None:
        """Raises WriteConflict for a stale version."""
        ...

    def clear_findings(self, import_id: UUID) -> None:
        """Forget problems and changes of an earlier, unfinished check."""
        ...

    def add_problems(self, import_id: UUID, problems: Sequence[Problem], *, while_writing: bool) -> int:
        """Keep problems that are not kept yet. Returns how many rows are refused for the first time."""
        ...

    def add_changes(self, import_id: UUID, changes: Sequence[FieldChange]) -> None: ...

    def meet(self, handles: Sequence[str], skus: Sequence[str], *, lock: bool) -> Catalogue:
        """What the store has under these slugs and folded SKUs.

        With `lock` it stays so to the end of the transaction: stock items are locked first, in the order of their
        ids, then products.
        """
        ...

    def write(self, import_: Import, packed: PackedProducts) -> Sequence[ProductPlan]:
        """Write products set by set: rows, stock with its movements, pictures, and what shoppers are served of them.

        Returns the plans as they ended: one that the database refused is `undone`, nothing of it is written.
        """
        ...


class PackedProducts(Protocol):
    """Plans made ready for `ImportRepository.write`."""

    @property
    def plans(self) -> Sequence[ProductPlan]: ...


class ImportPacker(Protocol):
    """Makes plans ready to be written; it asks no database for it, so it may be done before the transaction begins."""

    def pack(self, import_id: UUID, plans: Sequence[ProductPlan], currency: str) -> PackedProducts:
        """`plans` of one import, with prices in `currency`. What is packed can be written once."""
        ...


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import in the list of imports."""

    id: UUID
    state: ImportState
    file_name: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    rows: int
    written: int
    refused: int


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem as it is listed; `while_writing` is False for what the check found."""

    line: int
    handle: str
    title: str
    column: str
    code: str
    value: str
    message: str
    repair: str | None
    while_writing: bool


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Problems of one import; `while_writing` None takes both kinds."""

    import_id: UUID
    while_writing: bool | None = None


class ImportQueries(Protocol):
    """What staff see of imports."""

    def page(self, page: PageRequest) -> Page[ImportRow]:
        """Imports, newest first. Raises Invalid for a cursor that is not one of ours."""
        ...

    def get(self, import_id: UUID) -> Import:
        """Raises NotFound."""
        ...

    def problems(self, filter_: ProblemFilter, page: PageRequest) -> Page[ProblemRow]:
        """Problems by line. Raises Invalid for a cursor that is not one of ours."""
        ...

    def changes(self, import_id: UUID) -> Sequence[FieldChange]:
        """The sample of changes that the check kept, by line."""
        ...

    def refused_rows(self, import_id: UUID) -> Sequence[tuple[str, ...]]:
        """The refused rows as they stood in the file, by line."""
        ...

    def products(self, ids: Sequence[UUID]) -> Sequence[ExistingProduct]:
        """The products with `ids`, in that order, as an import would meet them; unknown ids are left out."""
        ...
