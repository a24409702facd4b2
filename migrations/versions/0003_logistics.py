"""Fulfilments, parcels, postage and tracking.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

TABLES = (
    "carrier_accounts",
    "carrier_budgets",
    "fulfilments",
    "fulfilment_lines",
    "parcels",
    "shipments",
    "shipping_quotes",
    "carrier_webhooks",
)

# What was seen of a parcel is history: nobody changes or takes away a row.
APPEND_ONLY = ("tracking_events",)

# The schedule looks for what is due, in all stores, and reads no more of it than it needs.
PLATFORM = {
    "parcels": "id, store_id, account_id, next_poll_at",
    "shipments": "id, store_id, state, check_at",
}

FUNCTIONS = """
CREATE FUNCTION resolve_carrier_account(account uuid)
RETURNS TABLE (id uuid, store_id uuid, carrier text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT a.id, a.store_id, a.carrier FROM public.carrier_accounts a WHERE a.id = account AND a.enabled;
END;
"""


def upgrade() -> None:
    _create()
    for table in (*TABLES, *APPEND_ONLY):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY store ON {table} TO ecommerce_app"
            " USING (store_id = (SELECT current_setting('app.store_id')::uuid))"
            " WITH CHECK (store_id = (SELECT current_setting('app.store_id')::uuid))"
        )
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO ecommerce_app")
    for table, columns in PLATFORM.items():
        op.execute(f"CREATE POLICY platform ON {table} FOR SELECT TO ecommerce_platform USING (true)")
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO ecommerce_platform")
    op.execute(FUNCTIONS)
    op.execute("GRANT EXECUTE ON FUNCTION resolve_carrier_account(uuid) TO ecommerce_app")


def _create() -> None:
    op.create_table(
        "carrier_accounts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("config", postgresql.BYTEA(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("requests_per_second", sa.Integer(), nullable=False),
        sa.Column("burst", sa.Integer(), nullable=False),
        sa.Column("requests_per_day", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "requests_per_second > 0 AND burst > 0 AND requests_per_day > 0",
            name=op.f("ck_carrier_accounts_limits_positive"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_carrier_accounts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_accounts")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_carrier_accounts_store_id_id")),
    )
    op.create_table(
        "carrier_budgets",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("rate_milli", sa.Integer(), nullable=False),
        sa.Column("tokens_milli", sa.Integer(), nullable=False),
        sa.Column("refilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used_today", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["carrier_accounts.store_id", "carrier_accounts.id"],
            name=op.f("fk_carrier_budgets_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_carrier_budgets_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_budgets")),
        sa.UniqueConstraint("store_id", "account_id", name=op.f("uq_carrier_budgets_store_id_account_id")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_carrier_budgets_store_id_id")),
    )
    op.create_table(
        "carrier_webhooks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tracking_folded", sa.Text(), nullable=True),
        sa.Column("shipment_reference", sa.Text(), nullable=True),
        sa.Column("tracked", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("body", postgresql.BYTEA(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('received', 'parked', 'processed')", name=op.f("ck_carrier_webhooks_state")),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["carrier_accounts.store_id", "carrier_accounts.id"],
            name=op.f("fk_carrier_webhooks_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_carrier_webhooks_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_webhooks")),
        sa.UniqueConstraint(
            "store_id",
            "carrier",
            "account_id",
            "external_id",
            name=op.f("uq_carrier_webhooks_store_id_carrier_account_id_external_id"),
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_carrier_webhooks_store_id_id")),
    )
    op.create_index(
        "ix_carrier_webhooks_parked",
        "carrier_webhooks",
        ["store_id", "tracking_folded"],
        unique=False,
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_table(
        "fulfilments",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'shipped', 'cancelled', 'reversed')", name=op.f("ck_fulfilments_state")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "location_id"],
            ["locations.store_id", "locations.id"],
            name=op.f("fk_fulfilments_store_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name=op.f("fk_fulfilments_store_id_order_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_fulfilments_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilments")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_fulfilments_store_id_id")),
        sa.UniqueConstraint("store_id", "order_id", "number", name=op.f("uq_fulfilments_store_id_order_id_number")),
    )
    op.create_index(
        "ix_fulfilments_store_state", "fulfilments", ["store_id", "state", "planned_at", "id"], unique=False
    )
    op.create_table(
        "fulfilment_lines",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("fulfilment_id", sa.UUID(), nullable=False),
        sa.Column("line_id", sa.UUID(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfilment_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["store_id", "fulfilment_id"],
            ["fulfilments.store_id", "fulfilments.id"],
            name=op.f("fk_fulfilment_lines_store_id_fulfilment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "line_id"],
            ["order_lines.store_id", "order_lines.id"],
            name=op.f("fk_fulfilment_lines_store_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_fulfilment_lines_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment_lines")),
        sa.UniqueConstraint(
            "store_id", "fulfilment_id", "line_id", name=op.f("uq_fulfilment_lines_store_id_fulfilment_id_line_id")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_fulfilment_lines_store_id_id")),
    )
    op.create_index("ix_fulfilment_lines_line", "fulfilment_lines", ["store_id", "line_id"], unique=False)
    op.create_table(
        "parcels",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("fulfilment_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=False),
        sa.Column("length_mm", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("height_mm", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("tracking_folded", sa.Text(), nullable=True),
        sa.Column("account_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("announced", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("tracked_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_news_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("answer_hash", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('unknown', 'label_created', 'accepted', 'in_transit', 'customs_hold', 'out_for_delivery', 'available_for_pickup', 'delivery_attempted', 'delayed', 'exception', 'returning', 'returned', 'delivered', 'lost', 'cancelled')",
            name=op.f("ck_parcels_status"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["carrier_accounts.store_id", "carrier_accounts.id"],
            name=op.f("fk_parcels_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "fulfilment_id"],
            ["fulfilments.store_id", "fulfilments.id"],
            name=op.f("fk_parcels_store_id_fulfilment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name=op.f("fk_parcels_store_id_order_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_parcels_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint(
            "store_id", "fulfilment_id", "position", name=op.f("uq_parcels_store_id_fulfilment_id_position")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_parcels_store_id_id")),
    )
    op.create_index(
        "ix_parcels_due",
        "parcels",
        ["account_id", "next_poll_at"],
        unique=False,
        postgresql_where=sa.text("next_poll_at IS NOT NULL"),
    )
    op.create_index("ix_parcels_number", "parcels", ["store_id", "tracking_folded"], unique=False)
    op.create_index("ix_parcels_order", "parcels", ["store_id", "order_id"], unique=False)
    op.create_table(
        "shipments",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("parcel_id", sa.UUID(), nullable=False),
        sa.Column("fulfilment_id", sa.UUID(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shipment_reference", sa.Text(), nullable=False),
        sa.Column("rate_id", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("quoted_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=True),
        sa.Column("paid_currency", sa.CHAR(length=3), nullable=True),
        sa.Column("days_min", sa.Integer(), nullable=True),
        sa.Column("days_max", sa.Integer(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("label_sha256", sa.Text(), nullable=True),
        sa.Column("label_media_type", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("unwanted", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purchased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'purchasing', 'purchased', 'refused', 'unknown', 'voiding', 'voided', 'void_refused', 'expired')",
            name=op.f("ck_shipments_state"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["carrier_accounts.store_id", "carrier_accounts.id"],
            name=op.f("fk_shipments_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "fulfilment_id"],
            ["fulfilments.store_id", "fulfilments.id"],
            name=op.f("fk_shipments_store_id_fulfilment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"], ["orders.store_id", "orders.id"], name=op.f("fk_shipments_store_id_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "parcel_id"], ["parcels.store_id", "parcels.id"], name=op.f("fk_shipments_store_id_parcel_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shipments_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_shipments_store_id_id")),
        sa.UniqueConstraint("store_id", "key", name=op.f("uq_shipments_store_id_key")),
    )
    op.create_index(
        "ix_shipments_check", "shipments", ["check_at"], unique=False, postgresql_where=sa.text("check_at IS NOT NULL")
    )
    op.create_index("ix_shipments_fulfilment", "shipments", ["store_id", "fulfilment_id"], unique=False)
    op.create_index("ix_shipments_order", "shipments", ["store_id", "order_id"], unique=False)
    op.create_index(
        "ix_shipments_reference", "shipments", ["store_id", "account_id", "shipment_reference"], unique=False
    )
    op.create_index(
        "uq_shipments_live_parcel",
        "shipments",
        ["store_id", "parcel_id"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('draft', 'expired', 'purchased', 'purchasing', 'unknown', 'void_refused', 'voiding')"
        ),
    )
    op.create_table(
        "shipping_quotes",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("parcel_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=True),
        sa.Column("days_max", sa.Integer(), nullable=True),
        sa.Column("shipment_reference", sa.Text(), nullable=False),
        sa.Column("rate_id", sa.Text(), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=False),
        sa.Column("length_mm", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("height_mm", sa.Integer(), nullable=False),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["carrier_accounts.store_id", "carrier_accounts.id"],
            name=op.f("fk_shipping_quotes_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "parcel_id"],
            ["parcels.store_id", "parcels.id"],
            name=op.f("fk_shipping_quotes_store_id_parcel_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shipping_quotes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_quotes")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_shipping_quotes_store_id_id")),
    )
    op.create_index(
        "ix_shipping_quotes_parcel", "shipping_quotes", ["store_id", "parcel_id", "quoted_at"], unique=False
    )
    op.create_table(
        "tracking_events",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("parcel_id", sa.UUID(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("raw_code", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("local_time", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source IN ('poll', 'webhook', 'manual')", name=op.f("ck_tracking_events_source")),
        sa.CheckConstraint(
            "status IN ('unknown', 'label_created', 'accepted', 'in_transit', 'customs_hold', 'out_for_delivery', 'available_for_pickup', 'delivery_attempted', 'delayed', 'exception', 'returning', 'returned', 'delivered', 'lost', 'cancelled')",
            name=op.f("ck_tracking_events_status"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "parcel_id"],
            ["parcels.store_id", "parcels.id"],
            name=op.f("fk_tracking_events_store_id_parcel_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_tracking_events_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_events")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_tracking_events_store_id_id")),
        sa.UniqueConstraint(
            "store_id", "parcel_id", "dedupe_key", name=op.f("uq_tracking_events_store_id_parcel_id_dedupe_key")
        ),
    )
