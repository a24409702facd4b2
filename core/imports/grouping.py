"""Rows to products: a product is the run of rows with one handle.

**What is refused together.** The first row of a product carries its name, text and options: when that row is
refused, so are the others of its product, because there is nothing left that they could belong to. Any other bad
row is refused alone and the rest of its product goes in. A handle that comes back after other products is an
error of the later rows: which of the two runs is meant can't be known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.imports.fields import PictureFields, ProductFields, Row, VariantFields
from core.imports.problems import BadValue, Problem, kept, shown
from core.imports.reading import CsvFile, Record
from core.imports.rows import RowReader
from core.imports.shopify import OPTION_NAMES, OPTION_VALUES, Column
from core.shared.words import folded

# The catalogue's own limit (`core.catalog.rules`); a test holds both equal.
MAX_VARIANTS = 250
MAX_PICTURES = 250
MAX_STRAYS = 1000
SAMPLED_ROWS = 100


@dataclass(slots=True)
class ProductRows:
    """One product of a file, or with no handle only bad rows that belong to none.

    `number` counts from 1, in the file's order. `kept` has the rows that are not refused, by line; `carried` are the
    places of cells that `whole` copies from the first one. `strays` are problems of rows before this product that
    belong to no product. `cleaned` says that its description was made harmless.
    """

    number: int
    handle: str
    line: int
    fields: ProductFields
    variants: list[VariantFields] = field(default_factory=list)
    pictures: list[PictureFields] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    strays: list[Problem] = field(default_factory=list)
    kept: dict[int, tuple[str, ...]] = field(default_factory=dict)
    combinations: dict[tuple[str, ...], int] = field(default_factory=dict)
    first_cells: tuple[str, ...] = ()
    carried: tuple[int, ...] = ()
    refused: bool = False
    cleaned: bool = False

    @property
    def name(self) -> str:
        return self.fields.title or self.handle

    def whole(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A row as it can be handed back alone: with the name and the option names of its product."""
        filled, first = list(cells), self.first_cells
        for at in self.carried:
            if at < min(len(filled), len(first)) and not filled[at].strip():
                filled[at] = first[at]
        return tuple(filled)


class ProductFile:
    """The products of a file in its order; `rows` counts records, blank ones not. `samples` has a value per column.

    Memory: one product, and for each product its handle and for each variant its SKU, to find what comes twice.
    """

    def __init__(self, file: CsvFile, currency: str) -> None:
        self.file = file
        self.header = file.header
        self.rows = 0
        self.samples: list[str] = [""] * file.header.width
        self._reader = RowReader(file.header, currency)
        places = map(file.header.position, (Column.TITLE, *OPTION_NAMES))
        self._carried = tuple(at for at in places if at >= 0)
        self._handles: set[str] = set()
        self._skus: dict[str, int] = {}
        self._number = 0
        self._open: ProductRows | None = None
        self._strays: list[Problem] = []

    def __iter__(self) -> Iterator[ProductRows]:
        for record in self.file.records():
            self.rows += 1
            if (done := self._take(record)) is not None:
                yield done
            if len(self._strays) >= MAX_STRAYS:
                if (done := self._close()) is not None:
                    yield done
                yield self._only_strays()
        if (done := self._close()) is not None:
            yield done
        if self._strays:
            yield self._only_strays()

    def _take(self, record: Record) -> ProductRows | None:
        """Add a record to what it belongs to; returns the product before it when that is complete now."""
        if self.rows <= SAMPLED_ROWS:
            self._sample(record)
        if record.fault is not None:
            self._strays.append(self._reader.problem(record.line, record.cells, record.fault, record.fault_column))
            return None
        opened = self._open
        row = self._reader.read(record.line, record.cells, after=opened.handle if opened else None)
        if not row.handle:
            self._strays += _with_cells(row.problems, row.cells)
            return None
        if opened is not None and row.handle == opened.handle:
            self._add(opened, row)
            return None
        done = self._close()
        if row.handle in self._handles:
            fault = BadValue("repeated_handle", "Its product already stands further up, after other products.")
            column = self.header.position(Column.HANDLE)
            self._strays.append(self._reader.problem(row.line, row.cells, fault, column))
        else:
            self._start(row)
        return done

    def _sample(self, record: Record) -> None:
        """Keep the first value of each column, to show what the column holds."""
        for at, cell in enumerate(record.cells[: len(self.samples)]):
            if cell and not self.samples[at]:
                self.samples[at] = shown(cell)

    def _close(self) -> ProductRows | None:
        done, self._open = self._open, None
        if done is not None:
            done.strays, self._strays = self._strays, []
        return done

    def _only_strays(self) -> ProductRows:
        self._number += 1
        strays, self._strays = self._strays, []
        return ProductRows(self._number, "", 0, ProductFields(), strays=strays, refused=True)

    def _start(self, row: Row) -> None:
        self._number += 1
        self._handles.add(row.handle)
        self._open = ProductRows(self._number, row.handle, row.line, row.product)
        self._open.first_cells, self._open.carried = row.cells, self._carried
        if row.variant is None and row.product.option_names:
            row.product.option_names = None  # names without values say nothing
        self._add(self._open, row)

    def _add(self, product: ProductRows, row: Row) -> None:
        problems = row.problems
        if row.variant is not None and not problems:
            problems = self._variant_problems(product, row, row.variant)
        if row.picture is not None and len(product.pictures) >= MAX_PICTURES:
            problems.append(self._fault(product, row, Column.IMAGE, "too_many", f"At most {MAX_PICTURES} pictures."))
        if problems:
            first = row.line == product.line
            product.refused = product.refused or first
            product.problems += _with_cells(_named(problems, product), product.whole(row.cells))
        elif product.refused:
            message = "The first row of its product is refused."
            fault = self._fault(product, row, Column.HANDLE, "product_refused", message)
            product.problems += _with_cells([fault], product.whole(row.cells))
        else:
            self._keep(product, row)

    def _keep(self, product: ProductRows, row: Row) -> None:
        product.kept[row.line] = row.cells
        if row.variant is not None:
            product.variants.append(row.variant)
            product.combinations[tuple(map(folded, row.variant.option_values))] = row.line
            if row.variant.sku:
                self._skus.setdefault(folded(row.variant.sku), row.line)
        if row.picture is None and row.extra_picture is None:
            return
        known = {picture.url for picture in product.pictures}
        if row.picture is not None and row.picture.url not in known:
            product.pictures.append(row.picture)
            known.add(row.picture.url)
        if row.extra_picture is not None and row.extra_picture not in known and len(known) < MAX_PICTURES:
            product.pictures.append(PictureFields(row.line, row.extra_picture, None, None))

    def _variant_problems(self, product: ProductRows, row: Row, variant: VariantFields) -> list[Problem]:
        names = product.fields.option_names
        expected = len(names) if names is not None else len(variant.option_values)
        found = len(variant.option_values)
        if found > expected:
            nameless = OPTION_NAMES[expected]
            return [self._fault(product, row, nameless, "option_without_name", "The value's option has no name.")]
        if found < expected or "" in variant.option_values:
            at = next((i for i, v in enumerate(variant.option_values) if not v), found)
            empty = OPTION_VALUES[at]
            return [self._fault(product, row, empty, "missing_option", "A variant needs a value for each option.")]
        twin = product.combinations.get(tuple(map(folded, variant.option_values)))
        if twin is not None:
            return [self._fault(product, row, OPTION_VALUES[0], "repeated_options", f"Same options as line {twin}.")]
        if len(product.variants) >= MAX_VARIANTS:
            return [self._fault(product, row, Column.HANDLE, "too_many", f"At most {MAX_VARIANTS} variants.")]
        other = self._skus.get(folded(variant.sku)) if variant.sku else None
        if other is not None:
            return [self._fault(product, row, Column.SKU, "repeated_sku", f"Same SKU as line {other}.")]
        return []

    def _fault(self, product: ProductRows, row: Row, column: Column, code: str, message: str) -> Problem:
        at = self.header.position(column)
        name = self.header.names[at] if at >= 0 else column.value
        value = shown(row.cells[at]) if 0 <= at < len(row.cells) else ""
        return Problem(row.line, name, code, message, value, None, product.handle, product.name)


def _named(problems: list[Problem], product: ProductRows) -> list[Problem]:
    return [dataclasses.replace(problem, title=product.name) for problem in problems]


def _with_cells(problems: list[Problem], cells: tuple[str, ...]) -> list[Problem]:
    """The row itself stands with the first of its problems."""
    return [dataclasses.replace(problems[0], cells=kept(cells)), *problems[1:]] if problems else []
