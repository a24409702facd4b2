"""Carts and their lines. Totals are never stored: the pure calculator makes them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from adapters.postgres.tables import (
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
from core.cart.model import CartState

carts = scoped(
    "carts",
    sa.Column("token_hash", BYTEA, nullable=False),
    text("state"),
    currency(),
    uuid("shopper_id", nullable=True),
    document("contact", nullable=True),
    document("shipping_address", nullable=True),
    document("billing_address", nullable=True),
    document("shipping_option", nullable=True),
    text("locale"),
    instant("created_at"),
    instant("updated_at"),
    version(),
    sa.UniqueConstraint("token_hash"),
    reference("shopper_id", "shoppers"),
    one_of("state", CartState),
)

cart_lines = scoped(
    "cart_lines",
    uuid("cart_id"),
    uuid("variant_id"),
    integer("quantity"),
    minor("seen_price_minor"),
    integer("position"),
    reference("cart_id", "carts", ondelete="CASCADE"),
    sa.UniqueConstraint("store_id", "cart_id", "variant_id"),
    sa.CheckConstraint("quantity > 0", name="quantity_positive"),
)
