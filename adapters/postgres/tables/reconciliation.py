"""Exceptions: money that does not fit, kept until somebody explains it; their history, and approvals of decisions."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import (
    currency,
    document,
    instant,
    metadata,
    minor,
    one_of,
    reference,
    scoped,
    text,
    uuid,
    version,
)
from core.reconciliation.approvals import ApprovalState, Decision
from core.reconciliation.kinds import ExceptionKind, Origin
from core.reconciliation.model import ExceptionState

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
    text("resolved_by", nullable=True),
    uuid("account_id", nullable=True),
    text("origin", server_default=Origin.PAYMENTS),
    uuid("owner_id", nullable=True),
    text("owner_name", nullable=True),
    version(),
    one_of("kind", ExceptionKind),
    one_of("state", ExceptionState),
    one_of("origin", Origin),
    reference("account_id", "payment_accounts"),
    sa.UniqueConstraint("store_id", "kind", "left_reference", "right_reference"),
    sa.Index("ix_exceptions_store_state", "store_id", "state", "opened_at", "id"),
    sa.Index("ix_exceptions_order", "store_id", "order_id"),
    sa.Index("ix_exceptions_value", "store_id", "amount_minor", "id", postgresql_where=sa.text("state = 'open'")),
    sa.Index("ix_exceptions_explained", "store_id", "resolved_at", postgresql_where=sa.text("state = 'resolved'")),
    sa.Index("ix_exceptions_account", "store_id", "account_id", "right_reference"),
)

# Written once: what was said and done about an exception.
exception_comments = scoped(
    "exception_comments",
    uuid("exception_id"),
    text("kind"),
    text("text"),
    uuid("by_id", nullable=True),
    text("by_label"),
    instant("at"),
    reference("exception_id", "reconciliation_exceptions"),
    sa.Index("ix_exception_comments_exception", "store_id", "exception_id", "at", "id"),
)

approvals = scoped(
    "approvals",
    uuid("exception_id"),
    text("decision"),
    text("state"),
    minor("amount_minor"),
    currency(),
    document("details"),
    text("note"),
    uuid("asked_by_id", nullable=True),
    text("asked_by"),
    instant("asked_at"),
    uuid("decided_by_id", nullable=True),
    text("decided_by", nullable=True),
    instant("decided_at", nullable=True),
    text("answer"),
    version(),
    one_of("decision", Decision),
    one_of("state", ApprovalState),
    reference("exception_id", "reconciliation_exceptions"),
    # Two people, whatever the application thinks.
    sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id IS DISTINCT FROM asked_by_id", name="two_people"),
    sa.Index(
        "uq_approvals_waiting",
        "store_id",
        "exception_id",
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'approved')"),
    ),
)

reconciliation_settings = sa.Table(
    "reconciliation_settings",
    metadata,
    uuid("store_id", primary_key=True),
    minor("approval_limit_minor"),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    sa.CheckConstraint("approval_limit_minor >= 0", name="limit_not_negative"),
)
