"""Indexes of the orders to ship, which are counted with every page, and of what people did among all the log's rows.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_to_ship ON orders (store_id, placed_at, id)"
            " WHERE status = 'open' AND fulfilment_status = 'unfulfilled'"
            " AND payment_status IN ('authorised', 'paid', 'overpaid', 'partially_refunded')"
        )
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_activity_people ON activity (store_id, occurred_at, id)"
            " WHERE actor_kind IN ('staff', 'shopper')"
        )
