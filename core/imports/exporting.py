"""CSV that we write: spreadsheets open it, so nothing in it may be taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.imports.merging import EXEMPT
from core.imports.shopify import NO_OPTION, NO_OPTION_VALUE, OPTION_NAMES, OPTION_VALUES, Column
from core.imports.states import ExistingProduct, ExistingVariant, ProductState
from core.shared.money import exponent

# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """`cell` with an apostrophe before what a spreadsheet would execute; our own import takes it off again."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file with commas and CRLF (RFC 4180), formulas neutralised."""
    return csv_lines([header, *rows])


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """`rows` as lines of such a file."""
    out = io.StringIO()
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()


# Shopify's columns that we have values for; pictures that were uploaded here have no address, so they stay out.
COLUMNS = tuple(column for column in Column if column not in (Column.WEIGHT, Column.VARIANT_IMAGE, Column.GIFT_CARD))
_STATUSES = {"published": "active", "draft": "draft", "archived": "archived"}

Cells = dict[Column, str]


def product_rows(product: ExistingProduct, currency: str) -> list[list[str]]:
    """`product` under COLUMNS as our own import reads it back: nothing would change."""
    pictures = [picture for picture in product.pictures if picture.url]
    rows: list[Cells] = []
    for at in range(max(len(product.variants), len(pictures))):
        cells: Cells = {Column.HANDLE: product.state.slug}
        if at < len(product.variants):
            cells |= _variant_cells(product.variants[at], currency)
        if at < len(pictures):
            picture = pictures[at]
            cells[Column.IMAGE], cells[Column.IMAGE_ALT] = picture.url or "", picture.alt
            cells[Column.IMAGE_POSITION] = str(at + 1)
        rows.append(cells)
    if rows:
        rows[0] |= _product_cells(product.state)
    return [[cells.get(column, "") for column in COLUMNS] for cells in rows]


def _product_cells(state: ProductState) -> Cells:
    names = state.option_names or (NO_OPTION,)
    return {
        Column.TITLE: state.title,
        Column.BODY: state.description_html,
        Column.VENDOR: state.vendor,
        Column.TYPE: state.product_type,
        Column.TAGS: ", ".join(state.tags),
        Column.PUBLISHED: _yes(state.status == "published"),
        Column.SEO_TITLE: state.seo_title,
        Column.SEO_DESCRIPTION: state.seo_description,
        Column.STATUS: _STATUSES[state.status],
        **dict(zip(OPTION_NAMES, names, strict=False)),
    }


def _variant_cells(variant: ExistingVariant, currency: str) -> Cells:
    state = variant.state
    return {
        **dict(zip(OPTION_VALUES, state.option_values or (NO_OPTION_VALUE,), strict=False)),
        Column.SKU: state.sku or "",
        Column.BARCODE: state.barcode or "",
        Column.GRAMS: str(state.grams),
        Column.WEIGHT_UNIT: "g",
        Column.TRACKER: "shopify" if state.tracked else "",
        Column.QUANTITY: str(variant.on_hand) if state.tracked else "",
        Column.POLICY: "deny",
        Column.PRICE: amount(state.price, currency),
        Column.COMPARE_AT: "" if state.compare_at is None else amount(state.compare_at, currency),
        Column.COST: "" if state.cost is None else amount(state.cost, currency),
        Column.REQUIRES_SHIPPING: _yes(state.requires_shipping),
        Column.TAXABLE: _yes(state.tax_category != EXEMPT),
    }


def _yes(value: bool) -> str:
    return "true" if value else "false"


def amount(minor: int, currency: str) -> str:
    """Minor units as a decimal with a point: "69.90"."""
    places = exponent(currency)
    if not places:
        return str(minor)
    whole, rest = divmod(minor, int(10**places))
    return f"{whole}.{rest:0{places}}"
