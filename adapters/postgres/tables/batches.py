"""Batches of parcels that are labelled and handed over together."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import instant, integer, one_of, reference, scoped, text, uuid, version
from core.logistics.batch import BatchState, RowState
from core.logistics.choosing import Choice

shipping_batches = scoped(
    "shipping_batches",
    integer("number"),
    text("state"),
    text("choice"),
    text("created_by"),
    instant("created_at"),
    instant("started_at", nullable=True),
    instant("closed_at", nullable=True),
    version(),
    sa.UniqueConstraint("store_id", "number"),
    one_of("state", BatchState),
    one_of("choice", Choice),
)

shipping_batch_rows = scoped(
    "shipping_batch_rows",
    uuid("batch_id"),
    integer("position"),
    uuid("order_id"),
    uuid("fulfilment_id"),
    uuid("parcel_id"),
    text("state"),
    uuid("quote_id", nullable=True),
    text("problem", nullable=True),
    integer("tries"),
    reference("batch_id", "shipping_batches"),
    reference("order_id", "orders"),
    reference("fulfilment_id", "fulfilments"),
    reference("parcel_id", "parcels"),
    reference("quote_id", "shipping_quotes"),
    sa.UniqueConstraint("store_id", "batch_id", "parcel_id"),
    one_of("state", RowState),
    sa.Index("ix_shipping_batch_rows_parcel", "store_id", "parcel_id"),
)
