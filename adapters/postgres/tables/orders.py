"""Orders: snapshots of what was sold, one own axis, three derived ones refreshed with the facts."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import (
    boolean,
    currency,
    document,
    instant,
    integer,
    minor,
    one_of,
    reference,
    scoped,
    text,
    uuid,
    version,
)
from core.orders.axes import MAY_SHIP, FulfilmentStatus, PaymentStatus, ReturnStatus
from core.orders.lifecycle import OrderStatus

# In words that a partial index is recognised by: no bound values.
_MAY_SHIP = ", ".join(f"'{state}'" for state in MAY_SHIP)
TO_SHIP = sa.text(
    f"status = '{OrderStatus.OPEN}' AND fulfilment_status = '{FulfilmentStatus.UNFULFILLED}'"
    f" AND payment_status IN ({_MAY_SHIP}) AND travels"
)
PART_SHIPPED = sa.text(
    f"status = '{OrderStatus.OPEN}' AND fulfilment_status = '{FulfilmentStatus.PARTIALLY_FULFILLED}'"
    f" AND payment_status IN ({_MAY_SHIP})"
)

orders = scoped(
    "orders",
    uuid("cart_id"),
    sa.Column("number", sa.BigInteger, nullable=True),
    text("status"),
    text("payment_status"),
    text("fulfilment_status"),
    text("return_status"),
    currency(),
    minor("items_minor"),
    minor("discount_minor"),
    minor("shipping_minor"),
    minor("tax_minor"),
    minor("total_minor"),
    integer("quantity"),
    sa.Column("travels", sa.Boolean, nullable=False, server_default=sa.true()),
    uuid("shopper_id", nullable=True),
    document("contact"),
    text("email_folded"),
    text("customer_name"),
    document("shipping_address", nullable=True),
    document("billing_address", nullable=True),
    document("shipping_option", nullable=True),
    document("quote"),
    integer("token_rotation"),
    text("locale"),
    text("cancel_reason", nullable=True),
    instant("placed_at"),
    instant("cancelled_at", nullable=True),
    version(),
    sa.UniqueConstraint("store_id", "cart_id"),
    sa.UniqueConstraint("store_id", "number"),
    reference("cart_id", "carts"),
    reference("shopper_id", "shoppers"),
    one_of("status", OrderStatus),
    one_of("payment_status", PaymentStatus),
    one_of("fulfilment_status", FulfilmentStatus),
    one_of("return_status", ReturnStatus),
    sa.Index("ix_orders_store_placed_at", "store_id", "placed_at", "id"),
    sa.Index("ix_orders_store_status", "store_id", "status", "placed_at", "id"),
    sa.Index("ix_orders_store_payment_status", "store_id", "payment_status", "placed_at", "id"),
    sa.Index("ix_orders_store_fulfilment_status", "store_id", "fulfilment_status", "placed_at", "id"),
    sa.Index("ix_orders_to_send", "store_id", "placed_at", "id", postgresql_where=TO_SHIP),
    sa.Index("ix_orders_store_email", "store_id", "email_folded", "placed_at", "id"),
    sa.Index("ix_orders_store_shopper", "store_id", "shopper_id", "placed_at", "id"),
)

order_lines = scoped(
    "order_lines",
    uuid("order_id"),
    integer("position"),
    uuid("product_id"),
    uuid("variant_id"),
    text("sku", nullable=True),
    text("title"),
    document("options"),
    text("image", nullable=True),
    integer("quantity"),
    minor("unit_minor"),
    minor("discount_minor"),
    minor("tax_minor"),
    minor("total_minor"),
    currency(),
    integer("weight_grams"),
    boolean("requires_shipping"),
    document("explanation"),
    integer("refunded_quantity"),
    reference("order_id", "orders"),
    # These two are why a product that was ever ordered can only be archived.
    reference("product_id", "products"),
    reference("variant_id", "variants"),
    sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    sa.Index("ix_order_lines_order", "store_id", "order_id", "position"),
    sa.Index("ix_order_lines_variant", "store_id", "variant_id"),
)

refunds = scoped(
    "refunds",
    uuid("order_id"),
    uuid("payment_id"),
    uuid("operation_id"),
    currency(),
    minor("amount_minor"),
    minor("shipping_minor"),
    document("lines"),
    text("note"),
    text("requested_by"),
    instant("requested_at"),
    reference("order_id", "orders"),
    reference("payment_id", "payments"),
    reference("operation_id", "payment_operations"),
    sa.UniqueConstraint("store_id", "operation_id"),
    sa.Index("ix_refunds_order", "store_id", "order_id", "requested_at"),
)
