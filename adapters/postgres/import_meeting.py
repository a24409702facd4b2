"""What an import meets in the catalogue: products by slug with variants, stock and pictures, and owners of SKUs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.session import Row, Session
from adapters.postgres.tables.catalog import product_media, products, variants
from adapters.postgres.tables.inventory import locations, stock_items
from core.imports.states import (
    Catalogue,
    ExistingPicture,
    ExistingProduct,
    ExistingVariant,
    ProductState,
    VariantState,
)

Rows = Callable[[sa.Executable, Row], Sequence[sa.RowMapping]]

_SLUGS: sa.BindParameter[Any] = sa.bindparam("slugs", type_=sa.ARRAY(sa.Text))

# Claims lock stock before anything else, in the order of ids; whoever writes a product's documents then locks it.
_LOCK_STOCK = (
    sa.select(stock_items.c.id)
    .select_from(stock_items.join(variants, variants.c.id == stock_items.c.variant_id))
    .join(products, products.c.id == variants.c.product_id)
    .where(products.c.slug == sa.any_(_SLUGS))
    .order_by(stock_items.c.id)
    .with_for_update(of=stock_items)
)
_LOCK_PRODUCTS = (
    sa.select(products.c.id)
    .where(products.c.slug == sa.any_(_SLUGS))
    .order_by(products.c.id)
    .with_for_update(key_share=True)
)
_variants = (
    sa.select(variants, stock_items.c.id.label("stock_item_id"), stock_items.c.on_hand, stock_items.c.reserved)
    .select_from(variants.join(products, products.c.id == variants.c.product_id))
    .outerjoin(
        stock_items.join(locations, sa.and_(locations.c.id == stock_items.c.location_id, locations.c.is_default)),
        stock_items.c.variant_id == variants.c.id,
    )
    .order_by(variants.c.product_id, variants.c.position, variants.c.id)
)
_pictures = (
    sa.select(product_media)
    .select_from(product_media.join(products, products.c.id == product_media.c.product_id))
    .order_by(product_media.c.product_id, product_media.c.position, product_media.c.id)
)


def _statements(chosen: sa.ColumnElement[bool]) -> tuple[sa.Select[Any], sa.Select[Any], sa.Select[Any]]:
    """Products, variants and pictures of the chosen products."""
    return sa.select(products).where(chosen), _variants.where(chosen), _pictures.where(chosen)


_BY_SLUG = _statements(products.c.slug == sa.any_(_SLUGS))
_BY_ID = _statements(products.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.UUID))))
_SKU_OWNERS = (
    sa.select(variants.c.sku_folded, products.c.slug)
    .select_from(variants.join(products, products.c.id == variants.c.product_id))
    .where(variants.c.sku_folded == sa.any_(sa.bindparam("skus", type_=sa.ARRAY(sa.Text))))
)


def meet(session: Session, handles: Sequence[str], skus: Sequence[str], *, lock: bool) -> Catalogue:
    """See `ports.imports.ImportRepository.meet`; at most six statements, whatever the number of products."""
    found: dict[UUID, ExistingProduct] = {}
    if handles:
        asked = {"slugs": list(handles)}
        if lock:
            session.rows(_LOCK_STOCK, asked)
            session.rows(_LOCK_PRODUCTS, asked)
        found = _load(session.rows, _BY_SLUG, asked)
    owners = {row["sku_folded"]: row["slug"] for row in session.rows(_SKU_OWNERS, {"skus": list(skus)})} if skus else {}
    return Catalogue({product.state.slug: product for product in found.values()}, owners)


def by_id(rows: Rows, ids: Sequence[UUID]) -> dict[UUID, ExistingProduct]:
    """The products with `ids`, in three statements."""
    return _load(rows, _BY_ID, {"ids": list(ids)})


def _load(
    rows: Rows, statements: tuple[sa.Select[Any], sa.Select[Any], sa.Select[Any]], asked: Row
) -> dict[UUID, ExistingProduct]:
    chosen, of_variants, of_pictures = statements
    found = {row["id"]: ExistingProduct(row["id"], _product(row), row["version"]) for row in rows(chosen, asked)}
    if not found:
        return found
    for row in rows(of_variants, asked):
        product = found.get(row["product_id"])
        if product is not None:
            product.variants.append(_variant(row, product.state.option_names))
    for row in rows(of_pictures, asked):
        if row["product_id"] in found:
            picture = ExistingPicture(row["id"], row["source_url"], row["alt"], row["position"])
            found[row["product_id"]].pictures.append(picture)
    return found


def _product(row: sa.RowMapping) -> ProductState:
    return ProductState(
        slug=row["slug"],
        title=row["title"],
        description_html=row["description_html"],
        vendor=row["vendor"],
        product_type=row["product_type"],
        tags=tuple(row["tags"]),
        status=row["status"],
        options=tuple((option["name"], tuple(option["values"])) for option in row["options"]),
        seo_title=row["seo_title"],
        seo_description=row["seo_description"],
    )


def _variant(row: sa.RowMapping, option_names: Sequence[str]) -> ExistingVariant:
    state = VariantState(
        option_values=tuple(row["option_values"].get(name, "") for name in option_names),
        price=row["price_minor"],
        sku=row["sku"],
        barcode=row["barcode"],
        compare_at=row["compare_at_minor"],
        cost=row["cost_minor"],
        grams=row["weight_grams"],
        tax_category=row["tax_category"],
        tracked=row["tracked"],
        requires_shipping=row["requires_shipping"],
    )
    return ExistingVariant(
        row["id"], row["position"], state, row["stock_item_id"], row["on_hand"] or 0, row["reserved"] or 0
    )
