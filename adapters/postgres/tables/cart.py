"""Carts and their lines, and what carriers answered about prices. Totals are never stored: the pure calculator makes
them."""

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
    strings,
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

# One account's answer to one question (what a parcel from here to there costs), for every cart that asks the same.
carrier_answers = scoped(
    "carrier_answers",
    uuid("account_id"),
    text("question"),
    instant("asked_at"),
    text("failed", nullable=True),
    document("prices"),
    strings("refusals"),
    reference("account_id", "carrier_accounts"),
    sa.Index("ix_carrier_answers_question", "store_id", "question", "asked_at"),
    sa.Index("ix_carrier_answers_asked", "asked_at"),
)
