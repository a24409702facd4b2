"""Whether anything of an order goes in a parcel: only such orders are to be sent.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("orders", sa.Column("travels", sa.Boolean(), server_default=sa.true(), nullable=False))
    # Few orders are of vouchers and the like alone: only their rows are written.
    op.execute(
        "UPDATE orders SET travels = false WHERE NOT EXISTS (SELECT 1 FROM order_lines l"
        " WHERE l.store_id = orders.store_id AND l.order_id = orders.id AND l.requires_shipping)"
    )
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_to_send ON orders (store_id, placed_at, id)"
            " WHERE status = 'open' AND fulfilment_status = 'unfulfilled'"
            " AND payment_status IN ('authorised', 'paid', 'overpaid', 'partially_refunded') AND travels"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_to_ship")
