"""The books as screens read them: sums over spans of days, running balances page by page, open items, entries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.identity.roles import Role
from core.ledger.model import EntryKind
from core.ledger.queries import (
    GetAccount,
    GetEntry,
    ListAccounts,
    ListEntries,
    ListOpenItems,
    ListPostings,
    WatchDays,
    get_account,
    get_entry,
    list_accounts,
    list_entries,
    list_open_items,
    list_postings,
    watch_days,
)
from core.shared.errors import Forbidden, Invalid, NotFound
from ports.ledger_queries import PostingRow, PostingSearch
from ports.paging import PageRequest
from tests.admin.order_desk import place
from tests.core.ledger.books import deliver
from tests.core.ledger.test_days import FRIDAY, NOON, SATURDAY, SUNDAY, close, reopen
from tests.core.ledger.test_facts import TOTAL, give_back, pay
from tests.shop import Shop


@pytest.fixture
def trading(shop: Shop) -> Shop:
    """Two captures on Friday, one and a refund on Saturday, read on Sunday."""
    shop.clock.at = NOON
    for _ in range(2):
        pay(shop, place(shop))
    deliver(shop)
    shop.clock.at = NOON + timedelta(days=1)
    order = place(shop)
    pay(shop, order)
    give_back(shop, order, 770)
    deliver(shop)
    shop.clock.at = NOON + timedelta(days=2)
    return shop


def clearing(shop: Shop) -> UUID:
    return UUID(str(shop.sql("SELECT id FROM ledger_accounts WHERE code = '1100'")[0]["id"]))


def walk(shop: Shop, until: date, limit: int) -> list[PostingRow]:
    rows: list[PostingRow] = []
    cursor = None
    while True:
        page = shop.read(list_postings, ListPostings(clearing(shop), until, PageRequest(limit, cursor)))
        rows += page.rows
        if page.next is None:
            return rows
        cursor = page.next


def test_accounts_over_a_span_of_days(trading: Shop) -> None:
    rows = trading.read(list_accounts, ListAccounts(SATURDAY, SATURDAY))
    told = [(r.account.code.value, r.before.minor, r.debit.minor, r.credit.minor, r.after.minor) for r in rows]
    assert told == [
        ("1100", 2 * TOTAL, TOTAL, 770, 3 * TOTAL - 770),
        ("2100", -2 * TOTAL, 770, TOTAL, 770 - 3 * TOTAL),
    ]
    assert [(r.account.payment_account, r.open_items, r.oldest_open) for r in rows] == [
        ("Manual", 4, FRIDAY),
        (None, 3, FRIDAY),
    ]


def test_as_of_an_earlier_day(trading: Shop) -> None:
    rows = trading.read(list_accounts, ListAccounts(FRIDAY))
    assert [(r.before.minor, r.after.minor) for r in rows] == [(0, 2 * TOTAL), (0, -2 * TOTAL)]
    assert trading.read(get_account, GetAccount(clearing(trading), FRIDAY)).after.minor == 2 * TOTAL


def balance(row: PostingRow) -> int | None:
    return row.balance.minor if row.balance else None


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
def test_the_balance_runs_down_over_pages(trading: Shop, limit: int) -> None:
    rows = walk(trading, SUNDAY, limit)
    assert [(r.number, r.amount.minor, balance(r)) for r in rows] == [
        (4, -770, 3 * TOTAL - 770),
        (3, TOTAL, 3 * TOTAL),
        (2, TOTAL, 2 * TOTAL),
        (1, TOTAL, TOTAL),
    ]
    assert [(r.day.day, r.day.postings, r.day.debit.minor, r.day.credit.minor) for r in rows[1:3]] == [
        (SATURDAY, 2, TOTAL, 770),
        (FRIDAY, 2, 2 * TOTAL, 0),
    ]


def test_postings_up_to_a_day(trading: Shop) -> None:
    assert [(r.number, balance(r)) for r in walk(trading, FRIDAY, 20)] == [(2, 2 * TOTAL), (1, TOTAL)]


@pytest.mark.parametrize("limit", [1, 20])
def test_what_is_open_is_listed_oldest_first(trading: Shop, limit: int) -> None:
    deposits = trading.sql("SELECT id FROM ledger_accounts WHERE code = '2100'")[0]["id"]
    found, cursor = [], None
    while True:
        page = trading.read(list_open_items, ListOpenItems(deposits, PageRequest(limit, cursor)))
        found += page.rows
        cursor = page.next
        if cursor is None:
            break
    assert sorted(row.amount.minor for row in found) == [-TOTAL, -TOTAL, 770 - TOTAL]
    assert [row.opened_on for row in found] == [FRIDAY, FRIDAY, SATURDAY]
    assert all(row.order_number is not None for row in found)


def test_an_entry_with_its_lines(trading: Shop) -> None:
    entry = trading.read(get_entry, GetEntry(4))
    assert [(line.account.code.value, line.amount.minor) for line in entry.lines] == [("2100", 770), ("1100", -770)]
    assert (entry.kind, entry.booked_on, entry.reverses, entry.reversed_by) == ("refund", SATURDAY, None, None)
    with pytest.raises(NotFound):
        trading.read(get_entry, GetEntry(99))


def test_the_journal_and_an_orders_own_part_of_it(trading: Shop) -> None:
    page = trading.read(list_entries, ListEntries(page=PageRequest(3)))
    assert [(row.number, row.amount.minor, row.lines) for row in page.rows] == [
        (4, 770, 2),
        (3, TOTAL, 2),
        (2, TOTAL, 2),
    ]
    rest = trading.read(list_entries, ListEntries(page=PageRequest(3, page.next)))
    assert [row.number for row in rest.rows] == [1]
    assert rest.next is None
    order = trading.read(get_entry, GetEntry(4)).order_id
    assert [row.number for row in trading.read(list_entries, ListEntries(order)).rows] == [4, 3]


def test_how_the_days_stand(trading: Shop) -> None:
    close(trading, FRIDAY)
    reopen(trading, FRIDAY, "A fee was missing")
    close(trading, FRIDAY)
    pay(trading, place(trading))
    state = trading.read(watch_days, WatchDays(trading.clock.at + timedelta(hours=1)))
    assert (state.closed_through, state.facts.pending, state.facts.exceptions) == (FRIDAY, 1, 0)
    assert [(d.closed, d.reason, d.entries) for d in state.log] == [
        (True, "", 2),
        (False, "A fee was missing", 0),
        (True, "", 2),
    ]


def test_foreign_accounts_and_cursors(trading: Shop) -> None:
    with pytest.raises(NotFound):
        trading.read(get_account, GetAccount(uuid4(), SUNDAY))
    for cursor in ("x", "WyJhIl0", "WyIyMDI2LTExLTIwIiwxLDEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTldCg"):
        with pytest.raises(Invalid):
            trading.read(list_postings, ListPostings(clearing(trading), SUNDAY, PageRequest(5, cursor)))


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER])
def test_the_books_are_read_by_finance_and_the_owner(trading: Shop, role: Role) -> None:
    with pytest.raises(Forbidden):
        trading.read(list_accounts, ListAccounts(SUNDAY), trading.as_(role))
    assert trading.read(list_accounts, ListAccounts(SUNDAY), trading.as_(Role.FINANCE))


def searched(shop: Shop, **asked: Any) -> list[tuple[str, int | None]]:
    """Kinds found, newest first, with the balance that is told; page by page."""
    rows: list[PostingRow] = []
    cursor = None
    while True:
        filter_ = ListPostings(clearing(shop), SUNDAY, PageRequest(1, cursor), PostingSearch(**asked))
        page = shop.read(list_postings, filter_)
        rows += page.rows
        if page.next is None:
            return [(row.kind.value, balance(row)) for row in rows]
        cursor = page.next


def test_postings_of_some_days_keep_their_balance(trading: Shop) -> None:
    assert searched(trading, since=SATURDAY) == [("refund", 3 * TOTAL - 770), ("capture", 3 * TOTAL)]
    assert searched(trading, since=SUNDAY) == []


def test_postings_of_one_kind_or_one_document_tell_no_balance(trading: Shop) -> None:
    assert searched(trading, kind=EntryKind.REFUND) == [("refund", None)]
    assert searched(trading, kind=EntryKind.CAPTURE, since=SATURDAY) == [("capture", None)]
    assert searched(trading, order_number=1003, since=SUNDAY) == [("refund", None), ("capture", None)]
    assert searched(trading, order_number=1003, kind=EntryKind.REFUND) == [("refund", None)]
    assert searched(trading, entry_number=2) == [("capture", None)]
    assert searched(trading, order_number=0) == searched(trading, entry_number=99) == []
