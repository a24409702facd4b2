"""Products, variants and the documents that storefronts are served."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from adapters.postgres.tables import (
    boolean,
    currency,
    document,
    instant,
    integer,
    metadata,
    minor,
    one_of,
    part,
    reference,
    scoped,
    strings,
    text,
    uuid,
    version,
)
from core.catalog.lifecycle import ProductStatus
from core.catalog.stock_state import StockState

products = scoped(
    "products",
    text("slug"),
    text("title"),
    text("title_folded"),
    text("description_html"),
    text("vendor"),
    text("vendor_folded"),
    text("product_type"),
    strings("tags"),
    text("status"),
    document("options"),
    text("seo_title"),
    text("seo_description"),
    # Derived, written with the documents: that of its variants, NULL when none is tracked.
    text("stock_state", nullable=True),
    instant("published_at", nullable=True),
    instant("created_at"),
    instant("updated_at"),
    version(),
    sa.UniqueConstraint("store_id", "slug"),
    one_of("status", ProductStatus),
    one_of("stock_state", StockState),
    sa.Index("ix_products_store_updated_at", "store_id", "updated_at", "id"),
    sa.Index("ix_products_store_title", "store_id", "title_folded", "id"),
    sa.Index("ix_products_store_status", "store_id", "status", "updated_at", "id"),
    sa.Index("ix_products_store_vendor", "store_id", "vendor_folded", "updated_at", "id"),
    sa.Index("ix_products_store_stock", "store_id", "stock_state", "updated_at", "id"),
)

variants = part(
    "variants",
    uuid("product_id"),
    integer("position"),
    text("title"),
    document("option_values"),
    text("sku", nullable=True),
    text("sku_folded", nullable=True),
    text("barcode", nullable=True),
    currency(),
    minor("price_minor"),
    minor("compare_at_minor", nullable=True),
    minor("cost_minor", nullable=True),
    integer("weight_grams"),
    text("tax_category"),
    boolean("tracked"),
    boolean("requires_shipping"),
    # Derived, written with the documents: whether units are left, NULL when it is not tracked.
    text("stock_state", nullable=True),
    uuid("media_id", nullable=True),
    version(),
    reference("product_id", "products", ondelete="CASCADE"),
    reference("media_id", "media"),
    sa.UniqueConstraint("store_id", "sku_folded"),
    sa.CheckConstraint("price_minor >= 0", name="price_not_negative"),
    sa.CheckConstraint("weight_grams >= 0", name="weight_not_negative"),
    one_of("stock_state", StockState),
    sa.Index("ix_variants_product", "store_id", "product_id", "position"),
    sa.Index("ix_variants_stock", "store_id", "stock_state", "product_id"),
)

product_media = part(
    "product_media",
    uuid("product_id"),
    uuid("media_id", nullable=True),
    text("source_url", nullable=True),
    text("alt"),
    integer("position"),
    reference("product_id", "products", ondelete="CASCADE"),
    reference("media_id", "media"),
    sa.CheckConstraint("media_id IS NOT NULL OR source_url IS NOT NULL", name="has_a_source"),
    sa.Index("ix_product_media_product", "store_id", "product_id", "position"),
    sa.Index("ix_product_media_media", "store_id", "media_id"),
    referenced=False,
)

# What shoppers are served: written in the product's own transaction, only while it is published.
product_documents = sa.Table(
    "product_documents",
    metadata,
    uuid("product_id", primary_key=True),
    uuid("store_id"),
    text("slug"),
    text("title_folded"),
    text("vendor_folded"),
    minor("price_minor"),
    instant("published_at"),
    # Stored as they are served, not compressed, and beside their keys: see the migration.
    sa.Column("summary", BYTEA, nullable=False),
    sa.Column("page", BYTEA, nullable=False),
    sa.UniqueConstraint("store_id", "slug"),
    sa.UniqueConstraint("store_id", "product_id"),
    sa.ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"], ondelete="CASCADE"),
    sa.Index("ix_product_documents_newest", "store_id", "published_at", "product_id"),
    sa.Index("ix_product_documents_title", "store_id", "title_folded", "product_id"),
    sa.Index("ix_product_documents_price", "store_id", "price_minor", "product_id"),
    sa.Index("ix_product_documents_vendor", "store_id", "vendor_folded", "published_at", "product_id"),
)

# What lists of a tag are filtered and sorted by, a row for each tag of a product: written with the documents. Under
# row-level security an array's operators would have no index. `published_at` is NULL while it is not on sale.
product_tags = sa.Table(
    "product_tags",
    metadata,
    uuid("store_id", primary_key=True),
    uuid("product_id", primary_key=True),
    text("tag_folded", primary_key=True),
    text("title_folded"),
    minor("price_minor"),
    instant("updated_at"),
    instant("published_at", nullable=True),
    sa.ForeignKeyConstraint(["store_id", "product_id"], ["products.store_id", "products.id"], ondelete="CASCADE"),
    sa.Index("ix_product_tags_changed", "store_id", "tag_folded", "updated_at", "product_id"),
    sa.Index("ix_product_tags_title", "store_id", "tag_folded", "title_folded", "product_id"),
    sa.Index(
        "ix_product_tags_newest",
        "store_id",
        "tag_folded",
        "published_at",
        "product_id",
        postgresql_where=sa.text("published_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_product_tags_price",
        "store_id",
        "tag_folded",
        "price_minor",
        "product_id",
        postgresql_where=sa.text("published_at IS NOT NULL"),
    ),
)

catalogue_versions = sa.Table(
    "catalogue_versions",
    metadata,
    uuid("store_id", primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
)

# Fuzzy search goes through here, by definer functions with an explicit store: trigram and LIKE operators are not
# leakproof, so under row-level security they would lose their index. The application role has no grant on it.
search_documents = sa.Table(
    "search_documents",
    metadata,
    uuid("store_id", primary_key=True),
    text("kind", primary_key=True),
    uuid("subject_id", primary_key=True),
    boolean("visible"),
    text("body"),
    instant("sorted_at"),
    # Store and kind stand in the same index (btree_gin), so that a rare word in a small store reads its rows only.
    sa.Index(
        "ix_search_documents_body",
        "store_id",
        "kind",
        "body",
        postgresql_using="gin",
        postgresql_ops={"body": "gin_trgm_ops"},
    ),
    sa.Index("ix_search_documents_store", "store_id", "kind", "sorted_at", "subject_id"),
)
