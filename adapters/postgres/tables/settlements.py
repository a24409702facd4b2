"""Settlements: payouts, the provider's lines and disputes, what of ours each line is matched with, and the runs that
compared them."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import (
    STAGING,
    boolean,
    currency,
    document,
    instant,
    integer,
    metadata,
    minor,
    one_of,
    reference,
    scoped,
    text,
    uuid,
)
from core.reconciliation.rules import MatchPass, RunState, Subject, Trigger
from ports.settlements import DisputeStatus, LineCategory, PayoutStatus


def day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A day as the provider counts it."""
    return sa.Column(name, sa.Date, nullable=nullable)


def key(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """A reference that is compared for equality: by its bytes, which joins of many rows notice."""
    return sa.Column(name, sa.Text(collation="C"), nullable=nullable)


reconciliation_runs = scoped(
    "reconciliation_runs",
    uuid("account_id"),
    text("state"),
    text("trigger"),
    boolean("dry_run"),
    integer("rule_version"),
    instant("since"),
    instant("started_at"),
    instant("finished_at", nullable=True),
    document("counts"),
    document("totals"),
    text("failure", nullable=True),
    one_of("state", RunState),
    one_of("trigger", Trigger),
    reference("account_id", "payment_accounts"),
    sa.Index("ix_reconciliation_runs_account", "store_id", "account_id", "started_at", "id"),
    sa.Index("ix_reconciliation_runs_started", "store_id", "started_at", "id"),
)

payouts = scoped(
    "payouts",
    uuid("account_id"),
    key("reference"),
    minor("amount_minor"),
    currency(),
    text("status"),
    day("arrival_on"),
    instant("created_at"),
    text("bank_reference", nullable=True),
    text("failure_code", nullable=True),
    boolean("complete"),
    # The provider said that these are all lines, and we have them.
    boolean("lines_read"),
    boolean("announced_posted"),
    boolean("failure_posted"),
    one_of("status", PayoutStatus),
    reference("account_id", "payment_accounts"),
    sa.UniqueConstraint("store_id", "account_id", "reference"),
    sa.Index("ix_payouts_arrival", "store_id", "arrival_on", "id"),
)

disputes = scoped(
    "disputes",
    uuid("account_id"),
    key("reference"),
    key("tender_reference"),
    uuid("payment_id", nullable=True),
    minor("amount_minor"),
    currency(),
    text("status"),
    text("reason"),
    instant("created_at"),
    instant("evidence_due_at", nullable=True),
    boolean("withdrawn"),
    boolean("loss_posted"),
    one_of("status", DisputeStatus),
    reference("account_id", "payment_accounts"),
    reference("payment_id", "payments"),
    sa.UniqueConstraint("store_id", "account_id", "reference"),
    sa.Index("ix_disputes_payment", "store_id", "payment_id"),
)

# A group has the id of what it is about, so that is in one group at most; a line names its group, so it is in one too.
# The two tables that get a row for every line have no key but the composite one, and their references are checked by
# triggers, for all rows of a statement at once (`check_match_groups`, `check_provider_lines`).
match_groups = sa.Table(
    "match_groups",
    metadata,
    uuid("store_id", primary_key=True),
    uuid("id", primary_key=True),
    text("subject"),
    uuid("payment_id", nullable=True),
    uuid("operation_id", nullable=True),
    uuid("dispute_id", nullable=True),
    text("pass"),
    integer("rule_version"),
    uuid("run_id"),
    instant("matched_at"),
    one_of("subject", Subject),
    one_of("pass", MatchPass),
    sa.CheckConstraint("id = coalesce(operation_id, dispute_id, payment_id)", name="subject_is_id"),
)

provider_lines = sa.Table(
    "provider_lines",
    metadata,
    uuid("store_id", primary_key=True),
    uuid("id", primary_key=True),
    uuid("account_id"),
    key("external_id"),
    text("category"),
    text("raw_category"),
    minor("gross_minor"),
    minor("fee_minor"),
    minor("net_minor"),
    currency(),
    instant("created_at"),
    day("available_on"),
    key("source_reference", nullable=True),
    key("tender_reference", nullable=True),
    key("merchant_reference", nullable=True),
    key("payout_reference", nullable=True),
    text("method", nullable=True),
    text("description"),
    document("raw"),
    uuid("run_id"),
    uuid("match_id", nullable=True),
    text("match_pass", nullable=True),
    boolean("posted"),
    one_of("category", LineCategory),
    one_of("match_pass", MatchPass),
    sa.CheckConstraint("net_minor = gross_minor - fee_minor", name="net_is_gross_less_fee"),
    # An account is of one store. Narrow keys, and equal ones that the index keeps once: each line is in all of them.
    sa.UniqueConstraint("account_id", "external_id", name="uq_provider_lines_external"),
    sa.Index("ix_provider_lines_match", "match_id"),
    sa.Index("ix_provider_lines_payout", "account_id", "payout_reference"),
    sa.Index("ix_provider_lines_unmatched", "account_id", postgresql_where=sa.text("match_id IS NULL")),
    sa.Index("ix_provider_lines_to_post", "account_id", "id", postgresql_where=sa.text("NOT posted")),
)

fee_contracts = scoped(
    "fee_contracts",
    uuid("account_id"),
    text("method"),
    currency(),
    integer("basis_points"),
    minor("fixed_minor"),
    day("valid_from"),
    reference("account_id", "payment_accounts"),
    sa.CheckConstraint("basis_points >= 0 AND fixed_minor >= 0", name="not_negative"),
    sa.UniqueConstraint("store_id", "account_id", "method", "currency", "valid_from", name="uq_fee_contracts_from"),
)

# COPY does not work under row-level security, so what the provider tells is copied here, keyed by the run, and read
# back through a function that checks the run's store. Lines, payouts and disputes in one table: `kind` says which.
settlement_rows = sa.Table(
    "settlement_rows",
    metadata,
    uuid("run_id"),
    text("kind"),
    uuid("id"),
    key("reference"),
    text("word"),
    text("raw_word", nullable=True),
    minor("gross_minor"),
    minor("fee_minor", nullable=True),
    minor("net_minor", nullable=True),
    currency(),
    instant("created_at"),
    day("on_day", nullable=True),
    key("source_reference", nullable=True),
    key("tender_reference", nullable=True),
    key("merchant_reference", nullable=True),
    uuid("merchant_id", nullable=True),
    key("payout_reference", nullable=True),
    text("method", nullable=True),
    text("description", nullable=True),
    sa.Column("flag", sa.Boolean, nullable=True),
    sa.Column("read", sa.Boolean, nullable=True),
    instant("due_at", nullable=True),
    document("raw", nullable=True),
    sa.Index("ix_settlement_rows_run", "run_id", "kind"),
    schema=STAGING,
    prefixes=["UNLOGGED"],
)
