"""What shoppers are served of a product, as JSON bytes: the summary in lists and the page.

Both are made here and nowhere else, whoever writes the product: a form, an import, a stock movement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.catalog.model import Product, ProductPicture
from core.catalog.variant import Variant
from core.shared.money import Money
from core.shared.text import fold

Json = dict[str, Any]

# JSON in the fewest characters, letters as they are.
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class ProductDocument:
    """A published product: the keys that lists are filtered and sorted by, and the bytes that are served.

    `price_minor` is the lowest price, in minor units.
    """

    product_id: UUID
    slug: str
    title_folded: str
    vendor_folded: str
    price_minor: int
    published_at: datetime
    summary: bytes
    page: bytes


def make_document(product: Product, in_stock: Mapping[UUID, bool]) -> ProductDocument:
    """The document of a published product; `in_stock` says of each variant's id whether it can be bought."""
    if product.published_at is None:
        raise ValueError(f"product {product.id} was never published")
    variants = [_variant(variant, in_stock) for variant in product.variants]
    summary = _summary(product, variants)
    return ProductDocument(
        product_id=product.id,
        slug=product.slug,
        title_folded=fold(product.title),
        vendor_folded=fold(product.vendor),
        price_minor=product.price_range[0].minor,
        published_at=product.published_at,
        summary=encode(summary).encode(),
        page=encode(summary | _page(product, variants)).encode(),
    )


def search_words(product: Product) -> str:
    """What search finds a product by, folded: name, vendor, type, SKUs, barcodes, tags, address."""
    codes = [code for variant in product.variants for code in (variant.sku, variant.barcode) if code]
    words = (product.title, product.vendor, product.product_type, *product.tags, *codes, product.slug)
    return "\n".join(fold(word) for word in words if word)


def _money(amount: Money | None) -> Json | None:
    return None if amount is None else {"amount": amount.minor, "currency": amount.currency}


def _image(picture: ProductPicture | None) -> Json | None:
    if picture is None or picture.image is None:
        return None
    image = picture.image
    return {
        "url": f"/media/{image.sha256}",
        "alt": picture.alt,
        "width": image.width,
        "height": image.height,
    }


def _variant(variant: Variant, in_stock: Mapping[UUID, bool]) -> Json:
    return {
        "id": str(variant.id),
        "sku": variant.sku,
        "title": variant.title,
        "options": variant.option_values,
        "price": _money(variant.price),
        "compare_at_price": _money(variant.compare_at),
        "in_stock": in_stock.get(variant.id, False),
    }


def _compare_at(product: Product) -> Money | None:
    """The struck price beside the lowest one: that of the cheapest variant that has one."""
    cheapest = min(product.variants, key=lambda v: (v.price.minor, v.compare_at is None))
    return cheapest.compare_at


def _summary(product: Product, variants: list[Json]) -> Json:
    lowest, highest = product.price_range
    return {
        "id": str(product.id),
        "slug": product.slug,
        "title": product.title,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": list(product.tags),
        "price": _money(lowest),
        "price_max": _money(highest),
        "compare_at_price": _money(_compare_at(product)),
        "in_stock": any(variant["in_stock"] for variant in variants),
        "image": next(filter(None, map(_image, product.pictures)), None),
        "options": [{"name": option.name, "values": list(option.values)} for option in product.options],
        "variants": variants,
    }


def _page(product: Product, variants: list[Json]) -> Json:
    return {
        "description_html": product.description_html,
        "images": [image for picture in product.pictures if (image := _image(picture))],
        "seo": {
            "title": product.seo_title or product.title,
            "description": product.seo_description,
        },
        "variants": [
            document
            | {
                "barcode": variant.barcode,
                "weight_grams": variant.weight_grams,
                "image": _image(product.picture_of(variant.media_id)),
            }
            for document, variant in zip(variants, product.variants, strict=True)
        ],
    }
