"""An index of the orders to ship: they are counted with every page of the back office.

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
