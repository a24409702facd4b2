"""Stores: the merchants' shops, their document counters and delivery rates."""

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
    scoped,
    strings,
    text,
    uuid,
    version,
)
from core.stores.model import CapturePolicy

stores = sa.Table(
    "stores",
    metadata,
    uuid("id", primary_key=True),
    text("name"),
    text("slug"),
    currency(),
    strings("currencies"),
    text("locale"),
    strings("locales"),
    strings("countries"),
    text("time_zone"),
    boolean("prices_include_tax"),
    text("order_prefix"),
    text("capture_policy"),
    integer("card_seconds"),
    integer("pix_minutes"),
    integer("bank_transfer_days"),
    text("email"),
    document("origin", nullable=True),
    sa.Column("carrier_rates", sa.Boolean, nullable=False, server_default=sa.true()),
    document("box", nullable=True),
    instant("created_at"),
    version(),
    sa.UniqueConstraint("slug"),
    one_of("capture_policy", CapturePolicy),
)

counters = sa.Table(
    "counters",
    metadata,
    uuid("store_id", primary_key=True),
    text("series", primary_key=True),
    sa.Column("next", sa.BigInteger, nullable=False),
    sa.Column("seal", BYTEA, nullable=True),  # of the journal: that its last entry is the last one
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
)

delivery_rates = scoped(
    "delivery_rates",
    text("name"),
    text("country"),
    text("postal_from"),
    text("postal_to"),
    integer("weight_from"),
    integer("weight_to"),
    minor("price_minor"),
    currency(),
    integer("days_min"),
    integer("days_max"),
    integer("position"),
    sa.CheckConstraint("price_minor >= 0", name="price_not_negative"),
    sa.CheckConstraint("weight_from < weight_to", name="weight_band"),
    sa.Index("ix_delivery_rates_store_country", "store_id", "country"),
)
