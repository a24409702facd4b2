"""What shoppers are served of a product, as JSON bytes: the summary in lists and the page.

Both are made here and nowhere else, whoever writes the product: a form, an import, a stock movement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from core.catalog.model import Product, ProductPicture
from core.catalog.variant import Variant
from core.shared.money import Money
from core.shared.words import folded

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
    head = encode(_summary(product, in_stock))[:-1]
    variants = [_variant(variant, in_stock) for variant in product.variants]
    rest = encode(_page(product))[1:-1]
    details = [_details(variant, product) for variant in product.variants]
    return ProductDocument(
        product_id=product.id,
        slug=product.slug,
        title_folded=folded(product.title),
        vendor_folded=folded(product.vendor),
        price_minor=product.price_range[0].minor,
        published_at=product.published_at,
        summary=f'{head},"variants":[{",".join(variants)}]}}'.encode(),
        page=f'{head},{rest},"variants":[{",".join(map(_together, variants, details))}]}}'.encode(),
    )


def search_words(product: Product) -> str:
    """What search finds a product by, folded: name, vendor, type, SKUs, barcodes, tags, address."""
    codes = [code for variant in product.variants for code in (variant.sku, variant.barcode) if code]
    words = (product.title, product.vendor, product.product_type, *product.tags, *codes, product.slug)
    return "\n".join(folded(word) for word in words if word)


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


# Variants are most of a document and of what it takes to make one: they are put together as text.
def _variant(variant: Variant, in_stock: Mapping[UUID, bool]) -> str:
    """A variant in lists and on the page, as JSON."""
    return (
        f'{{"id":"{variant.id}","sku":{_text(variant.sku)},"title":{_text(variant.title)}'
        f',"options":{_options(tuple(variant.option_values.items()))},"price":{_amount(variant.price)}'
        f',"compare_at_price":{_amount(variant.compare_at)}'
        f',"in_stock":{"true" if in_stock.get(variant.id) else "false"}}}'
    )


def _details(variant: Variant, product: Product) -> str:
    """What the page has of a variant beside that, as JSON."""
    image = None if variant.media_id is None else _image(product.picture_of(variant.media_id))
    return (
        f'{{"barcode":{_text(variant.barcode)},"weight_grams":{variant.weight_grams}'
        f',"image":{"null" if image is None else encode(image)}}}'
    )


def _together(one: str, other: str) -> str:
    """Two JSON objects as one."""
    return f"{one[:-1]},{other[1:]}"


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


def _amount(amount: Money | None) -> str:
    return "null" if amount is None else f'{{"amount":{amount.minor},"currency":"{amount.currency}"}}'


@lru_cache(maxsize=4096)
def _options(values: tuple[tuple[str, str], ...]) -> str:
    return encode(dict(values))


def _compare_at(product: Product) -> Money | None:
    """The struck price beside the lowest one: that of the cheapest variant that has one."""
    cheapest = min(product.variants, key=lambda v: (v.price.minor, v.compare_at is None))
    return cheapest.compare_at


def _summary(product: Product, in_stock: Mapping[UUID, bool]) -> Json:
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
        "in_stock": any(in_stock.get(variant.id, False) for variant in product.variants),
        "image": next(filter(None, map(_image, product.pictures)), None),
        "options": [{"name": option.name, "values": list(option.values)} for option in product.options],
    }


def _page(product: Product) -> Json:
    return {
        "description_html": product.description_html,
        "images": [image for picture in product.pictures if (image := _image(picture))],
        "seo": {
            "title": product.seo_title or product.title,
            "description": product.seo_description,
        },
    }
