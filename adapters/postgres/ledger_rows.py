"""Rows of the journal as entries of the model."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.session import Session
from adapters.postgres.tables.ledger import journal_entries, ledger_accounts, postings
from adapters.postgres.tables.stores import counters
from core.ledger.chart import AccountCode, OpenItem
from core.ledger.model import AccountRef, Entry, EntryKind, PostedEntry, Posting, Source, SourceType
from core.shared.ids import OrderId, PaymentAccountId
from core.shared.money import Money

JOURNAL = "journal"  # the series of the store's journal numbers

_TAKE = (
    insert(counters)
    .values(store_id=sa.bindparam("store_id"), series=JOURNAL, next=1)
    .on_conflict_do_update(
        index_elements=[counters.c.store_id, counters.c.series], set_={"next": counters.c.next + sa.literal(0)}
    )
    .returning(counters.c.next)
)

_reversed = journal_entries.alias("reversed")

# One row a posting, in the order of the lines.
ENTRY = (
    sa.select(
        journal_entries,
        postings.c.line,
        postings.c.account_id,
        postings.c.amount_minor,
        postings.c.currency,
        postings.c.open_item,
        ledger_accounts.c.code,
        ledger_accounts.c.payment_account_id,
        _reversed.c.key.label("reversed_key"),
    )
    .select_from(
        journal_entries.join(
            postings,
            sa.and_(
                postings.c.store_id == journal_entries.c.store_id,
                postings.c.entry_id == journal_entries.c.id,
            ),
        )
        .join(ledger_accounts, ledger_accounts.c.id == postings.c.account_id)
        .outerjoin(_reversed, _reversed.c.id == journal_entries.c.reverses)
    )
    .order_by(journal_entries.c.number, postings.c.line)
)


def take_journal(session: Session) -> int:
    """Hold the store's journal until the commit; the number of its next entry. Whoever posts or closes a day holds
    it, so numbers have no gaps and a key is posted once."""
    row = session.row(_TAKE, {"store_id": session.store_id})
    if row is None:
        raise LookupError("the journal's series can't be taken")
    return int(row["next"])


def to_account(row: sa.RowMapping) -> AccountRef:
    account = row["payment_account_id"]
    return AccountRef(AccountCode(row["code"]), None if account is None else PaymentAccountId(account))


def to_posting(row: sa.RowMapping) -> Posting:
    item = row["open_item"]
    return Posting(
        to_account(row), Money(row["amount_minor"], row["currency"]), None if item is None else OpenItem.parse(item)
    )


def to_posted(rows: Sequence[sa.RowMapping]) -> PostedEntry:
    """The entry that `rows` of ENTRY are the postings of."""
    head = rows[0]
    entry = Entry(
        key=head["key"],
        kind=EntryKind(head["kind"]),
        fact_at=head["fact_at"],
        source=Source(SourceType(head["source_type"]), head["source_id"]),
        postings=tuple(to_posting(row) for row in rows),
        order_id=None if head["order_id"] is None else OrderId(head["order_id"]),
        reverses=head["reversed_key"],
        memo=head["memo"],
    )
    return PostedEntry(head["id"], head["number"], head["booked_on"], entry)
