"""The journal and its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.postgres.queries.ledger_sums import NAME, NAMED, to_name
from adapters.postgres.tables.ledger import journal_entries, ledger_accounts, postings
from adapters.postgres.tables.orders import orders
from core.ledger.chart import OpenItem
from core.ledger.model import EntryKind, Source, SourceType
from core.shared.ids import OrderId
from core.shared.money import Money
from ports.ledger_queries import EntryDetail, EntryLine, EntryRow

_taken_back = journal_entries.alias("taken_back")
_taking_back = journal_entries.alias("taking_back")
_with_order = journal_entries.outerjoin(
    orders, sa.and_(orders.c.store_id == journal_entries.c.store_id, orders.c.id == journal_entries.c.order_id)
)

ENTRY = (
    sa.select(
        journal_entries,
        orders.c.number.label("order_number"),
        _taken_back.c.number.label("reverses_number"),
        _taking_back.c.number.label("reversed_by"),
        postings.c.amount_minor,
        postings.c.currency,
        postings.c.open_item,
        *NAME,
    )
    .select_from(
        _with_order.join(
            postings,
            sa.and_(postings.c.store_id == journal_entries.c.store_id, postings.c.entry_id == journal_entries.c.id),
        )
        .join(NAMED, ledger_accounts.c.id == postings.c.account_id)
        .outerjoin(
            _taken_back,
            sa.and_(
                _taken_back.c.store_id == journal_entries.c.store_id, _taken_back.c.id == journal_entries.c.reverses
            ),
        )
        .outerjoin(
            _taking_back,
            sa.and_(
                _taking_back.c.store_id == journal_entries.c.store_id, _taking_back.c.reverses == journal_entries.c.id
            ),
        )
    )
    .where(journal_entries.c.number == sa.bindparam("number"))
    .order_by(postings.c.line)
)

_lines = (
    sa.select(
        sa.cast(sa.func.sum(sa.func.greatest(postings.c.amount_minor, 0)), sa.BigInteger).label("debit"),
        sa.func.min(postings.c.currency).label("currency"),
        sa.func.count().label("lines"),
    )
    .where(postings.c.store_id == journal_entries.c.store_id, postings.c.entry_id == journal_entries.c.id)
    .lateral("lines")
)


def listed(order_id: OrderId | None, most: int) -> sa.Select[Any]:
    """The journal, newest first; an order's own entries only where one is given."""
    statement = (
        sa.select(
            journal_entries, orders.c.number.label("order_number"), _lines.c.debit, _lines.c.currency, _lines.c.lines
        )
        .select_from(_with_order.join(_lines, sa.true()))
        .order_by(journal_entries.c.number.desc())
        .limit(most)
    )
    return statement if order_id is None else statement.where(journal_entries.c.order_id == order_id)


def before(statement: sa.Select[Any], number: int) -> sa.Select[Any]:
    """The entries of `statement` numbered below."""
    return statement.where(journal_entries.c.number < number)


def to_row(row: sa.RowMapping) -> EntryRow:
    return EntryRow(
        number=row["number"],
        kind=EntryKind(row["kind"]),
        booked_on=row["booked_on"],
        fact_at=row["fact_at"],
        memo=row["memo"],
        order_number=row["order_number"],
        amount=Money(row["debit"], row["currency"]),
        lines=row["lines"],
    )


def to_detail(rows: Sequence[sa.RowMapping]) -> EntryDetail:
    """The entry that `rows` of ENTRY are the lines of."""
    head = rows[0]
    return EntryDetail(
        number=head["number"],
        key=head["key"],
        kind=EntryKind(head["kind"]),
        booked_on=head["booked_on"],
        fact_at=head["fact_at"],
        posted_at=head["posted_at"],
        memo=head["memo"],
        source=Source(SourceType(head["source_type"]), head["source_id"]),
        order_id=None if head["order_id"] is None else OrderId(head["order_id"]),
        order_number=head["order_number"],
        reverses=head["reverses_number"],
        reversed_by=head["reversed_by"],
        lines=[
            EntryLine(
                to_name(row),
                Money(row["amount_minor"], row["currency"]),
                None if row["open_item"] is None else OpenItem.parse(row["open_item"]),
            )
            for row in rows
        ],
    )
