"""An account's page: postings with a running balance, and what is open.

The balance of the first page's first row is a sum over days; from there it runs down row by row, and the cursor
carries it, so no page adds up what lies before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.tables.ledger import (
    journal_entries,
    ledger_accounts,
    ledger_balances,
    ledger_open_items,
    postings,
)
from adapters.postgres.tables.orders import orders
from core.ledger.chart import ItemKind, OpenItem
from core.ledger.model import EntryKind, Source, SourceType
from core.shared.errors import FieldProblem, Invalid
from core.shared.money import Money
from ports.ledger_queries import DaySums, OpenItemRow, PostingRow, PostingSearch

_account_id = sa.bindparam("account_id", type_=sa.UUID)
_until = sa.bindparam("until", type_=sa.Date)
_most = sa.bindparam("most", type_=sa.Integer)

_at_the_top = (
    sa.select(
        sa.cast(
            sa.func.coalesce(sa.func.sum(ledger_balances.c.debit_minor - ledger_balances.c.credit_minor), 0),
            sa.BigInteger,
        )
    )
    .where(ledger_balances.c.account_id == _account_id, ledger_balances.c.day <= _until)
    .scalar_subquery()
)
_key = (postings.c.booked_on, postings.c.number, postings.c.line)
_of_account = (
    sa.select(postings)
    .where(postings.c.account_id == _account_id, postings.c.booked_on <= _until)
    .order_by(*(column.desc() for column in _key))
    .limit(_most)
)
_entry = sa.and_(journal_entries.c.store_id == postings.c.store_id, journal_entries.c.id == postings.c.entry_id)
_cursor_key = sa.tuple_(
    sa.bindparam("day", type_=sa.Date),
    sa.bindparam("number", type_=sa.BigInteger),
    sa.bindparam("line", type_=sa.Integer),
)


def _page(rows: sa.Select[Any], top: sa.ColumnElement[Any]) -> sa.Select[Any]:
    p = rows.subquery("p")
    joined = (
        p.join(
            journal_entries,
            sa.and_(journal_entries.c.store_id == p.c.store_id, journal_entries.c.id == p.c.entry_id),
        )
        .join(
            ledger_balances,
            sa.and_(
                ledger_balances.c.store_id == p.c.store_id,
                ledger_balances.c.account_id == p.c.account_id,
                ledger_balances.c.day == p.c.booked_on,
            ),
        )
        .outerjoin(
            orders, sa.and_(orders.c.store_id == journal_entries.c.store_id, orders.c.id == journal_entries.c.order_id)
        )
        .outerjoin(
            ledger_open_items,
            sa.and_(
                ledger_open_items.c.store_id == p.c.store_id,
                ledger_open_items.c.account_id == p.c.account_id,
                ledger_open_items.c.open_item == p.c.open_item,
            ),
        )
    )
    return (
        sa.select(
            *p.c,
            journal_entries.c.kind,
            journal_entries.c.fact_at,
            journal_entries.c.memo,
            journal_entries.c.source_type,
            journal_entries.c.source_id,
            orders.c.number.label("order_number"),
            sa.func.coalesce(ledger_open_items.c.amount_minor, 0).label("open_minor"),
            ledger_balances.c.debit_minor,
            ledger_balances.c.credit_minor,
            ledger_balances.c.postings.label("day_postings"),
            top.label("top"),
        )
        .select_from(joined)
        .order_by(p.c.booked_on.desc(), p.c.number.desc(), p.c.line.desc())
    )


def listed(search: PostingSearch, *, following: bool) -> sa.Select[Any]:
    """A page of the account's postings that `search` asks for, the first or one `following` a cursor."""
    rows = _of_account.where(*_conditions(search))
    if following:
        rows = rows.where(sa.tuple_(*_key) < _cursor_key)
    if search.leaves_out:
        return _page(rows, sa.cast(sa.null(), sa.BigInteger))
    return _page(rows, sa.bindparam("carried", type_=sa.BigInteger) if following else _at_the_top)


def _conditions(search: PostingSearch) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if search.since is not None and not search.by_document:
        conditions.append(postings.c.booked_on >= search.since)
    if search.kind is not None:
        conditions.append(sa.exists().where(_entry, journal_entries.c.kind == search.kind))
    if search.by_document:
        of_order = sa.select(orders.c.id).where(orders.c.number == search.order_number)
        conditions.append(
            postings.c.entry_id.in_(
                sa.union_all(
                    sa.select(journal_entries.c.id).where(journal_entries.c.number == search.entry_number),
                    sa.select(journal_entries.c.id).where(journal_entries.c.order_id.in_(of_order)),
                )
            )
        )
    return conditions


_items = (
    sa.select(ledger_open_items)
    .where(ledger_open_items.c.account_id == _account_id, ledger_open_items.c.amount_minor != 0)
    .order_by(ledger_open_items.c.opened_on, ledger_open_items.c.open_item)
    .limit(_most)
)
_of_order = sa.func.concat(f"{ItemKind.ORDER}:", sa.cast(orders.c.id, sa.Text))


def _items_page(items: sa.Select[Any]) -> sa.Select[Any]:
    i = items.subquery("i")
    number = (
        sa.select(orders.c.number)
        .where(
            orders.c.store_id == i.c.store_id,
            orders.c.id
            == sa.case(
                (i.c.open_item.startswith(f"{ItemKind.ORDER}:"), sa.cast(sa.func.substr(i.c.open_item, 7), sa.UUID)),
                else_=sa.null(),
            ),
        )
        .scalar_subquery()
    )
    return (
        sa.select(*i.c, ledger_accounts.c.currency, number.label("order_number"))
        .join(ledger_accounts, ledger_accounts.c.id == i.c.account_id)
        .order_by(i.c.opened_on, i.c.open_item)
    )


OPEN_ITEMS = _items_page(_items)
MORE_OPEN_ITEMS = _items_page(
    _items.where(
        sa.tuple_(ledger_open_items.c.opened_on, ledger_open_items.c.open_item)
        > sa.tuple_(sa.bindparam("day", type_=sa.Date), sa.bindparam("item", type_=sa.Text))
    )
)


def after(cursor: str) -> dict[str, Any]:
    """Where a page goes on, and the balance it begins with. Raises Invalid."""
    day, number, line, carried = cursors.decode(cursor, str, int, int, int)
    if max(abs(number), abs(line), abs(carried)) >= 2**63:
        raise Invalid("The cursor is not one of ours.", problems=(FieldProblem("cursor", "malformed", "Too large."),))
    return {"day": cursors.day(day), "number": number, "line": line, "carried": carried}


def cursor_of(row: PostingRow) -> str:
    """The cursor after `row`: its key, and what the account held before it, nothing where no balance is told."""
    before = Money.zero(row.amount.currency) if row.balance is None else row.balance - row.amount
    return cursors.encode(row.booked_on.isoformat(), row.number, row.line, before.minor)


def to_rows(found: Sequence[sa.RowMapping]) -> list[PostingRow]:
    """The postings with the balance running down from the top, where there is one."""
    rows = []
    balance = found[0]["top"] if found else 0
    for row in found:
        currency, item = row["currency"], row["open_item"]
        rows.append(
            PostingRow(
                number=row["number"],
                line=row["line"],
                kind=EntryKind(row["kind"]),
                booked_on=row["booked_on"],
                fact_at=row["fact_at"],
                memo=row["memo"],
                source=Source(SourceType(row["source_type"]), row["source_id"]),
                order_number=row["order_number"],
                amount=Money(row["amount_minor"], currency),
                open_item=None if item is None else OpenItem.parse(item),
                open_amount=Money(row["open_minor"], currency),
                balance=None if balance is None else Money(balance, currency),
                day=DaySums(
                    row["booked_on"],
                    Money(row["debit_minor"], currency),
                    Money(row["credit_minor"], currency),
                    row["day_postings"],
                ),
            )
        )
        balance = None if balance is None else balance - row["amount_minor"]
    return rows


def to_open_item(row: sa.RowMapping) -> OpenItemRow:
    return OpenItemRow(
        OpenItem.parse(row["open_item"]),
        Money(row["amount_minor"], row["currency"]),
        row["opened_on"],
        row["order_number"],
    )
