"""Payments: provider accounts, sessions, payments with their operations, webhooks received."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

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
    strings,
    text,
    uuid,
    version,
)
from core.payments.lifecycle import Operation, OperationState, PaymentState
from core.payments.sessions import LIVE_STATES, SessionState

payment_accounts = scoped(
    "payment_accounts",
    text("provider"),
    text("name"),
    sa.Column("config", BYTEA, nullable=False),
    strings("methods"),
    boolean("enabled"),
    integer("position"),
    instant("created_at"),
)

payment_sessions = scoped(
    "payment_sessions",
    uuid("cart_id"),
    integer("cart_version"),
    uuid("payment_id"),
    text("method"),
    text("state"),
    currency(),
    minor("amount_minor"),
    sa.Column("secret_hash", BYTEA, nullable=False),
    document("quote"),
    text("return_url"),
    document("next_action", nullable=True),
    instant("created_at"),
    instant("expires_at", nullable=True),
    version(),
    reference("cart_id", "carts"),
    sa.UniqueConstraint("secret_hash"),
    one_of("state", SessionState),
    sa.Index(
        "uq_payment_sessions_live_cart",
        "store_id",
        "cart_id",
        unique=True,
        postgresql_where=sa.text("state IN (" + ", ".join(f"'{state}'" for state in sorted(LIVE_STATES)) + ")"),
    ),
    sa.Index(
        "ix_payment_sessions_deadline",
        "expires_at",
        postgresql_where=sa.text("state IN (" + ", ".join(f"'{state}'" for state in sorted(LIVE_STATES)) + ")"),
    ),
)

payments = scoped(
    "payments",
    uuid("account_id"),
    text("provider"),
    text("method"),
    uuid("cart_id"),
    uuid("session_id"),
    uuid("order_id", nullable=True),
    text("state"),
    currency(),
    minor("amount_minor"),
    minor("authorised_minor"),
    minor("captured_minor"),
    minor("refunded_minor"),
    minor("refunding_minor"),
    boolean("manual_capture"),
    boolean("confirmed_by_hand"),
    text("provider_reference", nullable=True),
    document("details"),
    text("decline_code", nullable=True),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("check_at", nullable=True),
    integer("checks"),
    version(),
    reference("account_id", "payment_accounts"),
    sa.UniqueConstraint("store_id", "account_id", "provider_reference"),
    one_of("state", PaymentState),
    # Guards our own requests; what the provider tells (`refunded_minor`) is recorded even where it exceeds this.
    sa.CheckConstraint("refunding_minor <= captured_minor", name="refunds_within_captured"),
    sa.Index("ix_payments_order", "store_id", "order_id"),
    sa.Index("ix_payments_session", "store_id", "session_id"),
    sa.Index("ix_payments_check", "check_at", postgresql_where=sa.text("check_at IS NOT NULL")),
)

payment_operations = scoped(
    "payment_operations",
    uuid("payment_id"),
    text("kind"),
    text("state"),
    minor("amount_minor"),
    currency(),
    text("key"),
    text("provider_reference", nullable=True),
    text("error_code", nullable=True),
    document("details"),
    instant("requested_at"),
    instant("finished_at", nullable=True),
    reference("payment_id", "payments"),
    sa.UniqueConstraint("store_id", "payment_id", "kind", "key"),
    one_of("kind", Operation),
    one_of("state", OperationState),
    sa.CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    sa.Index("ix_payment_operations_payment", "store_id", "payment_id", "requested_at"),
)

webhooks = scoped(
    "webhooks",
    text("provider"),
    uuid("account_id"),
    text("external_id"),
    text("kind"),
    text("subject", nullable=True),
    sa.Column("body", BYTEA, nullable=False),
    instant("received_at"),
    instant("processed_at", nullable=True),
    reference("account_id", "payment_accounts"),
    sa.UniqueConstraint("store_id", "provider", "account_id", "external_id"),
)
