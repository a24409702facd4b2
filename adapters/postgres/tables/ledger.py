"""The ledger: accounts, journal entries with their postings, closed days; and what triggers keep up beside them.

Entries and postings are written once: triggers refuse every change, whoever asks. `ledger_balances` and
`ledger_open_items` are sums that the trigger on postings keeps; the application only reads them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from adapters.postgres.tables import (
    boolean,
    currency,
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
from core.ledger.chart import AccountCode
from core.ledger.model import EntryKind, SourceType


def number(name: str = "number") -> sa.Column[int]:
    """A journal number: per store, without gaps."""
    return sa.Column(name, sa.BigInteger, nullable=False)


def day(name: str) -> sa.Column[object]:
    """A day in the store's time zone."""
    return sa.Column(name, sa.Date, nullable=False)


ledger_accounts = scoped(
    "ledger_accounts",
    text("code"),
    currency(),
    uuid("payment_account_id", nullable=True),
    instant("created_at"),
    one_of("code", AccountCode),
    sa.CheckConstraint(
        f"(payment_account_id IS NOT NULL) = (code = '{AccountCode.CLEARING}')", name="clearing_per_payment_account"
    ),
    reference("payment_account_id", "payment_accounts"),
    # What postings refer to, so that a posting's currency is its account's.
    sa.UniqueConstraint("store_id", "id", "currency", name="uq_ledger_accounts_currency"),
    sa.UniqueConstraint(
        "store_id",
        "code",
        "currency",
        "payment_account_id",
        name="uq_ledger_accounts_chart",
        postgresql_nulls_not_distinct=True,
    ),
)

journal_entries = scoped(
    "journal_entries",
    number(),
    text("key"),
    text("kind"),
    instant("fact_at"),
    day("booked_on"),
    text("source_type"),
    text("source_id"),
    uuid("order_id", nullable=True),
    uuid("reverses", nullable=True),
    text("memo"),
    instant("posted_at"),
    sa.Column("seal", BYTEA, nullable=False),
    one_of("kind", EntryKind),
    one_of("source_type", SourceType),
    reference("order_id", "orders"),
    reference("reverses", "journal_entries"),
    sa.UniqueConstraint("store_id", "key"),
    sa.UniqueConstraint("store_id", "number", name="uq_journal_entries_number"),
    # An entry is taken back at most once.
    sa.UniqueConstraint("store_id", "reverses", name="uq_journal_entries_reverses"),
    sa.Index("ix_journal_entries_day", "store_id", "booked_on", "number"),
    sa.Index(
        "ix_journal_entries_order", "store_id", "order_id", "number", postgresql_where=sa.text("order_id IS NOT NULL")
    ),
)

postings = sa.Table(
    "postings",
    metadata,
    uuid("store_id"),
    uuid("entry_id", primary_key=True),
    integer("line", primary_key=True),
    uuid("account_id"),
    minor("amount_minor"),
    currency(),
    text("open_item", nullable=True),
    # The entry's own, repeated so that an account's page is one walk along an index.
    day("booked_on"),
    number(),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    # That the entry exists is held by the trigger on postings, for all of a statement at once.
    sa.ForeignKeyConstraint(
        ["store_id", "account_id", "currency"],
        ["ledger_accounts.store_id", "ledger_accounts.id", "ledger_accounts.currency"],
        name="fk_postings_account",
    ),
    sa.CheckConstraint("amount_minor <> 0", name="amount_not_zero"),
    sa.Index("ix_postings_account", "store_id", "account_id", "booked_on", "number", "line"),
)

ledger_balances = sa.Table(
    "ledger_balances",
    metadata,
    uuid("store_id", primary_key=True),
    uuid("account_id", primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    minor("debit_minor"),
    minor("credit_minor"),
    integer("postings"),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
)

ledger_open_items = sa.Table(
    "ledger_open_items",
    metadata,
    uuid("store_id", primary_key=True),
    uuid("account_id", primary_key=True),
    text("open_item", primary_key=True),
    minor("amount_minor"),
    day("opened_on"),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    sa.Index(
        "ix_ledger_open_items_open",
        "store_id",
        "account_id",
        "opened_on",
        "open_item",
        postgresql_where=sa.text("amount_minor <> 0"),
    ),
)

# A log: the last row of a day says whether it is closed. All days up to a closed one are closed too.
ledger_days = scoped(
    "ledger_days",
    day("day"),
    integer("sequence"),
    boolean("closed"),
    text("reason"),
    text("decided_by"),
    instant("decided_at"),
    sa.Column("last_number", sa.BigInteger, nullable=False),
    sa.Column("entries", sa.BigInteger, nullable=False),
    sa.Column("digest", BYTEA, nullable=False),
    sa.Column("seal", BYTEA, nullable=False),
    sa.CheckConstraint("sequence > 0", name="sequence_positive"),
    sa.UniqueConstraint("store_id", "day", "sequence", name="uq_ledger_days_sequence"),
)

ledger_settings = sa.Table(
    "ledger_settings",
    metadata,
    uuid("store_id", primary_key=True),
    minor("exception_limit_minor"),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    sa.CheckConstraint("exception_limit_minor >= 0", name="limit_not_negative"),
)
