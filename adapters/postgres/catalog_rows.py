"""Products between rows and model: the one place that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.tables.catalog import product_media, products, variants
from adapters.postgres.tables.media import media
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Image, Option, Product, ProductPicture
from core.catalog.variant import Variant, sku_key
from core.shared.ids import MediaId, ProductId, ProductPictureId, VariantId
from core.shared.money import Money
from core.shared.text import fold

Row = Mapping[str, Any] | sa.RowMapping
Rows = Callable[[sa.Executable, Mapping[str, Any]], Sequence[sa.RowMapping]]

# Ids as one array parameter: the statement's text stays the same for any number of them.
IDS: sa.BindParameter[Any] = sa.bindparam("ids", type_=sa.ARRAY(sa.UUID))

_PRODUCTS = sa.select(products).where(products.c.id == sa.any_(IDS)).order_by(products.c.id)
_VARIANTS = (
    sa.select(variants)
    .where(variants.c.product_id == sa.any_(IDS))
    .order_by(variants.c.product_id, variants.c.position, variants.c.id)
)
_PICTURES = (
    sa.select(product_media, media.c.sha256, media.c.width, media.c.height)
    .select_from(product_media.outerjoin(media, media.c.id == product_media.c.media_id))
    .where(product_media.c.product_id == sa.any_(IDS))
    .order_by(product_media.c.product_id, product_media.c.position, product_media.c.id)
)


def load(rows: Rows, ids: Sequence[UUID]) -> list[Product]:
    """The products with `ids`, by id, complete; three statements, whatever their number."""
    asked = {"ids": list(ids)}
    found = {row["id"]: to_product(row) for row in rows(_PRODUCTS, asked)}
    for row in rows(_VARIANTS, asked):
        if row["product_id"] in found:
            found[row["product_id"]].variants.append(to_variant(row, found[row["product_id"]].options))
    for row in rows(_PICTURES, asked):
        if row["product_id"] in found:
            found[row["product_id"]].pictures.append(to_picture(row))
    return list(found.values())


def to_product(row: Row) -> Product:
    kept = (
        "slug", "title", "description_html", "vendor", "product_type", "seo_title", "seo_description",
        "published_at", "created_at", "updated_at", "version",
    )  # fmt: skip
    return Product(
        id=ProductId(row["id"]),
        status=ProductStatus(row["status"]),
        tags=tuple(row["tags"]),
        options=tuple(Option(option["name"], tuple(option["values"])) for option in row["options"]),
        **{name: row[name] for name in kept},
    )


def to_variant(row: Row, options: Sequence[Option]) -> Variant:
    """JSONB forgets the order of keys, so the values are put into that of the product's options."""
    values: dict[str, str] = row["option_values"]

    def money(column: str) -> Money | None:
        return None if row[column] is None else Money(row[column], row["currency"])

    kept = ("position", "sku", "barcode", "weight_grams", "tax_category", "tracked", "requires_shipping", "version")
    return Variant(
        id=VariantId(row["id"]),
        option_values={option.name: values[option.name] for option in options if option.name in values},
        price=Money(row["price_minor"], row["currency"]),
        compare_at=money("compare_at_minor"),
        cost=money("cost_minor"),
        media_id=None if row["media_id"] is None else MediaId(row["media_id"]),
        **{name: row[name] for name in kept},
    )


def to_picture(row: Row) -> ProductPicture:
    image = None
    if row["sha256"] is not None:
        image = Image(MediaId(row["media_id"]), row["sha256"], row["width"], row["height"])
    return ProductPicture(ProductPictureId(row["id"]), row["alt"], image, row["source_url"])


def product_values(product: Product) -> dict[str, Any]:
    """The row of a product without id, store, version and the time of its last change."""
    return {
        "slug": product.slug,
        "title": product.title,
        "title_folded": fold(product.title),
        "description_html": product.description_html,
        "vendor": product.vendor,
        "vendor_folded": fold(product.vendor),
        "product_type": product.product_type,
        "tags": list(product.tags),
        "status": product.status,
        "options": [{"name": option.name, "values": list(option.values)} for option in product.options],
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        "published_at": product.published_at,
        "created_at": product.created_at,
    }


def variant_values(variant: Variant) -> dict[str, Any]:
    """The row of a variant without id, store, product and version."""
    return {
        "position": variant.position,
        "title": variant.title,
        "option_values": dict(variant.option_values),
        "sku": variant.sku,
        "sku_folded": sku_key(variant.sku),
        "barcode": variant.barcode,
        "currency": variant.price.currency,
        "price_minor": variant.price.minor,
        "compare_at_minor": None if variant.compare_at is None else variant.compare_at.minor,
        "cost_minor": None if variant.cost is None else variant.cost.minor,
        "weight_grams": variant.weight_grams,
        "tax_category": variant.tax_category,
        "tracked": variant.tracked,
        "requires_shipping": variant.requires_shipping,
        "media_id": variant.media_id,
    }


def picture_values(picture: ProductPicture, position: int) -> dict[str, Any]:
    """The row of a product's picture without store and product."""
    return {
        "id": picture.id,
        "media_id": picture.image.media_id if picture.image else None,
        "source_url": picture.source_url,
        "alt": picture.alt,
        "position": position,
    }
