"""Accounts and their sums over spans of days, from the balances that triggers keep."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from adapters.postgres.tables.ledger import ledger_accounts, ledger_balances, ledger_open_items
from adapters.postgres.tables.payments import payment_accounts
from core.ledger.chart import AccountCode
from core.shared.money import Money
from ports.ledger_queries import MOST_OPEN_ITEMS, AccountName, AccountSums

NAMED = ledger_accounts.outerjoin(
    payment_accounts,
    sa.and_(
        payment_accounts.c.store_id == ledger_accounts.c.store_id,
        payment_accounts.c.id == ledger_accounts.c.payment_account_id,
    ),
)
NAME = (
    ledger_accounts.c.id.label("account_id"),
    ledger_accounts.c.code,
    ledger_accounts.c.currency.label("account_currency"),
    payment_accounts.c.name.label("payment_account"),
)

# Every day is on one side of this: None as the first day of a span leaves nothing before it.
_BEGINNING = date(1, 1, 1)
_since = sa.bindparam("since", type_=sa.Date)
_before = ledger_balances.c.day < _since
_within = ledger_balances.c.day >= _since


def _sum(column: sa.Column[Any] | sa.ColumnElement[Any], when: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(column).filter(when), 0), sa.BigInteger)


_sums = (
    sa.select(
        _sum(ledger_balances.c.debit_minor - ledger_balances.c.credit_minor, _before).label("before"),
        _sum(ledger_balances.c.debit_minor, _within).label("debit"),
        _sum(ledger_balances.c.credit_minor, _within).label("credit"),
        _sum(ledger_balances.c.postings, _within).label("postings"),
    )
    .where(
        ledger_balances.c.store_id == ledger_accounts.c.store_id,
        ledger_balances.c.account_id == ledger_accounts.c.id,
        ledger_balances.c.day <= sa.bindparam("until", type_=sa.Date),
    )
    .lateral("sums")
)
# In the index's order, so that no more of it is read than is counted.
_counted = (
    sa.select(ledger_open_items.c.opened_on)
    .where(
        ledger_open_items.c.store_id == ledger_accounts.c.store_id,
        ledger_open_items.c.account_id == ledger_accounts.c.id,
        ledger_open_items.c.amount_minor != 0,
    )
    .order_by(ledger_open_items.c.opened_on, ledger_open_items.c.open_item)
    .limit(MOST_OPEN_ITEMS + 1)
    .correlate(ledger_accounts)
    .subquery()
)
_open = sa.select(sa.func.count().label("open_items"), sa.func.min(_counted.c.opened_on).label("oldest_open")).lateral(
    "open"
)
_ACCOUNTS = (
    sa.select(*NAME, _sums, _open)
    .select_from(NAMED.join(_sums, sa.true()).join(_open, sa.true()))
    .order_by(ledger_accounts.c.code, ledger_accounts.c.currency, payment_accounts.c.name)
)
ACCOUNTS = _ACCOUNTS
ACCOUNT = _ACCOUNTS.where(ledger_accounts.c.id == sa.bindparam("account_id"))


def span(since: date | None, until: date) -> dict[str, date]:
    """The parameters of a span of days."""
    return {"since": since or _BEGINNING, "until": until}


def to_name(row: sa.RowMapping) -> AccountName:
    return AccountName(row["account_id"], AccountCode(row["code"]), row["account_currency"], row["payment_account"])


def to_sums(row: sa.RowMapping) -> AccountSums:
    account = to_name(row)
    before, debit, credit = (Money(row[name], account.currency) for name in ("before", "debit", "credit"))
    return AccountSums(
        account,
        before=before,
        debit=debit,
        credit=credit,
        after=before + debit - credit,
        postings=row["postings"],
        open_items=row["open_items"],
        oldest_open=row["oldest_open"],
    )
