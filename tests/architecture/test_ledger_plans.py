"""What the screens of the books read, with 200,000 postings of a large store and few of a small one.

Pages walk an index: of postings, entries and items they touch at most twenty times what they return, on the first page
and a deep one. Sums come from the balances of days, so they touch no posting at all.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.postgres.queries.ledger import PostgresLedgerQueries
from adapters.postgres.reading import Reader
from adapters.provisioning import DatabaseAddresses
from core.shared.context import CallContext, Job
from core.shared.ids import OrderId, StoreId
from ports.ledger_queries import MOST_OPEN_ITEMS, PostingRow, PostingSearch
from ports.paging import Page, PageRequest
from tests.database import TestServer
from tests.plans import Watched

pytestmark = pytest.mark.xdist_group("plans")

LIMIT, DAYS = 20, 400
LAST = date(2026, 11, 20)
# The sums of days are a small table, read whole where that is quicker: a few accounts' of both stores.
ALL_DAYS = 8 * (DAYS + 1)
SIZES = {"large": 100_000, "small": 500}

# Rows as the application writes them; triggers would take a while, so their sums are made once at the end.
FILL = """
INSERT INTO stores SELECT (jsonb_populate_record(NULL::stores, to_jsonb(s) || jsonb_build_object(
    'id', CAST(:store AS uuid), 'slug', CAST(:slug AS text)))).* FROM stores s WHERE s.slug = 'model';
INSERT INTO ledger_accounts SELECT gen_random_uuid(), :store, code, 'BRL', NULL, now()
    FROM unnest(ARRAY['1000', '2100', '4000', '6200']) AS a (code);
INSERT INTO journal_entries (id, store_id, number, key, kind, fact_at, booked_on, source_type, source_id, memo,
    posted_at, seal)
SELECT gen_random_uuid(), :store, n, 'fill:' || n, 'fee', now(), CAST(:last AS date)
    - (:days - n * :days / :entries)::int, 'provider_line', n::text, '', now(), '' FROM generate_series(1, :entries) n;
INSERT INTO postings
SELECT e.store_id, e.id, l.line, a.id, CASE l.line WHEN 0 THEN 100 + e.number % 50 ELSE -100 - e.number % 50 END, 'BRL',
    CASE l.line WHEN 1 THEN 'payment:' || e.number - e.number % 2 END, e.booked_on, e.number
FROM journal_entries e CROSS JOIN (VALUES (0, '1000'), (1, '2100')) AS l (line, code)
JOIN ledger_accounts a ON a.store_id = e.store_id AND a.code = l.code WHERE e.store_id = :store;
INSERT INTO ledger_balances
SELECT store_id, account_id, booked_on, sum(greatest(amount_minor, 0)), sum(greatest(-amount_minor, 0)), count(*)
FROM postings WHERE store_id = :store GROUP BY 1, 2, 3;
INSERT INTO ledger_open_items
SELECT store_id, account_id, open_item, CASE WHEN random() < 0.2 THEN sum(amount_minor) ELSE 0 END, min(booked_on)
FROM postings WHERE store_id = :store AND open_item IS NOT NULL GROUP BY 1, 2, 3;
"""


@pytest.fixture(scope="module")
def books(database_server: TestServer) -> Iterator[tuple[DatabaseAddresses, dict[str, UUID]]]:
    name = f"books_{secrets.token_hex(4)}"
    addresses = database_server.create(name)
    stores = {slug: uuid4() for slug in SIZES}
    superuser = sa.create_engine(addresses.superuser_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(sa.text(_model_store(connection)))
        for slug, entries in SIZES.items():
            for statement in FILL.split(";\n"):
                if statement.strip():
                    values = {"store": stores[slug], "slug": slug, "entries": entries, "days": DAYS, "last": LAST}
                    connection.execute(sa.text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
        connection.exec_driver_sql("ANALYZE")
    superuser.dispose()
    yield addresses, stores
    database_server.drop(name)


def _model_store(connection: sa.Connection) -> str:
    """A store with every column filled by its type, to be copied."""
    columns = connection.execute(
        sa.text("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'stores'")
    ).all()
    known = {"slug": "'model'", "capture_policy": "'at_once'", "currency": "'BRL'", "time_zone": "'America/Sao_Paulo'"}
    by_type = {
        "uuid": "gen_random_uuid()", "text": "''", "ARRAY": "'{}'", "boolean": "false", "integer": "1",
        "bigint": "1", "jsonb": "NULL", "timestamp with time zone": "now()", "character": "'BRL'",
    }  # fmt: skip
    values = [known.get(column, by_type[kind]) for column, kind in columns]
    return f"INSERT INTO stores ({', '.join(c for c, _ in columns)}) VALUES ({', '.join(values)})"


@pytest.fixture(scope="module")
def engine(books: tuple[DatabaseAddresses, dict[str, UUID]]) -> Iterator[sa.Engine]:
    made = sa.create_engine(books[0].app_url)
    yield made
    made.dispose()


def account(engine: sa.Engine, store: UUID, code: str) -> UUID:
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(store)})
        found = connection.execute(sa.text("SELECT id FROM ledger_accounts WHERE code = :c"), {"c": code})
        return UUID(str(found.scalar_one()))


Ask = Callable[[PostgresLedgerQueries, UUID, PageRequest], Page[Any]]
PAGES: dict[str, tuple[str, Ask]] = {
    "postings": ("1000", lambda q, a, page: q.postings(a, LAST, page)),
    "postings of items": ("2100", lambda q, a, page: q.postings(a, LAST, page)),
    "postings up to a day": ("2100", lambda q, a, page: q.postings(a, date(2026, 2, 1), page)),
    "postings since a day": ("2100", lambda q, a, page: q.postings(a, LAST, page, PostingSearch(date(2026, 9, 1)))),
    "postings of an entry": ("2100", lambda q, a, page: q.postings(a, LAST, page, PostingSearch(entry_number=7))),
    "postings of no order": ("2100", lambda q, a, page: q.postings(a, LAST, page, PostingSearch(order_number=1))),
    "open items": ("2100", lambda q, a, page: q.open_items(a, page)),
    "journal": ("1000", lambda q, a, page: q.entries(None, page)),
    "an order that has none": ("1000", lambda q, a, page: q.entries(OrderId(a), page)),
}


@pytest.mark.parametrize("slug", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_walk_an_index(
    engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]], slug: str, name: str
) -> None:
    store = books[1][slug]
    code, ask = PAGES[name]
    queries = PostgresLedgerQueries(Reader(engine, CallContext(StoreId(store), Job("plans"), "plans")))
    page, id_ = PageRequest(LIMIT), account(engine, store, code)
    for _ in range(6):
        with Watched(engine, books[0].superuser_url, store) as watched:
            found = ask(queries, id_, page)
        watched.check(returned=len(found.rows), bound=ALL_DAYS)
        if found.next is None:
            return
        page = PageRequest(LIMIT, found.next)


@pytest.mark.parametrize("slug", SIZES)
def test_sums_touch_days_and_no_posting(
    engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]], slug: str
) -> None:
    store = books[1][slug]
    queries = PostgresLedgerQueries(Reader(engine, CallContext(StoreId(store), Job("plans"), "plans")))
    with Watched(engine, books[0].superuser_url, store) as watched:
        rows = queries.accounts(date(2026, 11, 1), LAST)
    assert sum(row.after.minor for row in rows) == 0
    assert not any(re.search(r"(FROM|JOIN) postings", statement) for statement, _ in watched.statements)
    # Four accounts of at most 401 days each, and the open items of one of them.
    opened = sum(row.open_items for row in rows)
    assert opened <= MOST_OPEN_ITEMS + 1
    watched.check(returned=len(rows), bound=ALL_DAYS + 3 * opened)


def test_the_bottom_of_the_books_is_zero(engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]]) -> None:
    """Walked to its end, the running balance that cursors carry comes out at the first posting."""
    store = books[1]["small"]
    queries = PostgresLedgerQueries(Reader(engine, CallContext(StoreId(store), Job("plans"), "plans")))
    id_, page = account(engine, store, "1000"), PageRequest(100)
    rows: list[PostingRow] = []
    while True:
        found = queries.postings(id_, LAST, page)
        rows += found.rows
        if found.next is None:
            break
        page = PageRequest(100, found.next)
    assert len(rows) == SIZES["small"]
    assert rows[-1].balance == rows[-1].amount
