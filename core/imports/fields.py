"""What one row of a product file says, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.imports.problems import Problem


@dataclass(slots=True)
class ProductFields:
    """What the first row says of the product; None where the cell is empty or the column missing."""

    title: str | None = None
    description_html: str | None = None
    vendor: str | None = None
    product_type: str | None = None
    tags: tuple[str, ...] | None = None
    status: str | None = None
    option_names: tuple[str, ...] | None = None
    seo_title: str | None = None
    seo_description: str | None = None


@dataclass(slots=True)
class VariantFields:
    """What a row says of one variant. Prices in minor units, weight in grams; None: not said."""

    line: int
    option_values: tuple[str, ...]
    sku: str | None = None
    barcode: str | None = None
    price: int | None = None
    compare_at: int | None = None
    cost: int | None = None
    grams: int | None = None
    tracked: bool | None = None
    quantity: int | None = None
    sells_on: bool = False
    requires_shipping: bool | None = None
    taxable: bool | None = None


@dataclass(slots=True)
class PictureFields:
    line: int
    url: str
    alt: str | None
    position: int | None


@dataclass(slots=True)
class Row:
    """A record with values read; `problems` is empty when all of them could be."""

    line: int
    cells: tuple[str, ...]
    handle: str
    product: ProductFields
    variant: VariantFields | None
    picture: PictureFields | None
    extra_picture: str | None = None
    problems: list[Problem] = field(default_factory=list)
