"""Messages to customers: what was written, to whom, and when it was handed to the mailer."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import instant, scoped, text, uuid

messages = scoped(
    "messages",
    text("kind"),
    text("dedupe_key"),
    text("recipient"),
    text("sender"),
    text("subject"),
    text("body_text"),
    text("body_html"),
    uuid("order_id", nullable=True),
    instant("created_at"),
    instant("sent_at", nullable=True),
    sa.UniqueConstraint("store_id", "dedupe_key"),
    sa.Index("ix_messages_store_created_at", "store_id", "created_at", "id"),
    sa.Index("ix_messages_order", "store_id", "order_id"),
)
