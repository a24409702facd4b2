"""The tables of the first release.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

UNCOMPRESSED = {
    "product_documents": ("summary", "page"),
    "staging.import_rows": ("summary", "page", "description_html"),
}


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    op.create_table(
        "clock",
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("offset_seconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_clock_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_clock")),
    )
    op.create_table(
        "schedules",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("last_result", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
    )
    op.create_table(
        "search_documents",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "kind", "subject_id", name=op.f("pk_search_documents")),
    )
    op.create_index(
        "ix_search_documents_body",
        "search_documents",
        ["store_id", "kind", "body"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"body": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_search_documents_store", "search_documents", ["store_id", "kind", "sorted_at", "subject_id"], unique=False
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email_folded", name=op.f("uq_staff_email_folded")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("bucket", postgresql.BYTEA(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_tries")),
    )
    op.create_index("ix_sign_in_tries_until", "sign_in_tries", ["until"], unique=False)
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("title_folded", sa.Text(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("description_html", sa.Text(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=True),
        sa.Column("vendor_folded", sa.Text(), nullable=True),
        sa.Column("product_type", sa.Text(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("seo_title", sa.Text(), nullable=True),
        sa.Column("seo_description", sa.Text(), nullable=True),
        sa.Column("option_values", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("sku_folded", sa.Text(), nullable=True),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("tax_category", sa.Text(), nullable=True),
        sa.Column("tracked", sa.Boolean(), nullable=True),
        sa.Column("requires_shipping", sa.Boolean(), nullable=True),
        sa.Column("stock_state", sa.Text(), nullable=True),
        sa.Column("variant_id", sa.UUID(), nullable=True),
        sa.Column("movement_id", sa.UUID(), nullable=True),
        sa.Column("on_hand", sa.Integer(), nullable=True),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("tags_folded", sa.ARRAY(sa.Text()), nullable=True),
        schema="staging",
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_import_rows_import", "import_rows", ["import_id", "kind"], unique=False, schema="staging")
    op.create_table(
        "stores",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("currencies", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("locales", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("countries", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("order_prefix", sa.Text(), nullable=False),
        sa.Column("capture_policy", sa.Text(), nullable=False),
        sa.Column("card_seconds", sa.Integer(), nullable=False),
        sa.Column("pix_minutes", sa.Integer(), nullable=False),
        sa.Column("bank_transfer_days", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("origin", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capture_policy IN ('at_once', 'at_fulfilment', 'by_hand')", name=op.f("ck_stores_capture_policy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
        sa.UniqueConstraint("slug", name=op.f("uq_stores_slug")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("parent_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("actor_label", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("target_kind", sa.Text(), nullable=True),
        sa.Column("target_id", sa.UUID(), nullable=True),
        sa.Column("changes", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_activity_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_activity_store_id_id")),
    )
    op.create_index("ix_activity_store_occurred_at", "activity", ["store_id", "occurred_at", "id"], unique=False)
    op.create_index(
        "ix_activity_target", "activity", ["store_id", "target_kind", "target_id", "occurred_at"], unique=False
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("origins", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('publishable', 'secret')", name=op.f("ck_api_keys_kind")),
        sa.CheckConstraint("kind <> 'publishable' OR cardinality(origins) > 0", name=op.f("ck_api_keys_origins")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_api_keys_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_api_keys_store_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_keys_token_hash")),
    )
    op.create_table(
        "catalogue_versions",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_catalogue_versions_store_id")),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_catalogue_versions")),
    )
    op.create_table(
        "counters",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_counters_store_id")),
        sa.PrimaryKeyConstraint("store_id", "series", name=op.f("pk_counters")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=True),
        sa.Column("event_name", sa.Text(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discard_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'leased', 'done', 'dead', 'discarded')", name=op.f("ck_deliveries_state")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_deliveries_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_deliveries_store_id_id")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'leased')"),
    )
    op.create_index("ix_deliveries_store_state", "deliveries", ["store_id", "state", "created_at"], unique=False)
    op.create_table(
        "delivery_rates",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("postal_from", sa.Text(), nullable=False),
        sa.Column("postal_to", sa.Text(), nullable=False),
        sa.Column("weight_from", sa.Integer(), nullable=False),
        sa.Column("weight_to", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=False),
        sa.Column("days_max", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_delivery_rates_price_not_negative")),
        sa.CheckConstraint("weight_from < weight_to", name=op.f("ck_delivery_rates_weight_band")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_delivery_rates_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_rates")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_delivery_rates_store_id_id")),
    )
    op.create_index("ix_delivery_rates_store_country", "delivery_rates", ["store_id", "country"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("answer", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_idempotency_keys_store_id")),
        sa.PrimaryKeyConstraint("store_id", "caller", "route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_bytes", sa.Integer(), nullable=False),
        sa.Column("dialect", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("columns", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("checked", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("applied", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('checking', 'checked', 'applying', 'done', 'failed', 'cancelled')", name=op.f("ck_imports_state")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_imports_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_imports_store_id_id")),
    )
    op.create_index("ix_imports_store_created_at", "imports", ["store_id", "created_at", "id"], unique=False)
    op.create_table(
        "locations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_locations_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_locations_store_id_id")),
    )
    op.create_index(
        "uq_locations_default", "locations", ["store_id"], unique=True, postgresql_where=sa.text("is_default")
    )
    op.create_table(
        "media",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_media_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_media_store_id_id")),
        sa.UniqueConstraint("store_id", "sha256", name=op.f("uq_media_store_id_sha256")),
    )
    op.create_index("ix_media_sha256", "media", ["sha256"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("staff_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'manager', 'support', 'finance')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_memberships_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_memberships_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_memberships_store_id_id")),
        sa.UniqueConstraint("store_id", "staff_id", name=op.f("uq_memberships_store_id_staff_id")),
    )
    op.create_index("ix_memberships_staff_id", "memberships", ["staff_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_messages_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("store_id", "dedupe_key", name=op.f("uq_messages_store_id_dedupe_key")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_messages_store_id_id")),
    )
    op.create_index("ix_messages_order", "messages", ["store_id", "order_id"], unique=False)
    op.create_index("ix_messages_store_created_at", "messages", ["store_id", "created_at", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.UUID(), nullable=False),
        sa.Column("aggregate_version", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_outbox_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_outbox_store_id_id")),
    )
    op.create_index("ix_outbox_occurred_at", "outbox", ["occurred_at"], unique=False)
    op.create_table(
        "payment_accounts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("config", postgresql.BYTEA(), nullable=False),
        sa.Column("methods", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_payment_accounts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_accounts")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_payment_accounts_store_id_id")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("vendor_folded", sa.Text(), nullable=False),
        sa.Column("product_type", sa.Text(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("seo_title", sa.Text(), nullable=False),
        sa.Column("seo_description", sa.Text(), nullable=False),
        sa.Column("stock_state", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name=op.f("ck_products_status")),
        sa.CheckConstraint("stock_state IN ('in_stock', 'sold_out')", name=op.f("ck_products_stock_state")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_products_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_products_store_id_id")),
        sa.UniqueConstraint("store_id", "slug", name=op.f("uq_products_store_id_slug")),
    )
    op.create_index("ix_products_store_status", "products", ["store_id", "status", "updated_at", "id"], unique=False)
    op.create_index(
        "ix_products_store_stock", "products", ["store_id", "stock_state", "updated_at", "id"], unique=False
    )
    op.create_index("ix_products_store_title", "products", ["store_id", "title_folded", "id"], unique=False)
    op.create_index("ix_products_store_updated_at", "products", ["store_id", "updated_at", "id"], unique=False)
    op.create_index(
        "ix_products_store_vendor", "products", ["store_id", "vendor_folded", "updated_at", "id"], unique=False
    )
    op.create_table(
        "reconciliation_exceptions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("left_reference", sa.Text(), nullable=False),
        sa.Column("right_reference", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=True),
        sa.Column("order_id", sa.UUID(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('late_payment', 'duplicate_charge', 'amount_over', 'amount_under')",
            name=op.f("ck_reconciliation_exceptions_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=op.f("ck_reconciliation_exceptions_state")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_reconciliation_exceptions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_exceptions")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_reconciliation_exceptions_store_id_id")),
        sa.UniqueConstraint(
            "store_id",
            "kind",
            "left_reference",
            "right_reference",
            name=op.f("uq_reconciliation_exceptions_store_id_kind_left_reference_right_reference"),
        ),
    )
    op.create_index("ix_exceptions_order", "reconciliation_exceptions", ["store_id", "order_id"], unique=False)
    op.create_index(
        "ix_exceptions_store_state", "reconciliation_exceptions", ["store_id", "state", "opened_at", "id"], unique=False
    )
    op.create_table(
        "shoppers",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shoppers_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shoppers")),
        sa.UniqueConstraint("store_id", "email_folded", name=op.f("uq_shoppers_store_id_email_folded")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_shoppers_store_id_id")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("staff_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_staff_sessions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("actor_label", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_timeline_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_timeline_store_id_id")),
    )
    op.create_index(
        "ix_timeline_subject", "timeline", ["store_id", "subject_kind", "subject_id", "occurred_at"], unique=False
    )
    op.create_table(
        "carts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("shopper_id", sa.UUID(), nullable=True),
        sa.Column("contact", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("shipping_address", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("billing_address", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("shipping_option", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'completed')", name=op.f("ck_carts_state")),
        sa.ForeignKeyConstraint(
            ["store_id", "shopper_id"], ["shoppers.store_id", "shoppers.id"], name=op.f("fk_carts_store_id_shopper_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_carts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_carts_store_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_carts_token_hash")),
    )
    op.create_table(
        "import_changes",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "import_id"],
            ["imports.store_id", "imports.id"],
            name=op.f("fk_import_changes_store_id_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_import_changes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_import_changes_store_id_id")),
    )
    op.create_index("ix_import_changes_import", "import_changes", ["store_id", "import_id", "line", "id"], unique=False)
    op.create_table(
        "import_problems",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("repair", sa.Text(), nullable=True),
        sa.Column("while_writing", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.ARRAY(sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "import_id"],
            ["imports.store_id", "imports.id"],
            name=op.f("fk_import_problems_store_id_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_import_problems_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problems")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_import_problems_store_id_id")),
        sa.UniqueConstraint(
            "store_id",
            "import_id",
            "line",
            "column",
            "code",
            name=op.f("uq_import_problems_store_id_import_id_line_column_code"),
        ),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("cart_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("authorised_minor", sa.BigInteger(), nullable=False),
        sa.Column("captured_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunding_minor", sa.BigInteger(), nullable=False),
        sa.Column("manual_capture", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by_hand", sa.Boolean(), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('created', 'awaiting', 'authorised', 'captured', 'declined', 'voided', 'expired')",
            name=op.f("ck_payments_state"),
        ),
        sa.CheckConstraint("refunding_minor <= captured_minor", name=op.f("ck_payments_refunds_within_captured")),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_payments_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_payments_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint(
            "store_id",
            "account_id",
            "provider_reference",
            name=op.f("uq_payments_store_id_account_id_provider_reference"),
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_payments_store_id_id")),
    )
    op.create_index(
        "ix_payments_check", "payments", ["check_at"], unique=False, postgresql_where=sa.text("check_at IS NOT NULL")
    )
    op.create_index("ix_payments_order", "payments", ["store_id", "order_id"], unique=False)
    op.create_index("ix_payments_session", "payments", ["store_id", "session_id"], unique=False)
    op.create_table(
        "product_documents",
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("vendor_folded", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", postgresql.BYTEA(), nullable=False),
        sa.Column("page", postgresql.BYTEA(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name=op.f("fk_product_documents_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_documents")),
        sa.UniqueConstraint("store_id", "product_id", name=op.f("uq_product_documents_store_id_product_id")),
        sa.UniqueConstraint("store_id", "slug", name=op.f("uq_product_documents_store_id_slug")),
    )
    op.create_index(
        "ix_product_documents_newest", "product_documents", ["store_id", "published_at", "product_id"], unique=False
    )
    op.create_index(
        "ix_product_documents_price", "product_documents", ["store_id", "price_minor", "product_id"], unique=False
    )
    op.create_index(
        "ix_product_documents_title", "product_documents", ["store_id", "title_folded", "product_id"], unique=False
    )
    op.create_index(
        "ix_product_documents_vendor",
        "product_documents",
        ["store_id", "vendor_folded", "published_at", "product_id"],
        unique=False,
    )
    op.create_table(
        "product_tags",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("tag_folded", sa.Text(), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name=op.f("fk_product_tags_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "product_id", "tag_folded", name=op.f("pk_product_tags")),
    )
    for name, key, only in (
        ("changed", "updated_at", None),
        ("title", "title_folded", None),
        ("newest", "published_at", "published_at IS NOT NULL"),
        ("price", "price_minor", "published_at IS NOT NULL"),
    ):
        op.create_index(
            f"ix_product_tags_{name}",
            "product_tags",
            ["store_id", "tag_folded", key, "product_id"],
            unique=False,
            postgresql_where=None if only is None else sa.text(only),
        )
    op.create_table(
        "product_media",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("media_id", sa.UUID(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "media_id IS NOT NULL OR source_url IS NOT NULL", name=op.f("ck_product_media_has_a_source")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "media_id"], ["media.store_id", "media.id"], name=op.f("fk_product_media_store_id_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name=op.f("fk_product_media_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_media")),
    )
    op.create_index("ix_product_media_media", "product_media", ["store_id", "media_id"], unique=False)
    op.create_index("ix_product_media_product", "product_media", ["store_id", "product_id", "position"], unique=False)
    op.create_table(
        "shopper_sessions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("shopper_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "shopper_id"],
            ["shoppers.store_id", "shoppers.id"],
            name=op.f("fk_shopper_sessions_store_id_shopper_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shopper_sessions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopper_sessions")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_shopper_sessions_store_id_id")),
    )
    op.create_table(
        "variants",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("option_values", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("sku_folded", sa.Text(), nullable=True),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=False),
        sa.Column("tax_category", sa.Text(), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("requires_shipping", sa.Boolean(), nullable=False),
        sa.Column("stock_state", sa.Text(), nullable=True),
        sa.Column("media_id", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variants_price_not_negative")),
        sa.CheckConstraint("stock_state IN ('in_stock', 'sold_out')", name=op.f("ck_variants_stock_state")),
        sa.CheckConstraint("weight_grams >= 0", name=op.f("ck_variants_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["store_id", "media_id"], ["media.store_id", "media.id"], name=op.f("fk_variants_store_id_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name=op.f("fk_variants_store_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_variants_store_id_id")),
        sa.UniqueConstraint("store_id", "sku_folded", name=op.f("uq_variants_store_id_sku_folded")),
    )
    op.create_index("ix_variants_product", "variants", ["store_id", "product_id", "position"], unique=False)
    op.create_index("ix_variants_stock", "variants", ["store_id", "stock_state", "product_id"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", postgresql.BYTEA(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_webhooks_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_webhooks_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_webhooks_store_id_id")),
        sa.UniqueConstraint(
            "store_id",
            "provider",
            "account_id",
            "external_id",
            name=op.f("uq_webhooks_store_id_provider_account_id_external_id"),
        ),
    )
    op.create_table(
        "cart_lines",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("cart_id", sa.UUID(), nullable=False),
        sa.Column("variant_id", sa.UUID(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seen_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_cart_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["store_id", "cart_id"],
            ["carts.store_id", "carts.id"],
            name=op.f("fk_cart_lines_store_id_cart_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_cart_lines_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_lines")),
        sa.UniqueConstraint(
            "store_id", "cart_id", "variant_id", name=op.f("uq_cart_lines_store_id_cart_id_variant_id")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_cart_lines_store_id_id")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("cart_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("payment_status", sa.Text(), nullable=False),
        sa.Column("fulfilment_status", sa.Text(), nullable=False),
        sa.Column("return_status", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("items_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("shopper_id", sa.UUID(), nullable=True),
        sa.Column("contact", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("email_folded", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("shipping_address", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("billing_address", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("shipping_option", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("quote", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("token_rotation", sa.Integer(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "fulfilment_status IN ('unfulfilled', 'partially_fulfilled', 'fulfilled', 'in_transit', 'delivered')",
            name=op.f("ck_orders_fulfilment_status"),
        ),
        sa.CheckConstraint(
            "payment_status IN ('awaiting', 'authorised', 'partially_paid', 'paid', 'overpaid', 'partially_refunded', 'refunded', 'disputed', 'voided', 'expired')",
            name=op.f("ck_orders_payment_status"),
        ),
        sa.CheckConstraint(
            "return_status IN ('none', 'requested', 'in_transit', 'received', 'closed')",
            name=op.f("ck_orders_return_status"),
        ),
        sa.CheckConstraint("status IN ('open', 'cancelled', 'archived')", name=op.f("ck_orders_status")),
        sa.ForeignKeyConstraint(
            ["store_id", "cart_id"], ["carts.store_id", "carts.id"], name=op.f("fk_orders_store_id_cart_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "shopper_id"], ["shoppers.store_id", "shoppers.id"], name=op.f("fk_orders_store_id_shopper_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_orders_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("store_id", "cart_id", name=op.f("uq_orders_store_id_cart_id")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_orders_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_orders_store_id_number")),
    )
    op.create_index("ix_orders_store_email", "orders", ["store_id", "email_folded", "placed_at", "id"], unique=False)
    op.create_index(
        "ix_orders_store_fulfilment_status",
        "orders",
        ["store_id", "fulfilment_status", "placed_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_orders_store_payment_status", "orders", ["store_id", "payment_status", "placed_at", "id"], unique=False
    )
    op.create_index("ix_orders_store_placed_at", "orders", ["store_id", "placed_at", "id"], unique=False)
    op.create_index("ix_orders_store_shopper", "orders", ["store_id", "shopper_id", "placed_at", "id"], unique=False)
    op.create_index("ix_orders_store_status", "orders", ["store_id", "status", "placed_at", "id"], unique=False)
    op.create_table(
        "payment_operations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('authorise', 'capture', 'void', 'expire', 'refund')", name=op.f("ck_payment_operations_kind")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'succeeded', 'declined', 'pending', 'unknown')",
            name=op.f("ck_payment_operations_state"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_payment_operations_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["store_id", "payment_id"],
            ["payments.store_id", "payments.id"],
            name=op.f("fk_payment_operations_store_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_payment_operations_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_operations")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_payment_operations_store_id_id")),
        sa.UniqueConstraint(
            "store_id", "payment_id", "kind", "key", name=op.f("uq_payment_operations_store_id_payment_id_kind_key")
        ),
    )
    op.create_index(
        "ix_payment_operations_payment", "payment_operations", ["store_id", "payment_id", "requested_at"], unique=False
    )
    op.create_table(
        "payment_sessions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("cart_id", sa.UUID(), nullable=False),
        sa.Column("cart_version", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("secret_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("quote", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("next_action", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('opening', 'open', 'closing', 'completed', 'cancelled', 'expired')",
            name=op.f("ck_payment_sessions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "cart_id"], ["carts.store_id", "carts.id"], name=op.f("fk_payment_sessions_store_id_cart_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_payment_sessions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_payment_sessions_secret_hash")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_payment_sessions_store_id_id")),
    )
    op.create_index(
        "ix_payment_sessions_deadline",
        "payment_sessions",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('closing', 'open', 'opening')"),
    )
    op.create_index(
        "uq_payment_sessions_live_cart",
        "payment_sessions",
        ["store_id", "cart_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('closing', 'open', 'opening')"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "session_id"],
            ["shopper_sessions.store_id", "shopper_sessions.id"],
            name=op.f("fk_refresh_tokens_store_id_session_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_refresh_tokens_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_refresh_tokens_store_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_table(
        "stock_items",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("variant_id", sa.UUID(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("on_hand >= reserved", name=op.f("ck_stock_items_available_not_negative")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_stock_items_reserved_not_negative")),
        sa.ForeignKeyConstraint(
            ["store_id", "location_id"],
            ["locations.store_id", "locations.id"],
            name=op.f("fk_stock_items_store_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["variants.store_id", "variants.id"],
            name=op.f("fk_stock_items_store_id_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_items")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_stock_items_store_id_id")),
        sa.UniqueConstraint(
            "store_id", "variant_id", "location_id", name=op.f("uq_stock_items_store_id_variant_id_location_id")
        ),
    )
    op.create_index(
        "ix_stock_items_reserved",
        "stock_items",
        ["store_id", "variant_id"],
        unique=False,
        postgresql_where=sa.text("reserved > 0"),
    )
    op.create_table(
        "order_lines",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("variant_id", sa.UUID(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=False),
        sa.Column("requires_shipping", sa.Boolean(), nullable=False),
        sa.Column("explanation", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("refunded_quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name=op.f("fk_order_lines_store_id_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "product_id"],
            ["products.store_id", "products.id"],
            name=op.f("fk_order_lines_store_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "variant_id"],
            ["variants.store_id", "variants.id"],
            name=op.f("fk_order_lines_store_id_variant_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_order_lines_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_order_lines_store_id_id")),
    )
    op.create_index("ix_order_lines_order", "order_lines", ["store_id", "order_id", "position"], unique=False)
    op.create_index("ix_order_lines_variant", "order_lines", ["store_id", "variant_id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=False),
        sa.Column("operation_id", sa.UUID(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "operation_id"],
            ["payment_operations.store_id", "payment_operations.id"],
            name=op.f("fk_refunds_store_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name=op.f("fk_refunds_store_id_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "payment_id"],
            ["payments.store_id", "payments.id"],
            name=op.f("fk_refunds_store_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_refunds_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_refunds_store_id_id")),
        sa.UniqueConstraint("store_id", "operation_id", name=op.f("uq_refunds_store_id_operation_id")),
    )
    op.create_index("ix_refunds_order", "refunds", ["store_id", "order_id", "requested_at"], unique=False)
    op.create_table(
        "reservations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("stock_item_id", sa.UUID(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("owner_kind IN ('payment_session', 'order')", name=op.f("ck_reservations_owner_kind")),
        sa.CheckConstraint("state IN ('live', 'released', 'shipped')", name=op.f("ck_reservations_state")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservations_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["store_id", "stock_item_id"],
            ["stock_items.store_id", "stock_items.id"],
            name=op.f("fk_reservations_store_id_stock_item_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_reservations_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_reservations_store_id_id")),
    )
    op.create_index(
        "ix_reservations_live_item",
        "reservations",
        ["store_id", "stock_item_id"],
        unique=False,
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index("ix_reservations_owner", "reservations", ["store_id", "owner_kind", "owner_id"], unique=False)
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("stock_item_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference_kind", sa.Text(), nullable=True),
        sa.Column("reference_id", sa.UUID(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('initial', 'adjust', 'import', 'ship', 'return')", name=op.f("ck_stock_movements_kind")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "stock_item_id"],
            ["stock_items.store_id", "stock_items.id"],
            name=op.f("fk_stock_movements_store_id_stock_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index(
        "ix_stock_movements_item", "stock_movements", ["store_id", "stock_item_id", "occurred_at", "id"], unique=False
    )
    # Texts that are read as a whole and far more often than written, and rows that live for one transaction: to compress
    # them costs more than their room. Rows of up to a page stay in one piece.
    for table, columns in UNCOMPRESSED.items():
        op.execute(f"ALTER TABLE {table} SET (toast_tuple_target = 8160)")
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
