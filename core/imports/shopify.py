"""The columns of Shopify's product CSV, in its older and its newer spelling.

Source: https://help.shopify.com/en/manual/products/import-export/using-csv (sample files of 2018 and of 2025).
Names are compared without case, accents and repeated spaces. What is not known is ignored and listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.shared.text import fold


class Column(StrEnum):
    """What we read, by the name that Shopify's exports had for longest; also the order in which we export."""

    __hash__ = str.__hash__  # an enumeration's own is written in Python, and this one is looked up for every cell

    HANDLE = "Handle"
    TITLE = "Title"
    BODY = "Body (HTML)"
    VENDOR = "Vendor"
    TYPE = "Type"
    TAGS = "Tags"
    PUBLISHED = "Published"
    OPTION1_NAME = "Option1 Name"
    OPTION1_VALUE = "Option1 Value"
    OPTION2_NAME = "Option2 Name"
    OPTION2_VALUE = "Option2 Value"
    OPTION3_NAME = "Option3 Name"
    OPTION3_VALUE = "Option3 Value"
    SKU = "Variant SKU"
    GRAMS = "Variant Grams"
    WEIGHT = "Variant Weight"
    WEIGHT_UNIT = "Variant Weight Unit"
    TRACKER = "Variant Inventory Tracker"
    QUANTITY = "Variant Inventory Qty"
    POLICY = "Variant Inventory Policy"
    PRICE = "Variant Price"
    COMPARE_AT = "Variant Compare At Price"
    COST = "Cost per item"
    REQUIRES_SHIPPING = "Variant Requires Shipping"
    TAXABLE = "Variant Taxable"
    BARCODE = "Variant Barcode"
    IMAGE = "Image Src"
    IMAGE_POSITION = "Image Position"
    IMAGE_ALT = "Image Alt Text"
    VARIANT_IMAGE = "Variant Image"
    GIFT_CARD = "Gift Card"
    SEO_TITLE = "SEO Title"
    SEO_DESCRIPTION = "SEO Description"
    STATUS = "Status"


REQUIRED = (Column.HANDLE, Column.TITLE, Column.PRICE)

OPTION_NAMES = (Column.OPTION1_NAME, Column.OPTION2_NAME, Column.OPTION3_NAME)
OPTION_VALUES = (Column.OPTION1_VALUE, Column.OPTION2_VALUE, Column.OPTION3_VALUE)

# The spelling of 2025, and columns that older exports name otherwise.
_ALIASES = {
    "url handle": Column.HANDLE,
    "description": Column.BODY,
    "published on online store": Column.PUBLISHED,
    "sku": Column.SKU,
    "barcode": Column.BARCODE,
    "price": Column.PRICE,
    "compare-at price": Column.COMPARE_AT,
    "charge tax": Column.TAXABLE,
    "inventory tracker": Column.TRACKER,
    "inventory quantity": Column.QUANTITY,
    "continue selling when out of stock": Column.POLICY,
    "weight value (grams)": Column.GRAMS,
    "weight unit for display": Column.WEIGHT_UNIT,
    "requires shipping": Column.REQUIRES_SHIPPING,
    "product image url": Column.IMAGE,
    "image position": Column.IMAGE_POSITION,
    "image alt text": Column.IMAGE_ALT,
    "variant image url": Column.VARIANT_IMAGE,
    "variant cost": Column.COST,
}
_KNOWN: Mapping[str, Column] = {fold(column): column for column in Column} | _ALIASES

# The name that Shopify gives to the only option and value of a product without options.
NO_OPTION, NO_OPTION_VALUE = "Title", "Default Title"


@dataclass(frozen=True, slots=True)
class Header:
    """Where our columns stand in one file. `names` is the header as written; `ignored` what we don't know."""

    names: tuple[str, ...]
    positions: Mapping[Column, int]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def width(self) -> int:
        return len(self.names)

    def position(self, column: Column) -> int:
        """Where `column` stands, -1 when the file has no such column."""
        return self.positions.get(column, -1)

    def known(self, name: str) -> Column | None:
        """The column of ours that the header cell `name` stands for."""
        return _KNOWN.get(fold(name))


def read_header(names: Sequence[str]) -> Header:
    """Recognise the columns of a file from its first row; says what is missing and doubled instead of raising."""
    positions: dict[Column, int] = {}
    ignored, doubled = [], []
    for index, name in enumerate(names):
        column = _KNOWN.get(fold(name))
        if column is None:
            if name.strip():
                ignored.append(name.strip())
        elif column in positions:
            doubled.append(name.strip())
        else:
            positions[column] = index
    missing = tuple(column.value for column in REQUIRED if column not in positions)
    return Header(tuple(n.strip() for n in names), positions, tuple(ignored), missing, tuple(doubled))
