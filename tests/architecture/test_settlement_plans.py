"""What the screens of settlements read, with 200,000 lines in 2,000 payouts of a large store and few of a small one.

A payout's sums are of its own lines, so a page of payouts reads the lines of its payouts and no others; lists of
exceptions, approvals and comparisons walk an index.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.postgres.queries.payouts import PostgresPayoutQueries
from adapters.postgres.queries.reconciliation import PostgresExceptionQueries
from adapters.postgres.reading import Reader
from adapters.provisioning import DatabaseAddresses
from core.reconciliation.model import ExceptionState
from core.shared.context import CallContext, Job
from core.shared.ids import PaymentAccountId, PayoutId, StaffId, StoreId
from ports.paging import Page, PageRequest
from ports.payouts import LineFilter, PayoutFilter
from ports.reconciliation import ExceptionFilter
from tests.architecture.test_ledger_plans import _model_store
from tests.database import TestServer
from tests.plans import Watched

pytestmark = [pytest.mark.xdist_group("plans"), pytest.mark.slow]

LIMIT, EACH = 20, 100
PAYOUTS = {"large": 2_000, "small": 10}
UNPAID = 300
LAST = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OWNER = UUID("01a00000-0000-7000-8000-000000000001")
# What is read of a line: the line itself, its match, payment, order, the others of its match, exceptions about it.
OF_A_LINE = 14

FILL = """
INSERT INTO stores SELECT (jsonb_populate_record(NULL::stores, to_jsonb(s) || jsonb_build_object(
    'id', CAST(:store AS uuid), 'slug', CAST(:slug AS text)))).* FROM stores s WHERE s.slug = 'model';
INSERT INTO payment_accounts SELECT (jsonb_populate_record(NULL::payment_accounts, to_jsonb(a) || jsonb_build_object(
    'id', CAST(:account AS uuid), 'store_id', CAST(:store AS uuid)))).* FROM payment_accounts a LIMIT 1;
INSERT INTO payouts (id, store_id, account_id, reference, amount_minor, currency, status, arrival_on, created_at,
    bank_reference, failure_code, complete, lines_read, announced_posted, failure_posted)
SELECT gen_random_uuid(), :store, :account, 'po_' || n, 9000, 'BRL', 'paid', CAST(:last AS date) - (n / 5)::int,
    CAST(:last AS date) - (n / 5)::int, NULL, NULL, true, true, true, false FROM generate_series(1, :payouts) n;
INSERT INTO payments SELECT (jsonb_populate_record(NULL::payments, to_jsonb(p) || jsonb_build_object(
    'id', gen_random_uuid(), 'store_id', CAST(:store AS uuid), 'account_id', CAST(:account AS uuid),
    'provider_reference', 'pi_' || n))).* FROM payments p CROSS JOIN generate_series(1, :payouts * 100 + 300) n
WHERE p.provider_reference = 'model';
INSERT INTO match_groups (store_id, id, subject, payment_id, operation_id, dispute_id, pass, rule_version, run_id,
    matched_at)
SELECT store_id, id, 'sale', id, NULL, NULL, 'provider_reference', 1, id, now() FROM payments WHERE store_id = :store;
INSERT INTO provider_lines (store_id, id, account_id, external_id, category, raw_category, gross_minor, fee_minor,
    net_minor, currency, created_at, available_on, source_reference, tender_reference, payout_reference, method,
    description, raw, run_id, match_id, match_pass, posted)
SELECT p.store_id, gen_random_uuid(), p.account_id, 'txn_' || right(p.provider_reference, -3), 'charge', 'charge', 100,
    10, 90, 'BRL', CAST(:last AS date) - (n.n / 500)::int, CAST(:last AS date), 'ch_' || n.n, p.provider_reference,
    CASE WHEN n.n <= :payouts * 100 THEN 'po_' || 1 + (n.n - 1) / 100 END, 'card', '', '{}', p.id, p.id,
    'provider_reference', true
FROM payments p CROSS JOIN LATERAL (SELECT substr(p.provider_reference, 4)::int AS n) n WHERE p.store_id = :store;
INSERT INTO reconciliation_exceptions (id, store_id, kind, state, left_reference, right_reference, payment_id, order_id,
    amount_minor, currency, details, opened_at, account_id, origin, owner_id, version)
SELECT gen_random_uuid(), :store, 'fee_mismatch', CASE WHEN n % 50 = 0 THEN 'open' ELSE 'resolved' END, 'l' || n,
    'ch_' || n, NULL, NULL, n, 'BRL', '{}', CAST(:last AS date) - (n / 500)::int, :account, 'reconciliation',
    CASE WHEN n % 100 = 0 THEN CAST(:owner AS uuid) END, 1
FROM generate_series(1, :payouts * 10) n;
INSERT INTO approvals (id, store_id, exception_id, decision, state, amount_minor, currency, details, note, asked_by_id,
    asked_by, asked_at, answer, version)
SELECT gen_random_uuid(), :store, e.id, 'resolve', CASE WHEN e.state = 'open' THEN 'asked' ELSE 'used' END, 100, 'BRL',
    '{}', '', NULL, 'x', now(), '', 1 FROM reconciliation_exceptions e WHERE e.store_id = :store;
INSERT INTO reconciliation_runs (id, store_id, account_id, state, trigger, dry_run, rule_version, since, started_at,
    counts, totals)
SELECT gen_random_uuid(), :store, :account, 'done', 'schedule', false, 1, now(),
    CAST(:last AS timestamptz) - make_interval(days => n), '{}', '{}' FROM generate_series(1, :payouts) n
"""
MODELS = """
INSERT INTO payment_accounts SELECT (jsonb_populate_record(NULL::payment_accounts, jsonb_build_object(
    'id', gen_random_uuid(), 'store_id', s.id, 'name', 'Acme', 'provider', 'acme', 'enabled', true))).*
FROM stores s WHERE s.slug = 'model';
INSERT INTO payments SELECT (jsonb_populate_record(NULL::payments, jsonb_build_object(
    'id', gen_random_uuid(), 'provider_reference', 'model', 'provider', 'acme', 'method', 'card', 'state', 'captured',
    'currency', 'BRL', 'amount_minor', 100, 'captured_minor', 100, 'created_at', CAST(:last AS timestamptz)))).*
"""


@pytest.fixture(scope="module")
def books(database_server: TestServer) -> Iterator[tuple[DatabaseAddresses, dict[str, UUID]]]:
    name = f"settled_{secrets.token_hex(4)}"
    addresses = database_server.create(name)
    stores = {slug: uuid4() for slug in PAYOUTS}
    superuser = sa.create_engine(addresses.superuser_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        _drop_not_null(connection)
        connection.execute(sa.text(_model_store(connection)))
        _run(connection, MODELS, last=LAST)
        for slug, payouts in PAYOUTS.items():
            _run(connection, FILL, store=stores[slug], slug=slug, account=uuid4(), payouts=payouts, last=LAST,
                 owner=OWNER)  # fmt: skip
        connection.exec_driver_sql("ANALYZE")
    superuser.dispose()
    yield addresses, stores
    database_server.drop(name)


def _drop_not_null(connection: sa.Connection) -> None:
    """What no plan depends on may stay empty, so that a new column needs no change here."""
    for table in ("payment_accounts", "payments"):
        columns = connection.execute(
            sa.text(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = :t"
                " AND is_nullable = 'NO' AND column_name NOT IN ('id', 'store_id')"
            ),
            {"t": table},
        ).scalars()
        for column in list(columns):
            connection.exec_driver_sql(f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP NOT NULL')
    connection.exec_driver_sql("ALTER TABLE payments ALTER COLUMN store_id DROP NOT NULL")


def _run(connection: sa.Connection, script: str, **values: Any) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(sa.text(statement), {k: v for k, v in values.items() if f":{k}" in statement})


@pytest.fixture(scope="module")
def engine(books: tuple[DatabaseAddresses, dict[str, UUID]]) -> Iterator[sa.Engine]:
    made = sa.create_engine(books[0].app_url)
    yield made
    made.dispose()


def first(engine: sa.Engine, store: UUID, table: str) -> UUID:
    """The id of some row of the store."""
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(store)})
        return UUID(str(connection.execute(sa.text(f"SELECT id FROM {table} LIMIT 1")).scalar_one()))


class Desk:
    """The queries of a store, watched."""

    def __init__(self, engine: sa.Engine, store: UUID) -> None:
        reader = Reader(engine, CallContext(StoreId(store), Job("plans"), "plans"))
        self.payouts, self.exceptions = PostgresPayoutQueries(reader), PostgresExceptionQueries(reader)
        self.payout = PayoutId(first(engine, store, "payouts"))
        self.account = PaymentAccountId(first(engine, store, "payment_accounts"))


Ask = Callable[[Desk, PageRequest], Page[Any]]
OF_PAYOUTS = (LIMIT + 1) * EACH * 7
OF_ONE = (EACH + 1) * OF_A_LINE
OF_WAITING = 4 * 400  # those that wait for somebody are few, and read whole where that is quicker
PAGES: dict[str, tuple[int, Ask]] = {
    "payouts": (OF_PAYOUTS, lambda q, page: q.payouts.list(PayoutFilter(), page)),
    "payouts of an account": (OF_PAYOUTS, lambda q, page: q.payouts.list(PayoutFilter(q.account), page)),
    "payouts of some days": (
        OF_PAYOUTS,
        lambda q, page: q.payouts.list(PayoutFilter(None, date(2026, 11, 1), date(2026, 11, 9)), page),
    ),
    "lines": (OF_ONE, lambda q, page: q.payouts.lines(q.payout, LineFilter.ALL, page)),
    "lines to decide": (OF_ONE, lambda q, page: q.payouts.lines(q.payout, LineFilter.UNDECIDED, page)),
    "comparisons": (0, lambda q, page: q.payouts.runs(page, None, None)),
    "open exceptions": (0, lambda q, page: q.exceptions.list(ExceptionFilter(), page)),
    "explained exceptions": (0, lambda q, page: q.exceptions.list(ExceptionFilter(ExceptionState.RESOLVED), page)),
    "own exceptions": (0, lambda q, page: q.exceptions.list(ExceptionFilter(owner=StaffId(OWNER)), page)),
    "exceptions to approve": (OF_WAITING, lambda q, page: q.exceptions.list(ExceptionFilter(to_approve=True), page)),
    "approvals that wait": (OF_WAITING, lambda q, page: q.exceptions.approvals(True, page)),
    "approvals that were decided": (0, lambda q, page: q.exceptions.approvals(False, page)),
}


@pytest.mark.parametrize("slug", PAYOUTS)
@pytest.mark.parametrize("name", PAGES)
def test_pages_walk_an_index(
    engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]], slug: str, name: str
) -> None:
    store, page = books[1][slug], PageRequest(LIMIT)
    desk, (bound, ask) = Desk(engine, store), PAGES[name]
    for _ in range(4):
        with Watched(engine, books[0].superuser_url, store) as watched:
            found = ask(desk, page)
        watched.check(returned=len(found.rows), bound=bound)
        if found.next is None:
            return
        page = PageRequest(LIMIT, found.next)


@pytest.mark.parametrize("slug", PAYOUTS)
def test_one_payout_reads_its_own_lines(
    engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]], slug: str
) -> None:
    desk = Desk(engine, books[1][slug])
    with Watched(engine, books[0].superuser_url, books[1][slug]) as watched:
        detail = desk.payouts.get(desk.payout)
    assert detail.row.lines == EACH
    watched.check(returned=EACH, bound=EACH * 3 * OF_A_LINE)


@pytest.mark.parametrize("slug", PAYOUTS)
def test_what_is_not_paid_out_reads_no_line_that_was(
    engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]], slug: str
) -> None:
    desk = Desk(engine, books[1][slug])
    with Watched(engine, books[0].superuser_url, books[1][slug]) as watched:
        buckets = desk.payouts.unpaid(NOW)
    assert sum(bucket.lines for bucket in buckets) == UNPAID
    watched.check(returned=len(buckets), bound=2 * UNPAID)


@pytest.mark.parametrize("slug", PAYOUTS)
def test_the_head_of_the_workbench_reads_what_is_open(
    engine: sa.Engine, books: tuple[DatabaseAddresses, dict[str, UUID]], slug: str
) -> None:
    desk = Desk(engine, books[1][slug])
    with Watched(engine, books[0].superuser_url, books[1][slug]) as watched:
        summary = desk.exceptions.summary(NOW, StaffId(OWNER))
    assert summary.open == PAYOUTS[slug] * 10 // 50
    watched.check(returned=1, bound=8 * summary.open)
