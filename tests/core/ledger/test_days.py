"""Closing and reopening days: what speaks against it, where late facts go, and what verify finds afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.ledger.errors import DayAlreadyClosed, DayNotOver, ExceptionsOpen, NotTheLastClosedDay, PostingsPending
from core.ledger.use_cases.close_day import CloseDay, close_day
from core.ledger.use_cases.reopen_day import ReopenDay, reopen_day
from core.ledger.use_cases.set_exception_limit import SetExceptionLimit, set_exception_limit
from core.ledger.use_cases.verify import Verify, verify
from core.shared.errors import Forbidden, Invalid
from core.shared.money import Money
from tests.admin.order_desk import place
from tests.core.ledger.books import balances, deliver, entries
from tests.core.ledger.test_facts import TOTAL, give_back, pay
from tests.shop import Shop

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)  # 12:00 in São Paulo
FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)


@pytest.fixture
def paid(shop: Shop) -> Shop:
    """A shop with a capture posted on Friday, the clock at Saturday noon."""
    shop.clock.at = NOON
    pay(shop, place(shop))
    deliver(shop)
    shop.clock.at = NOON + timedelta(days=1)
    return shop


def close(shop: Shop, day: date, role: Role = Role.FINANCE) -> None:
    shop.run(close_day, CloseDay(day, "Júlia"), shop.as_(role))


def reopen(shop: Shop, day: date, reason: str = "A fee was missing") -> None:
    shop.run(reopen_day, ReopenDay(day, reason, "Júlia"), shop.as_(Role.FINANCE))


def found(shop: Shop) -> list[tuple[str, str]]:
    return [(finding.problem.value, finding.what) for finding in shop.run(verify, Verify()).findings]


def test_a_fact_of_a_closed_day_is_booked_on_the_first_open_one_with_its_own_time(paid: Shop) -> None:
    paid.clock.at = NOON + timedelta(hours=2)
    order = place(paid)
    pay(paid, order)
    late = paid.sql("SELECT id FROM deliveries WHERE subscriber = 'ledger.post_capture' AND state = 'waiting'")
    paid.execute("UPDATE deliveries SET state = 'discarded' WHERE id = :id", id=late[0]["id"])
    paid.clock.at = NOON + timedelta(days=1)
    close(paid, FRIDAY)
    paid.execute("UPDATE deliveries SET state = 'waiting' WHERE id = :id", id=late[0]["id"])
    deliver(paid)
    booked = [(entry["booked_on"], entry["fact_at"]) for entry in entries(paid)]
    assert booked == [(FRIDAY, NOON), (SATURDAY, NOON + timedelta(hours=2))]


def test_a_day_is_the_stores_and_must_be_over(paid: Shop) -> None:
    with pytest.raises(DayNotOver):
        close(paid, SATURDAY)
    paid.clock.at = datetime(2026, 11, 21, 2, 59, tzinfo=UTC)  # Friday 23:59 in São Paulo
    with pytest.raises(DayNotOver):
        close(paid, FRIDAY)
    paid.clock.at += timedelta(minutes=1)
    close(paid, FRIDAY)
    with pytest.raises(DayAlreadyClosed):
        close(paid, FRIDAY)


@pytest.mark.parametrize("state", ["waiting", "leased", "dead"])
def test_refused_while_postings_are_pending(paid: Shop, state: str) -> None:
    paid.clock.at = NOON
    pay(paid, place(paid))
    paid.execute("UPDATE deliveries SET state = :s WHERE subscriber LIKE 'ledger.%' AND state = 'waiting'", s=state)
    paid.clock.at = NOON + timedelta(days=1)
    with pytest.raises(PostingsPending):
        close(paid, FRIDAY)


def test_postings_of_later_days_do_not_keep_a_day_open(paid: Shop) -> None:
    pay(paid, place(paid))
    close(paid, FRIDAY)


def test_refused_while_exceptions_above_the_limit_are_open(paid: Shop) -> None:
    paid.clock.at = NOON
    pay(paid, place(paid), 10000)
    deliver(paid)
    paid.clock.at = NOON + timedelta(days=1)
    with pytest.raises(ExceptionsOpen):
        close(paid, FRIDAY)
    paid.run(set_exception_limit, SetExceptionLimit(Money(TOTAL - 10001, "BRL")), paid.as_(Role.FINANCE))
    with pytest.raises(ExceptionsOpen):
        close(paid, FRIDAY)
    paid.run(set_exception_limit, SetExceptionLimit(Money(TOTAL - 10000, "BRL")), paid.as_(Role.FINANCE))
    close(paid, FRIDAY)


@pytest.mark.parametrize("limit", [Money(-1, "BRL"), Money(1, "USD")])
def test_a_limit_is_an_amount_of_the_stores_currency(shop: Shop, limit: Money) -> None:
    with pytest.raises(Invalid):
        shop.run(set_exception_limit, SetExceptionLimit(limit), shop.as_(Role.FINANCE))


def test_only_the_last_closed_day_is_reopened_and_with_a_reason(paid: Shop) -> None:
    paid.clock.at = NOON + timedelta(days=3)
    close(paid, FRIDAY)
    close(paid, SUNDAY)
    with pytest.raises(NotTheLastClosedDay):
        reopen(paid, FRIDAY)
    with pytest.raises(Invalid):
        reopen(paid, SUNDAY, " ")
    reopen(paid, SUNDAY)
    reopen(paid, FRIDAY)
    close(paid, FRIDAY)
    assert found(paid) == []


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER])
def test_closing_is_for_finance_and_the_owner(paid: Shop, role: Role) -> None:
    with pytest.raises(Forbidden):
        close(paid, FRIDAY, role)


# -- verify ----------------------------------------------------------------------------------------------------------


def test_verify_finds_nothing_in_books_that_nobody_touched(paid: Shop) -> None:
    order = place(paid)
    pay(paid, order)
    give_back(paid, order, 100)
    deliver(paid)
    close(paid, FRIDAY)
    audit = paid.run(verify, Verify())
    assert (audit.entries, audit.days, list(audit.findings)) == (3, 1, [])


Plant = Callable[[psycopg.Connection, Shop], object]


def sql(statement: str) -> Plant:
    def plant(connection: psycopg.Connection, shop: Shop) -> object:
        return connection.execute(statement.encode(), {"s": shop.store_id})

    return plant


def remove_last(connection: psycopg.Connection, shop: Shop) -> None:
    """The last entry with its postings, roll-ups and number: as thorough as somebody with the database can be."""
    connection.execute("DELETE FROM postings WHERE store_id = %s AND number = 3", (shop.store_id,))
    connection.execute("DELETE FROM journal_entries WHERE store_id = %s AND number = 3", (shop.store_id,))
    connection.execute("UPDATE counters SET next = 3 WHERE store_id = %s AND series = 'journal'", (shop.store_id,))


OF = "WHERE store_id = %(s)s"
PLANTS: dict[str, tuple[Plant, str]] = {
    "amounts of one entry": (
        sql(f"UPDATE postings SET amount_minor = amount_minor * 2 {OF} AND number = 1"),
        "entry_changed",
    ),
    "one amount": (
        sql(f"UPDATE postings SET amount_minor = amount_minor + 1 {OF} AND number = 1 AND line = 0"),
        "entry_unbalanced",
    ),
    "an open item": (
        sql(f"UPDATE postings SET open_item = 'order:x' {OF} AND number = 1 AND line = 1"),
        "entry_changed",
    ),
    "a memo": (sql(f"UPDATE journal_entries SET memo = 'x' {OF} AND number = 2"), "entry_changed"),
    "a day": (sql(f"UPDATE journal_entries SET booked_on = booked_on + 1 {OF} AND number = 2"), "entry_changed"),
    "a posting's day": (sql(f"UPDATE postings SET booked_on = booked_on + 1 {OF} AND number = 2"), "entry_changed"),
    "a time": (
        sql(f"UPDATE journal_entries SET fact_at = fact_at - interval '1 s' {OF} AND number = 2"),
        "entry_changed",
    ),
    "an account": (
        sql(f"UPDATE ledger_accounts SET code = '1000', payment_account_id = NULL {OF} AND code < '2'"),
        "entry_changed",
    ),
    "an entry taken out": (
        sql(f"WITH gone AS (DELETE FROM postings {OF} AND number = 2) DELETE FROM journal_entries {OF} AND number = 2"),
        "entry_missing",
    ),
    "the last entry taken out": (remove_last, "fact_not_posted"),
    "the counter set back with it": (remove_last, "head_changed"),
    "the counter's seal": (sql(f"UPDATE counters SET seal = NULL {OF} AND series = 'journal'"), "head_changed"),
    "the counter itself": (sql(f"DELETE FROM counters {OF} AND series = 'journal'"), "head_changed"),
    "postings without their entry": (sql(f"DELETE FROM journal_entries {OF} AND number = 2"), "entry_missing"),
    "an entry put in": (
        sql(
            "WITH made AS (INSERT INTO journal_entries SELECT gen_random_uuid(), store_id, 4, 'made:1', kind, fact_at,"
            f" booked_on, source_type, source_id, order_id, reverses, memo, posted_at, seal FROM journal_entries {OF}"
            " AND number = 3 RETURNING id, store_id, number) INSERT INTO postings SELECT p.store_id, m.id, p.line,"
            " p.account_id, p.amount_minor, p.currency, p.open_item, p.booked_on, m.number FROM made m"
            " JOIN postings p ON p.store_id = m.store_id AND p.number = 3"
        ),
        "entry_changed",
    ),
    "a closing": (sql(f"UPDATE ledger_days SET decided_by = 'Nobody' {OF}"), "day_changed"),
    "a closing taken out": (sql(f"DELETE FROM ledger_days {OF} AND sequence = 1"), "day_changed"),
    "a balance": (sql(f"UPDATE ledger_balances SET debit_minor = debit_minor + 1 {OF}"), "balance_wrong"),
    "an open item's sum": (sql(f"UPDATE ledger_open_items SET amount_minor = 0 {OF}"), "open_item_wrong"),
}


@pytest.mark.parametrize("name", PLANTS)
def test_verify_finds_what_a_superuser_changed(paid: Shop, database: DatabaseAddresses, name: str) -> None:
    order = place(paid)
    pay(paid, order)
    give_back(paid, order, 100)
    deliver(paid)
    close(paid, FRIDAY)
    reopen(paid, FRIDAY)
    close(paid, FRIDAY)
    assert found(paid) == []
    plant, problem = PLANTS[name]
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        plant(connection, paid)
    assert problem in {kind for kind, _ in found(paid)}


def test_verify_says_which_entry(paid: Shop, database: DatabaseAddresses) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("UPDATE journal_entries SET memo = 'x' WHERE store_id = %s", (paid.store_id,))
    assert found(paid) == [("entry_changed", "1")]
    assert balances(paid) == {"1100": TOTAL, "2100": -TOTAL}
