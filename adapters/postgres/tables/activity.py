"""The activity log: what every write by staff, shopper, key or job changed. Insert-only for every role."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import document, instant, scoped, text, uuid

activity = scoped(
    "activity",
    uuid("parent_id", nullable=True),
    text("action"),
    text("actor_kind"),
    uuid("actor_id", nullable=True),
    text("actor_label"),
    text("request_id"),
    text("reason", nullable=True),
    text("target_kind", nullable=True),
    uuid("target_id", nullable=True),
    document("changes"),
    instant("occurred_at"),
    sa.Index("ix_activity_store_occurred_at", "store_id", "occurred_at", "id"),
    sa.Index(
        "ix_activity_people",
        "store_id",
        "occurred_at",
        "id",
        postgresql_where=sa.text("actor_kind IN ('staff', 'shopper')"),
    ),
    sa.Index("ix_activity_target", "store_id", "target_kind", "target_id", "occurred_at"),
)
