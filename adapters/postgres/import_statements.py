"""The statements that an import writes a chunk of products with: staged rows to the tables, one INSERT for each."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

_PRODUCTS = """
INSERT INTO products (id, store_id, slug, title, title_folded, description_html, vendor, vendor_folded, product_type,
    tags, status, stock_state, options, seo_title, seo_description, published_at, created_at, updated_at, version)
SELECT r.id, :store_id, r.slug, r.title, r.title_folded, r.description_html, r.vendor, r.vendor_folded, r.product_type,
    r.tags, r.status, r.stock_state, r.options, r.seo_title, r.seo_description,
    CASE WHEN r.status = 'published' THEN CAST(:now AS timestamptz) END, :now, :now, 0
FROM staged_import_rows(:import_id, 'product') r
"""
_PRODUCTS_AGAIN = """
ON CONFLICT (store_id, slug) DO UPDATE SET
    title = excluded.title, title_folded = excluded.title_folded, description_html = excluded.description_html,
    vendor = excluded.vendor, vendor_folded = excluded.vendor_folded, product_type = excluded.product_type,
    tags = excluded.tags, status = excluded.status, options = excluded.options, seo_title = excluded.seo_title,
    seo_description = excluded.seo_description, updated_at = excluded.updated_at,
    published_at = coalesce(products.published_at, excluded.published_at), version = products.version + 1
"""
_VARIANTS = """
INSERT INTO variants (id, store_id, product_id, position, title, option_values, sku, sku_folded, barcode, currency,
    price_minor, compare_at_minor, cost_minor, weight_grams, tax_category, tracked, requires_shipping, stock_state,
    version)
SELECT r.id, :store_id, r.product_id, r.position, r.title, r.option_values, r.sku, r.sku_folded, r.barcode, :currency,
    r.price_minor, r.compare_at_minor, r.cost_minor, r.weight_grams, r.tax_category, r.tracked, r.requires_shipping,
    r.stock_state, 0
FROM staged_import_rows(:import_id, 'variant') r
"""
_VARIANTS_AGAIN = """
ON CONFLICT (id) DO UPDATE SET
    position = excluded.position, title = excluded.title, option_values = excluded.option_values, sku = excluded.sku,
    sku_folded = excluded.sku_folded, barcode = excluded.barcode, currency = excluded.currency,
    price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor, cost_minor = excluded.cost_minor,
    weight_grams = excluded.weight_grams, tax_category = excluded.tax_category, tracked = excluded.tracked,
    requires_shipping = excluded.requires_shipping, version = variants.version + 1
"""
_STOCK = """
INSERT INTO stock_items (id, store_id, variant_id, location_id, on_hand, reserved, version)
SELECT r.id, :store_id, r.variant_id, :location_id, r.on_hand, 0, 0
FROM staged_import_rows(:import_id, 'stock') r
"""
_STOCK_AGAIN = """
ON CONFLICT (id) DO UPDATE SET on_hand = excluded.on_hand, version = stock_items.version + 1
"""
_MOVEMENTS = """
INSERT INTO stock_movements (id, store_id, stock_item_id, kind, quantity, reason, reference_kind, reference_id,
    occurred_at)
SELECT r.movement_id, :store_id, r.id, r.status, r.change, :reason, 'import', :import_id, :now
FROM staged_import_rows(:import_id, 'stock') r WHERE r.change <> 0
"""
_PICTURES = """
INSERT INTO product_media (id, store_id, product_id, source_url, alt, position)
SELECT r.id, :store_id, r.product_id, r.source_url, r.title, r.position
FROM staged_import_rows(:import_id, 'picture') r
"""
_PICTURES_AGAIN = """
ON CONFLICT (id) DO UPDATE SET alt = excluded.alt
"""
# What shoppers are served of new products, staged with them; that of others is made anew from their rows.
_DOCUMENTS = """
INSERT INTO product_documents (store_id, product_id, slug, title_folded, vendor_folded, price_minor, published_at,
    summary, page)
SELECT :store_id, r.id, r.slug, r.title_folded, r.vendor_folded, r.price_minor, :now,
    convert_to(r.summary, 'UTF8'), convert_to(r.page, 'UTF8')
FROM staged_import_rows(:import_id, 'product') r WHERE r.summary IS NOT NULL
"""
_TAGS = """
INSERT INTO product_tags (store_id, product_id, tag_folded, title_folded, price_minor, updated_at, published_at)
SELECT :store_id, r.id, t.tag, r.title_folded, r.price_minor, :now,
    CASE WHEN r.status = 'published' THEN CAST(:now AS timestamptz) END
FROM staged_import_rows(:import_id, 'product') r, unnest(r.tags_folded) AS t (tag)
"""
_WORDS = """
SELECT put_search_documents('product', array_agg(r.id), array_agg(r.status = 'published'), array_agg(r.words),
    array_agg(CAST(:now AS timestamptz)))
FROM staged_import_rows(:import_id, 'product') r WHERE r.words IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A statement with the names of its parameters, and the kind of staged rows that it writes."""

    kind: str
    statement: sa.TextClause
    parameters: tuple[str, ...]


def _step(kind: str, text: str) -> Step:
    statement = sa.text(text)
    return Step(kind, statement, tuple(statement.compile().params))


# New products alone are not looked for first, which INSERT ... ON CONFLICT does for every row.
NEW = (
    _step("product", _PRODUCTS),
    _step("variant", _VARIANTS),
    _step("stock", _STOCK),
    _step("stock", _MOVEMENTS),
    _step("picture", _PICTURES),
)
NEW_AND_CHANGED = (
    _step("product", _PRODUCTS + _PRODUCTS_AGAIN),
    _step("variant", _VARIANTS + _VARIANTS_AGAIN),
    _step("stock", _STOCK + _STOCK_AGAIN),
    _step("stock", _MOVEMENTS),
    _step("picture", _PICTURES + _PICTURES_AGAIN),
)
SERVED = (_step("product", _DOCUMENTS), _step("product", _TAGS), _step("product", _WORDS))
