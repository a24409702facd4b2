"""One row of a product file as values, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TypeVar

from core.imports import values
from core.imports.fields import PictureFields, ProductFields, Row, VariantFields
from core.imports.problems import BadValue, Problem, kept, shown
from core.imports.shopify import (
    NO_OPTION,
    NO_OPTION_VALUE,
    OPTION_NAMES,
    OPTION_VALUES,
    Column,
    Header,
)
from core.imports.words import folded, remembered
from core.shared.text import fold, slugify

T = TypeVar("T")

# The catalogue's own limits (`core.catalog.rules`), told here with the line; a test holds both equal.
MAX_TEXT = 255
MAX_SKU = 64
MAX_SEO_DESCRIPTION = 500
_LIMITS = {
    Column.TITLE: MAX_TEXT,
    Column.VENDOR: MAX_TEXT,
    Column.TYPE: MAX_TEXT,
    Column.SEO_TITLE: MAX_TEXT,
    Column.SEO_DESCRIPTION: MAX_SEO_DESCRIPTION,
    Column.SKU: MAX_SKU,
    Column.BARCODE: MAX_TEXT,
    Column.IMAGE_ALT: MAX_SEO_DESCRIPTION,
}
_NO_VALUE = fold(NO_OPTION_VALUE)
_NO_NAME = frozenset({"", fold(NO_OPTION)})
_NAMED = (*OPTION_VALUES, Column.SKU, Column.PRICE)
_STATUSES = {"active": "published", "published": "published", "draft": "draft", "archived": "archived"}
_POLICIES = {"deny": False, "continue": True}
_SAYS_NOTHING = ProductFields()

_slug = remembered(slugify)
_yes_or_no = remembered(values.yes_or_no)
_quantity = remembered(values.quantity)
_weight = remembered(values.grams)


class RowReader:
    """Reads rows under one header, prices in one currency."""

    def __init__(self, header: Header, currency: str) -> None:
        self._header = header
        self._read_price = remembered(lambda text: values.price(text, currency))
        self._at = {column: header.position(column) for column in Column}
        present = [(column, at) for column, at in self._at.items() if at >= 0]
        self._columns = [column for column, _ in present]
        indices = [at for _, at in present]
        # The narrowest row that has all of our columns. A getter of one column would give a text and no tuple.
        self._reach = max(indices, default=-1) + 1
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] = (
            itemgetter(*indices) if len(indices) > 1 else lambda cells: tuple(cells[at] for at in indices)
        )
        self._texts: dict[Column, str] = {}
        self._cells: tuple[str, ...] = ()
        self._problems: list[Problem] = []
        self._line = 0
        self._handle = ""

    def read(self, line: int, cells: tuple[str, ...], *, first_of: Callable[[str], bool]) -> Row:
        """The row at `line`; `first_of(handle)` says whether it begins a product."""
        self._line, self._cells, self._problems = line, cells, []
        wide = cells if len(cells) >= self._reach else (*cells, *[""] * (self._reach - len(cells)))
        self._texts = dict(zip(self._columns, map(str.strip, self._pick(wide)), strict=True))
        self._handle = _slug(self._text(Column.HANDLE))
        self._check_shape()
        first = first_of(self._handle)
        product = self._product() if first else _SAYS_NOTHING
        variant = self._variant()
        return Row(
            line, cells, self._handle, product, variant, self._picture(),
            self._value(Column.VARIANT_IMAGE, values.web_address), self._problems,
        )  # fmt: skip

    def problem(self, line: int, cells: tuple[str, ...], fault: BadValue, index: int = -1) -> Problem:
        """A problem of a whole record, or of its cell at `index`."""
        names = self._header.names
        column = names[index] if 0 <= index < len(names) else ""
        at = self._at[Column.HANDLE]
        handle = slugify(cells[at]) if 0 <= at < len(cells) and len(cells[at]) <= MAX_TEXT else ""
        value = shown(cells[index]) if 0 <= index < len(cells) else ""
        return Problem(line, column, fault.code, fault.message, value, fault.repair, handle, handle, kept(cells))

    def _text(self, column: Column) -> str:
        return self._texts.get(column, "")

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

    def _value(self, column: Column, read: Callable[[str], T]) -> T | None:
        text = self._texts.get(column)
        if not text:
            return None
        try:
            return read(text)
        except BadValue as fault:
            self._refuse(column, fault)
            return None

    def _limited(self, column: Column) -> str | None:
        text = self._texts.get(column)
        if not text:
            return None
        if len(text) > _LIMITS[column]:
            self._refuse(column, BadValue("too_long", f"At most {_LIMITS[column]} characters."))
            return None
        return text

    def _check_shape(self) -> None:
        width = self._header.width
        if len(self._cells) == width and self._handle and len(self._handle) <= MAX_TEXT:
            return
        if len(self._cells) < width:
            self._refuse(Column.HANDLE, BadValue("too_few_cells", f"The row has {len(self._cells)} of {width} cells."))
        elif any(cell.strip() for cell in self._cells[width:]):
            self._refuse(
                Column.HANDLE, BadValue("too_many_cells", f"The row has {len(self._cells)} cells for {width} columns.")
            )
        written = self._text(Column.HANDLE)
        if not self._handle:
            repair = slugify(self._text(Column.TITLE)) or None
            code = "bad_handle" if written else "missing_handle"
            self._refuse(Column.HANDLE, BadValue(code, "A row needs the handle of its product.", repair))
        elif len(self._handle) > MAX_TEXT:
            self._refuse(Column.HANDLE, BadValue("too_long", f"At most {MAX_TEXT} characters."))

    def _product(self) -> ProductFields:
        return ProductFields(
            title=self._limited(Column.TITLE),
            description_html=self._text(Column.BODY) or None,
            vendor=self._limited(Column.VENDOR),
            product_type=self._limited(Column.TYPE),
            tags=self._value(Column.TAGS, _read_tags),
            status=self._status(),
            option_names=self._option_names(),
            seo_title=self._limited(Column.SEO_TITLE),
            seo_description=self._limited(Column.SEO_DESCRIPTION),
        )

    def _status(self) -> str | None:
        published = self._value(Column.PUBLISHED, _yes_or_no)
        status = self._value(Column.STATUS, _status)
        if status == "archived" or published is None:
            return status
        return "published" if published and status in (None, "published") else "draft"

    def _option_names(self) -> tuple[str, ...] | None:
        names = [self._text(column) for column in OPTION_NAMES]
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
        only_value = folded(self._text(Column.OPTION1_VALUE))
        return only_value == _NO_VALUE and folded(names[0]) in _NO_NAME and not any(names[1:])

    def _option_values(self) -> tuple[str, ...]:
        written = [self._text(column) for column in OPTION_VALUES]
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
        if not any(self._texts.get(column) for column in _NAMED):
            return None
        gift = self._value(Column.GIFT_CARD, _yes_or_no)
        if gift:
            self._refuse(Column.GIFT_CARD, BadValue("gift_card", "Gift cards are not sold here."))
        variant = VariantFields(
            line=self._line,
            option_values=self._option_values(),
            sku=self._limited(Column.SKU),
            barcode=self._limited(Column.BARCODE),
            price=self._price(Column.PRICE),
            compare_at=self._price(Column.COMPARE_AT),
            cost=self._price(Column.COST),
            grams=self._grams(),
            tracked=self._tracked(),
            quantity=None,
            sells_on=bool(self._value(Column.POLICY, _read_policy)),
            requires_shipping=self._value(Column.REQUIRES_SHIPPING, _yes_or_no),
            taxable=self._value(Column.TAXABLE, _yes_or_no),
        )
        if variant.tracked is not False:
            variant.quantity = self._value(Column.QUANTITY, _quantity)
        self._check_reduction(variant)
        return variant

    def _price(self, column: Column) -> int | None:
        return self._value(column, self._read_price)

    def _grams(self) -> int | None:
        # Grams are grams: the unit beside them only says how Shopify shows them.
        if self._text(Column.GRAMS):
            return self._value(Column.GRAMS, _weight)
        unit = self._text(Column.WEIGHT_UNIT)
        return self._value(Column.WEIGHT, lambda text: values.grams(text, unit))

    def _tracked(self) -> bool | None:
        """Whether stock is counted: any tracker counts, an empty cell says that nobody does."""
        if self._at[Column.TRACKER] < 0:
            return None
        tracker = self._text(Column.TRACKER).lower()
        return tracker not in ("", "false", "no", "not tracked")

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
        url = self._value(Column.IMAGE, values.web_address)
        position = self._value(Column.IMAGE_POSITION, _quantity)
        if url is None:
            return None
        return PictureFields(self._line, url, self._limited(Column.IMAGE_ALT), position)


def _tags(text: str) -> tuple[str, ...]:
    kept_tags: dict[str, str] = {}
    for tag in text.split(","):
        if len(tag) > MAX_TEXT:
            raise BadValue("too_long", f"A tag has at most {MAX_TEXT} characters.")
        kept_tags.setdefault(fold(tag), tag.strip())
    kept_tags.pop("", None)
    return tuple(kept_tags.values())


def _status(text: str) -> str:
    try:
        return _STATUSES[text.lower()]
    except KeyError:
        raise BadValue("unknown_status", "A status is active, draft or archived.") from None


def _policy(text: str) -> bool:
    word = text.lower()
    if word in _POLICIES:
        return _POLICIES[word]
    return values.yes_or_no(text)


_read_tags = remembered(_tags)
_read_policy = remembered(_policy)
