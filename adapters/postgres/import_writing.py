"""Products of an import, written set by set: staged by COPY, then one INSERT ... SELECT for each table.

A set that the database refuses is undone and written again product by product, so that only the product that is at
fault stays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.postgres import documents
from adapters.postgres.import_staging import Staged, stage
from adapters.postgres.inventory_rows import default_location
from adapters.postgres.session import Row, Session
from core.imports.events import ProductsImported
from core.imports.planning import ProductPlan, undone
from core.shared.ids import ImportId

_REFUSALS = {
    "uq_variants_store_id_sku_folded": ("sku_taken", "Another variant of the shop has this SKU."),
    "ck_stock_items_available_not_negative": ("below_reserved", "More is reserved by orders and payments."),
    "uq_products_store_id_slug": ("handle_taken", "Another product has got this address meanwhile."),
}
_OTHER_REFUSAL = ("not_written", "The database refused the product; somebody else may have changed it meanwhile.")

_PRODUCTS = sa.text("""
INSERT INTO products (id, store_id, slug, title, title_folded, description_html, vendor, vendor_folded, product_type,
    tags, status, stock_state, options, seo_title, seo_description, published_at, created_at, updated_at, version)
SELECT r.id, :store_id, r.slug, r.title, r.title_folded, r.description_html, r.vendor, r.vendor_folded, r.product_type,
    r.tags, r.status, r.stock_state, r.options, r.seo_title, r.seo_description,
    CASE WHEN r.status = 'published' THEN CAST(:now AS timestamptz) END, :now, :now, 0
FROM staged_import_rows(:import_id, 'product') r
ON CONFLICT (store_id, slug) DO UPDATE SET
    title = excluded.title, title_folded = excluded.title_folded, description_html = excluded.description_html,
    vendor = excluded.vendor, vendor_folded = excluded.vendor_folded, product_type = excluded.product_type,
    tags = excluded.tags, status = excluded.status, options = excluded.options, seo_title = excluded.seo_title,
    seo_description = excluded.seo_description, updated_at = excluded.updated_at,
    published_at = coalesce(products.published_at, excluded.published_at), version = products.version + 1
""")
_TOUCH = sa.text("UPDATE products SET updated_at = :now WHERE id = ANY(CAST(:ids AS uuid[])) AND updated_at <> :now")
_VARIANTS = sa.text("""
INSERT INTO variants (id, store_id, product_id, position, title, option_values, sku, sku_folded, barcode, currency,
    price_minor, compare_at_minor, cost_minor, weight_grams, tax_category, tracked, requires_shipping, stock_state,
    version)
SELECT r.id, :store_id, r.product_id, r.position, r.title, r.option_values, r.sku, r.sku_folded, r.barcode, :currency,
    r.price_minor, r.compare_at_minor, r.cost_minor, r.weight_grams, r.tax_category, r.tracked, r.requires_shipping,
    r.stock_state, 0
FROM staged_import_rows(:import_id, 'variant') r
ON CONFLICT (id) DO UPDATE SET
    position = excluded.position, title = excluded.title, option_values = excluded.option_values, sku = excluded.sku,
    sku_folded = excluded.sku_folded, barcode = excluded.barcode, currency = excluded.currency,
    price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor, cost_minor = excluded.cost_minor,
    weight_grams = excluded.weight_grams, tax_category = excluded.tax_category, tracked = excluded.tracked,
    requires_shipping = excluded.requires_shipping, version = variants.version + 1
""")
_STOCK = sa.text("""
INSERT INTO stock_items (id, store_id, variant_id, location_id, on_hand, reserved, version)
SELECT r.id, :store_id, r.variant_id, :location_id, r.on_hand, 0, 0
FROM staged_import_rows(:import_id, 'stock') r
ON CONFLICT (id) DO UPDATE SET on_hand = excluded.on_hand, version = stock_items.version + 1
""")
_MOVEMENTS = sa.text("""
INSERT INTO stock_movements (id, store_id, stock_item_id, kind, quantity, reason, reference_kind, reference_id,
    occurred_at)
SELECT r.movement_id, :store_id, r.id, r.status, r.change, :reason, 'import', :import_id, :now
FROM staged_import_rows(:import_id, 'stock') r WHERE r.change <> 0
""")
_PICTURES = sa.text("""
INSERT INTO product_media (id, store_id, product_id, source_url, alt, position)
SELECT r.id, :store_id, r.product_id, r.source_url, r.title, r.position
FROM staged_import_rows(:import_id, 'picture') r
ON CONFLICT (id) DO UPDATE SET alt = excluded.alt
""")
_CLEAR = sa.text("SELECT clear_import_rows(:import_id)")
# Each with the names of its parameters.
_SETS = tuple(
    (statement, tuple(statement.compile().params))
    for statement in (_PRODUCTS, _VARIANTS, _STOCK, _MOVEMENTS, _PICTURES)
)


def write(
    session: Session, import_id: UUID, version: int, plans: Sequence[ProductPlan], *, currency: str, reason: str
) -> list[ProductPlan]:
    """Write `plans`, prices in `currency`; `reason` stands with movements of stock. Returns them as they ended.

    `version` is the import's, which orders the event that tells of the products.
    """
    if not any(plan.writes for plan in plans):
        return list(plans)
    values = {
        "import_id": import_id,
        "store_id": session.store_id,
        "location_id": default_location(session),
        "currency": currency,
        "reason": reason,
        "now": session.now(),
    }
    written = Staged()
    ended = list(plans)
    try:
        written.add(_write_set(session, values, plans))
    except IntegrityError:
        for at, plan in enumerate(plans):
            try:
                written.add(_write_set(session, values, [plan]))
            except IntegrityError as violation:
                name = getattr(getattr(violation.orig, "diag", None), "constraint_name", None)
                ended[at] = undone(plan, *_REFUSALS.get(name or "", _OTHER_REFUSAL))
    if not written.product_ids:
        return ended
    documents.rewrite(session, written.changed)
    event = ProductsImported(
        ImportId(import_id),
        tuple(product.id for product in written.created),
        tuple(written.changed),
        tuple(written.published),
        tuple(written.withdrawn),
    )
    session.emit([event], import_id, version)
    return ended


def _write_set(session: Session, values: Row, plans: Sequence[ProductPlan]) -> Staged:
    if not any(plan.writes for plan in plans):
        return Staged()
    # Documents are made while the database is busy with rows: two processors work at once.
    with session.connection.begin_nested(), ThreadPoolExecutor(1, "documents") as maker:
        staged = stage(session, values["import_id"], plans, values["currency"])
        prepared = maker.submit(documents.prepare, staged.created, staged.in_stock)
        for statement, names in _SETS:
            session.write(statement, {name: values[name] for name in names})
        if staged.changed:
            session.write(_TOUCH, {"ids": staged.changed, "now": values["now"]})
        session.write(_CLEAR, {"import_id": values["import_id"]})
        documents.put(session, prepared.result())
    return staged
