"""Exceptions: money that does not fit, kept until somebody explains it."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import currency, document, instant, minor, one_of, scoped, text, uuid, version
from core.reconciliation.model import ExceptionKind, ExceptionState

exceptions = scoped(
    "reconciliation_exceptions",
    text("kind"),
    text("state"),
    text("left_reference"),
    text("right_reference"),
    uuid("payment_id", nullable=True),
    uuid("order_id", nullable=True),
    minor("amount_minor"),
    currency(),
    document("details"),
    instant("opened_at"),
    instant("resolved_at", nullable=True),
    text("resolution", nullable=True),
    version(),
    one_of("kind", ExceptionKind),
    one_of("state", ExceptionState),
    sa.UniqueConstraint("store_id", "kind", "left_reference", "right_reference"),
    sa.Index("ix_exceptions_store_state", "store_id", "state", "opened_at", "id"),
    sa.Index("ix_exceptions_order", "store_id", "order_id"),
)
