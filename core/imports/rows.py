"""One row of a product file as values, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any

from core.imports import values
from core.imports.cells import MAX_TEXT, readers
from core.imports.fields import PictureFields, ProductFields, Row, VariantFields
from core.imports.problems import BadValue, Problem, kept, shown
from core.imports.shopify import NO_OPTION, NO_OPTION_VALUE, OPTION_NAMES, OPTION_VALUES, Column, Header
from core.shared.text import fold, slugify
from core.shared.words import folded

_NO_VALUE = fold(NO_OPTION_VALUE)
_NO_NAME = frozenset({"", fold(NO_OPTION)})
_NAMED = frozenset({*OPTION_VALUES, Column.SKU, Column.PRICE})
_SAYS_NOTHING = ProductFields()


class RowReader:
    """Reads rows under one header, prices in one currency."""

    def __init__(self, header: Header, currency: str) -> None:
        self._header = header
        self._at = {column: header.position(column) for column in Column}
        read = readers(currency)
        present = [(column, at) for column, at in self._at.items() if at >= 0]
        self._readers = [(column, read[column]) for column, _ in present]
        indices = [at for _, at in present]
        # The narrowest row that has all of our columns. A getter of one column would give a text and no tuple.
        self._reach = max(indices, default=-1) + 1
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] = (
            itemgetter(*indices) if len(indices) > 1 else lambda cells: tuple(cells[at] for at in indices)
        )
        self._said: dict[Column, Any] = {}
        self._faults: dict[Column, BadValue] = {}
        self._value: Callable[[Column], Any] = self._said.get
        self._cells: tuple[str, ...] = ()
        self._problems: list[Problem] = []
        self._line = 0
        self._handle = ""

    def read(self, line: int, cells: tuple[str, ...], *, after: str | None) -> Row:
        """The row at `line`; it begins a product unless it has the handle of the one before, `after`."""
        self._line, self._cells, self._problems = line, cells, []
        self._read_cells(cells if len(cells) >= self._reach else (*cells, *[""] * (self._reach - len(cells))))
        self._handle = handle = self._said.get(Column.HANDLE, "")
        if not handle or len(handle) > MAX_TEXT or len(cells) != self._header.width:
            self._check_shape()
        product = _SAYS_NOTHING if handle == after else self._product()
        variant = self._variant()
        return Row(
            line, cells, handle, product, variant, self._picture(), self._value(Column.VARIANT_IMAGE), self._problems
        )

    def _read_cells(self, cells: tuple[str, ...]) -> None:
        """Read the cells that say something; a fault counts only when the value is asked for."""
        said: dict[Column, Any] = {}
        faults: dict[Column, BadValue] = {}
        written = self._pick(cells)
        for (column, read), cell in zip(compress(self._readers, written), filter(None, written), strict=True):
            try:
                if (value := read(cell)) is not None:
                    said[column] = value
            except BadValue as fault:
                faults[column] = fault
        self._said, self._faults = said, faults
        self._value = self._value_or_fault if faults else said.get

    def problem(self, line: int, cells: tuple[str, ...], fault: BadValue, index: int = -1) -> Problem:
        """A problem of a whole record, or of its cell at `index`."""
        names = self._header.names
        column = names[index] if 0 <= index < len(names) else ""
        at = self._at[Column.HANDLE]
        handle = slugify(cells[at]) if 0 <= at < len(cells) and len(cells[at]) <= MAX_TEXT else ""
        value = shown(cells[index]) if 0 <= index < len(cells) else ""
        return Problem(line, column, fault.code, fault.message, value, fault.repair, handle, handle, kept(cells))

    def _text(self, column: Column) -> str:
        """The cell as written, without blanks around it."""
        at = self._at[column]
        return self._cells[at].strip() if 0 <= at < len(self._cells) else ""

    def _refuse(self, column: Column, fault: BadValue) -> None:
        at = self._at[column]
        name = self._header.names[at] if at >= 0 else column.value
        repair = None if fault.repair is None else shown(fault.repair)
        self._problems.append(
            Problem(
                self._line, name, fault.code, fault.message, shown(self._text(column)), repair, self._handle,
                shown(self._text(Column.TITLE)) or self._handle,
            )
        )  # fmt: skip

    def _value_or_fault(self, column: Column) -> Any:
        """What the cell says; None when it is empty, and when it is refused."""
        if column in self._faults:
            self._refuse(column, self._faults[column])
        return self._said.get(column)

    def _check_shape(self) -> None:
        width = self._header.width
        if len(self._cells) < width:
            self._refuse(Column.HANDLE, BadValue("too_few_cells", f"The row has {len(self._cells)} of {width} cells."))
        elif any(cell.strip() for cell in self._cells[width:]):
            self._refuse(
                Column.HANDLE, BadValue("too_many_cells", f"The row has {len(self._cells)} cells for {width} columns.")
            )
        if not self._handle:
            repair = slugify(self._text(Column.TITLE)) or None
            code = "bad_handle" if self._text(Column.HANDLE) else "missing_handle"
            self._refuse(Column.HANDLE, BadValue(code, "A row needs the handle of its product.", repair))
        elif len(self._handle) > MAX_TEXT:
            self._refuse(Column.HANDLE, BadValue("too_long", f"At most {MAX_TEXT} characters."))

    def _product(self) -> ProductFields:
        return ProductFields(
            title=self._value(Column.TITLE),
            description_html=self._said.get(Column.BODY),
            vendor=self._value(Column.VENDOR),
            product_type=self._value(Column.TYPE),
            tags=self._value(Column.TAGS),
            status=self._status(),
            option_names=self._option_names(),
            seo_title=self._value(Column.SEO_TITLE),
            seo_description=self._value(Column.SEO_DESCRIPTION),
        )

    def _status(self) -> str | None:
        published: bool | None = self._value(Column.PUBLISHED)
        status: str | None = self._value(Column.STATUS)
        if status == "archived" or published is None:
            return status
        return "published" if published and status in (None, "published") else "draft"

    def _option_names(self) -> tuple[str, ...] | None:
        names: list[str] = [self._said.get(column, "") for column in OPTION_NAMES]
        if self._has_no_options(names):
            return ()
        if not any(names):
            return None
        while names and not names[-1]:
            names.pop()
        for column, name in zip(OPTION_NAMES, names, strict=False):
            if not name or len(name) > MAX_TEXT or sum(fold(name) == fold(other) for other in names) > 1:
                self._refuse(column, BadValue("bad_option_name", "Each option has a name of its own."))
                break
        return tuple(names)

    def _has_no_options(self, names: list[str]) -> bool:
        only_value = folded(self._said.get(Column.OPTION1_VALUE, ""))
        return only_value == _NO_VALUE and folded(names[0]) in _NO_NAME and not any(names[1:])

    def _option_values(self) -> tuple[str, ...]:
        written: list[str] = [self._said.get(column, "") for column in OPTION_VALUES]
        if folded(written[0]) == _NO_VALUE and not any(written[1:]):
            return ()
        while written and not written[-1]:
            written.pop()
        for column, value in zip(OPTION_VALUES, written, strict=False):
            if len(value) > MAX_TEXT:
                self._refuse(column, BadValue("too_long", f"At most {MAX_TEXT} characters."))
        return tuple(written)

    def _variant(self) -> VariantFields | None:
        """The row's variant; None for a row that has only a picture, or only words about the product."""
        if _NAMED.isdisjoint(self._said) and _NAMED.isdisjoint(self._faults):
            return None
        value = self._value
        if value(Column.GIFT_CARD):
            self._refuse(Column.GIFT_CARD, BadValue("gift_card", "Gift cards are not sold here."))
        variant = VariantFields(
            line=self._line,
            option_values=self._option_values(),
            sku=value(Column.SKU),
            barcode=value(Column.BARCODE),
            price=value(Column.PRICE),
            compare_at=value(Column.COMPARE_AT),
            cost=value(Column.COST),
            grams=self._grams(),
            tracked=self._tracked(),
            sells_on=bool(value(Column.POLICY)),
            requires_shipping=value(Column.REQUIRES_SHIPPING),
            taxable=value(Column.TAXABLE),
        )
        if variant.tracked is not False:
            variant.quantity = value(Column.QUANTITY)
        if variant.compare_at is not None:
            self._check_reduction(variant)
        return variant

    def _grams(self) -> int | None:
        # Grams are grams: the unit beside them only says how Shopify shows them.
        if Column.WEIGHT not in self._said or Column.GRAMS in self._said or Column.GRAMS in self._faults:
            grams: int | None = self._value(Column.GRAMS)
            return grams
        try:
            return values.grams(self._said[Column.WEIGHT], self._said.get(Column.WEIGHT_UNIT, ""))
        except BadValue as fault:
            self._refuse(Column.WEIGHT, fault)
            return None

    def _tracked(self) -> bool | None:
        """Whether stock is counted: an empty cell says that nobody does, a file without the column nothing."""
        if self._at[Column.TRACKER] < 0:
            return None
        return bool(self._said.get(Column.TRACKER))

    def _check_reduction(self, variant: VariantFields) -> None:
        if variant.price is None or variant.compare_at is None or variant.compare_at > variant.price:
            return
        if variant.compare_at < variant.price:
            self._refuse(
                Column.COMPARE_AT,
                BadValue("compare_at_below_price", f"Below the price, {shown(self._text(Column.PRICE))}."),
            )
        variant.compare_at = None

    def _picture(self) -> PictureFields | None:
        url: str | None = self._value(Column.IMAGE)
        position: int | None = self._value(Column.IMAGE_POSITION)
        if url is None:
            return None
        return PictureFields(self._line, url, self._value(Column.IMAGE_ALT), position)
