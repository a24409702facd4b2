"""What the database itself holds of the ledger, against the application's own role and against the owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa

from adapters.provisioning import DatabaseAddresses
from tests.shop import Shop

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
ENTRY = sa.text(
    "INSERT INTO journal_entries (id, store_id, number, key, kind, fact_at, booked_on, source_type, source_id, memo,"
    " posted_at, seal) VALUES (:id, :store, :number, :key, 'fee', :at, :day, 'provider_line', 'l', '', :at, '\\x00')"
)
POSTINGS = sa.text(
    "INSERT INTO postings (store_id, entry_id, line, account_id, amount_minor, currency, booked_on, number)"
    " SELECT :store, :entry, r.line, r.account_id, r.amount, 'BRL', :day, :number"
    " FROM unnest(CAST(:lines AS int[]), CAST(:accounts AS uuid[]), CAST(:amounts AS bigint[]))"
    " AS r (line, account_id, amount)"
)
CLOSING = sa.text(
    "INSERT INTO ledger_days (id, store_id, day, sequence, closed, reason, decided_by, decided_at, last_number,"
    " entries, digest, seal) VALUES (:id, :store, :day, :sequence, :closed, '', '', :at, 0, 0, '\\x00', '\\x00')"
)


@dataclass
class Book:
    """One transaction of the application's role, rolled back at the end, with two accounts."""

    connection: sa.Connection
    store: UUID
    accounts: tuple[UUID, UUID]
    number: int = 0

    def entry(self, day: date = DAY) -> UUID:
        self.number += 1
        id_ = uuid4()
        row = {"id": id_, "store": self.store, "number": self.number, "key": str(id_), "at": AT, "day": day}
        self.connection.execute(ENTRY, row)
        return id_

    def post(self, entry: UUID, *amounts: int, first: int = 0, day: date = DAY, number: int | None = None) -> None:
        count = len(amounts)
        self.connection.execute(
            POSTINGS,
            {
                "store": self.store,
                "entry": entry,
                "lines": list(range(first, first + count)),
                "accounts": [str(self.accounts[n % 2]) for n in range(count)],
                "amounts": list(amounts),
                "day": day,
                "number": self.number if number is None else number,
            },
        )

    def decide(self, day: date, sequence: int, closed: bool = True) -> None:
        row = {"id": uuid4(), "store": self.store, "day": day, "sequence": sequence, "closed": closed, "at": AT}
        self.connection.execute(CLOSING, row)


@pytest.fixture
def book(shop: Shop) -> Iterator[Book]:
    with shop.wired.engines.app.connect() as connection, connection.begin() as transaction:
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(shop.store_id)})
        accounts = (uuid4(), uuid4())
        for account, code in zip(accounts, ("1000", "4000"), strict=True):
            connection.execute(
                sa.text("INSERT INTO ledger_accounts VALUES (:id, :s, :code, 'BRL', NULL, :at)"),
                {"id": account, "s": shop.store_id, "code": code, "at": AT},
            )
        yield Book(connection, shop.store_id, accounts)
        transaction.rollback()


def refused(raised: pytest.ExceptionInfo[sa.exc.DBAPIError]) -> str | None:
    diagnosis: Any = getattr(raised.value.orig, "diag", None)
    return None if diagnosis is None else diagnosis.constraint_name


def test_a_balanced_entry_goes_in_and_its_sums_follow(book: Book) -> None:
    book.post(book.entry(), 700, -700)
    book.post(book.entry(), 300, -100, -200)
    sums = book.connection.execute(sa.text("SELECT debit_minor, credit_minor, postings FROM ledger_balances")).all()
    assert sorted(map(tuple, sums)) == [(0, 800, 2), (800, 200, 3)] or sum(r[0] - r[1] for r in sums) == 0
    assert sum(r.postings for r in sums) == 5


@pytest.mark.parametrize("amounts", [(700, -699), (1, 1), (-5, 4, 2)])
def test_an_unbalanced_entry_is_refused(book: Book, amounts: tuple[int, ...]) -> None:
    entry = book.entry()
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.post(entry, *amounts)
    assert refused(raised) == "ck_postings_balanced"


def test_two_unbalanced_entries_that_balance_each_other_are_refused(book: Book) -> None:
    first, second = book.entry(), book.entry()
    rows = [(first, 0, 700), (first, 1, 1), (second, 0, -700), (second, 1, -1)]
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.connection.execute(
            sa.text(
                "INSERT INTO postings (store_id, entry_id, line, account_id, amount_minor, currency, booked_on, number)"
                " SELECT :s, e.entry, e.line, :a, e.amount, 'BRL', :day, j.number FROM"
                " unnest(CAST(:entries AS uuid[]), CAST(:lines AS int[]), CAST(:amounts AS bigint[]))"
                " AS e (entry, line, amount) JOIN journal_entries j ON j.id = e.entry"
            ),
            {
                "s": book.store,
                "a": book.accounts[0],
                "day": DAY,
                "entries": [str(row[0]) for row in rows],
                "lines": [row[1] for row in rows],
                "amounts": [row[2] for row in rows],
            },
        )
    assert refused(raised) == "ck_postings_balanced"


def test_nothing_is_added_to_an_entry_later(book: Book) -> None:
    entry = book.entry()
    book.post(entry, 700, -700)
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.post(entry, 5, -5, first=2)
    assert refused(raised) == "ck_postings_complete"


def test_an_entry_without_postings_does_not_commit(book: Book) -> None:
    book.entry()
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert refused(raised) == "ck_journal_entries_posted"


def test_a_posting_stands_on_the_day_and_under_the_number_of_its_entry(book: Book) -> None:
    entry = book.entry()
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.post(entry, 700, -700, number=99)
    assert refused(raised) == "ck_postings_day"


@pytest.mark.parametrize("day", [DAY, date(2026, 11, 1)])
def test_nothing_goes_into_a_closed_day_or_one_before_it(book: Book, day: date) -> None:
    book.decide(DAY, 1)
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.entry(day)
    assert refused(raised) == "ck_journal_entries_day_open"


def test_postings_of_an_entry_from_before_do_not_reach_a_day_closed_since(book: Book) -> None:
    entry = book.entry()
    book.decide(DAY, 1)
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.post(entry, 700, -700)
    assert refused(raised) == "ck_postings_day"


def test_a_reopened_day_takes_postings_again(book: Book) -> None:
    book.decide(DAY, 1)
    book.decide(DAY, 2, closed=False)
    book.post(book.entry(), 700, -700)


@pytest.mark.parametrize(
    ("day", "sequence", "closed"),
    [
        (DAY, 2, True),  # closed twice
        (date(2026, 11, 19), 1, True),  # before the last closed one
        (date(2026, 11, 19), 1, False),  # reopened, but not the last closed one
        (date(2026, 11, 21), 2, True),  # a step left out
    ],
)
def test_days_are_closed_in_their_order(book: Book, day: date, sequence: int, closed: bool) -> None:
    book.decide(DAY, 1)
    with pytest.raises(sa.exc.IntegrityError) as raised:
        book.decide(day, sequence, closed)
    assert refused(raised) == "ck_ledger_days_order"


WRITTEN_ONCE = ("ledger_accounts", "journal_entries", "postings", "ledger_days")
CHANGES = [
    *(f"DELETE FROM {table}" for table in WRITTEN_ONCE),
    *(f"TRUNCATE {table} CASCADE" for table in WRITTEN_ONCE),
    "UPDATE ledger_accounts SET code = '1000'",
    "UPDATE journal_entries SET memo = 'changed'",
    "UPDATE postings SET amount_minor = amount_minor + 1",
    "UPDATE ledger_days SET closed = false",
    "UPDATE ledger_balances SET debit_minor = 0",
    "DELETE FROM ledger_balances",
    "INSERT INTO ledger_open_items SELECT * FROM ledger_open_items",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_changes_nothing(book: Book, statement: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError) as raised:
        book.connection.execute(sa.text(statement))
    assert isinstance(raised.value.orig, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("statement", CHANGES[: -len(("balances", "balances", "items"))])
@pytest.mark.parametrize("role", ["owner", "superuser"])
def test_nor_do_the_owner_and_a_superuser_while_triggers_are_on(
    database: DatabaseAddresses, role: str, statement: str
) -> None:
    url = database.owner_url if role == "owner" else database.superuser_url
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(statement)


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_the_application_cannot_switch_the_triggers_off(book: Book, table: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError) as raised:
        book.connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    assert isinstance(raised.value.orig, psycopg.errors.InsufficientPrivilege)
