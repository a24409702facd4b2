"""Parcels of many orders that are labelled and handed over together.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = ("shipping_batches", "shipping_batch_rows")


def upgrade() -> None:
    _create()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY store ON {table} TO ecommerce_app"
            " USING (store_id = (SELECT current_setting('app.store_id')::uuid))"
            " WITH CHECK (store_id = (SELECT current_setting('app.store_id')::uuid))"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ecommerce_app")


def _create() -> None:
    op.create_table(
        "shipping_batches",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('quoting', 'open', 'buying', 'closed')", name=op.f("ck_shipping_batches_state")),
        sa.CheckConstraint(
            "choice IN ('cheapest_in_time', 'cheapest', 'fastest')", name=op.f("ck_shipping_batches_choice")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shipping_batches_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_batches")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_shipping_batches_store_id_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_shipping_batches_store_id_number")),
    )
    op.create_table(
        "shipping_batch_rows",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("batch_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=False),
        sa.Column("fulfilment_id", sa.UUID(), nullable=False),
        sa.Column("parcel_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.UUID(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('new', 'quoted', 'queued', 'done')", name=op.f("ck_shipping_batch_rows_state")),
        *(
            sa.ForeignKeyConstraint(
                ["store_id", column],
                [f"{table}.store_id", f"{table}.id"],
                name=op.f(f"fk_shipping_batch_rows_store_id_{column}"),
            )
            for column, table in (
                ("batch_id", "shipping_batches"),
                ("fulfilment_id", "fulfilments"),
                ("order_id", "orders"),
                ("parcel_id", "parcels"),
                ("quote_id", "shipping_quotes"),
            )
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shipping_batch_rows_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_batch_rows")),
        sa.UniqueConstraint(
            "store_id", "batch_id", "parcel_id", name=op.f("uq_shipping_batch_rows_store_id_batch_id_parcel_id")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_shipping_batch_rows_store_id_id")),
    )
    op.create_index("ix_shipping_batch_rows_parcel", "shipping_batch_rows", ["store_id", "parcel_id"], unique=False)
