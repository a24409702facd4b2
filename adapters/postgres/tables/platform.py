"""What carries the work: outbox, deliveries, timeline, idempotency, schedule, clock."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from adapters.postgres.tables import (
    document,
    instant,
    integer,
    metadata,
    one_of,
    scoped,
    text,
    uuid,
)
from core.messages.deliveries import DeliveryState

outbox = scoped(
    "outbox",
    text("name"),
    text("aggregate"),
    uuid("aggregate_id"),
    integer("aggregate_version"),
    document("payload"),
    text("request_id"),
    instant("occurred_at"),
    sa.Index("ix_outbox_occurred_at", "occurred_at"),
)

deliveries = scoped(
    "deliveries",
    uuid("event_id", nullable=True),
    text("event_name"),
    text("subscriber"),
    document("payload"),
    text("request_id"),
    text("locale"),
    text("state"),
    integer("attempts"),
    instant("created_at"),
    instant("next_attempt_at"),
    instant("lease_until", nullable=True),
    text("last_error", nullable=True),
    instant("done_at", nullable=True),
    text("discard_reason", nullable=True),
    one_of("state", DeliveryState),
    sa.Index("ix_deliveries_due", "next_attempt_at", postgresql_where=sa.text("state IN ('waiting', 'leased')")),
    sa.Index("ix_deliveries_store_state", "store_id", "state", "created_at"),
)

timeline = scoped(
    "timeline",
    text("subject_kind"),
    uuid("subject_id"),
    text("name"),
    document("payload"),
    text("actor_kind"),
    uuid("actor_id", nullable=True),
    text("actor_label"),
    instant("occurred_at"),
    sa.Index("ix_timeline_subject", "store_id", "subject_kind", "subject_id", "occurred_at"),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    uuid("store_id", primary_key=True),
    text("caller", primary_key=True),
    text("route", primary_key=True),
    text("key", primary_key=True),
    sa.Column("body_hash", BYTEA, nullable=False),
    document("answer", nullable=True),
    instant("claimed_until", nullable=True),
    instant("created_at"),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    sa.Index("ix_idempotency_keys_created_at", "created_at"),
)

schedules = sa.Table(
    "schedules",
    metadata,
    text("name", primary_key=True),
    instant("next_run_at"),
    instant("lease_until", nullable=True),
    integer("every_seconds"),
    instant("last_run_at", nullable=True),
    integer("took_ms", nullable=True),
    document("last_result", nullable=True),
    text("last_error", nullable=True),
)

clock = sa.Table(
    "clock",
    metadata,
    sa.Column("single", sa.Boolean, primary_key=True),
    sa.Column("offset_seconds", sa.BigInteger, nullable=False),
    sa.CheckConstraint("single", name="one_row"),
)
