"""What hot queries read, with 50,000 products and 50,000 orders in five stores, as the application's role.

A plan is good when rows read and filtered are at most twenty times the rows returned: for the commonest and the rarest
term, in the large store and a small one, on the first page and a deep one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.postgres.queries.catalog import PostgresProductQueries
from adapters.postgres.queries.documents import PostgresProductDocuments
from adapters.postgres.queries.inventory import PostgresStockQueries
from adapters.postgres.queries.orders import PostgresOrderQueries
from adapters.postgres.reading import Reader
from adapters.provisioning import DatabaseAddresses, Scale, fill_scale
from core.catalog.lifecycle import ProductStatus
from core.shared.context import CallContext, Job
from core.shared.ids import StoreId
from ports.catalog import DocumentFilter, DocumentSort, ProductFilter, ProductSort
from ports.inventory import StockFilter
from ports.orders import OrderFilter
from ports.paging import Page, PageRequest
from tests.database import TestServer
from tests.plans import FREE, MEASURE, Watched, rows_touched, search_statement

# The rows are made once: all of it runs on one worker.
pytestmark = pytest.mark.xdist_group("plans")

LARGE, SMALL = "scale-1", "scale-5"
LIMIT = 20


@pytest.fixture(scope="module")
def scaled(database_server: TestServer) -> Iterator[DatabaseAddresses]:
    name = f"scaled_{secrets.token_hex(4)}"
    addresses = database_server.create(name)
    fill_scale(addresses.owner_url, Scale(stores=5, products=50_000, orders=50_000), lambda _: None)
    yield addresses
    database_server.drop(name)


@pytest.fixture(scope="module")
def engine(scaled: DatabaseAddresses) -> Iterator[sa.Engine]:
    made = sa.create_engine(scaled.app_url)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def stores(scaled: DatabaseAddresses) -> dict[str, UUID]:
    superuser = sa.create_engine(scaled.superuser_url)
    with superuser.connect() as connection:
        found = {row.slug: row.id for row in connection.execute(sa.text("SELECT slug, id FROM stores"))}
    superuser.dispose()
    return found


def read(engine: sa.Engine, store: UUID, ask: Callable[[Reader, PageRequest], Page[Any]], deep: int = 5) -> None:
    """Ask for the first page and a deep one, and hold each statement's plan to the measure."""
    reader = Reader(engine, CallContext(StoreId(store), Job("plans"), "plans"))
    page = PageRequest(LIMIT)
    for number in range(deep + 1):
        if number in (0, deep):
            with Watched(engine, store) as watched:
                found = ask(reader, page)
            watched.check(returned=len(found.rows))
        else:
            found = ask(reader, page)
        if found.next is None:
            return
        page = PageRequest(LIMIT, found.next)


def products(filter_: DocumentFilter) -> Callable[[Reader, PageRequest], Page[Any]]:
    return lambda reader, page: PostgresProductDocuments(reader).page(filter_, page)


def orders(filter_: OrderFilter) -> Callable[[Reader, PageRequest], Page[Any]]:
    return lambda reader, page: PostgresOrderQueries(reader).list(filter_, page)


@pytest.mark.parametrize("slug", [LARGE, SMALL])
def test_product_list(engine: sa.Engine, stores: dict[str, UUID], slug: str) -> None:
    read(engine, stores[slug], products(DocumentFilter()))


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize("term", ["caneca", "a", "sku-1234-0", "no such thing"])
def test_product_search(engine: sa.Engine, stores: dict[str, UUID], slug: str, term: str) -> None:
    read(engine, stores[slug], products(DocumentFilter(search=term)))


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize(
    ("kind", "term"),
    [
        ("product", "caneca"),
        ("product", "a"),
        ("product", "sku-1234-0"),
        ("product", "no such thing"),
        ("order", "cliente"),
        ("order", "cliente77@"),
        ("order", "1042"),
    ],
)
def test_what_the_search_function_reads(
    scaled: DatabaseAddresses, stores: dict[str, UUID], slug: str, kind: str, term: str
) -> None:
    owner = sa.create_engine(scaled.owner_url, poolclass=sa.NullPool)
    before: tuple[Any, Any] = (None, None)
    with owner.connect() as connection:
        statement = search_statement(connection)
        for _ in range(2):
            asked = (stores[slug], kind, f"%{term}%", True, *before, LIMIT + 1)
            parameters = {f"p{number}": value for number, value in enumerate(asked, start=1)}
            rows = connection.exec_driver_sql(typed(statement), parameters).all()
            explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {typed(statement)}", parameters)
            plan = explained.scalar_one()[0]["Plan"]
            assert rows_touched(plan) <= max(FREE, MEASURE * len(rows)), plan
            if len(rows) <= LIMIT:
                break
            before = (rows[-1].sorted_at, rows[-1].subject_id)


def typed(statement: str) -> str:
    """Parameters that may be NULL need their type said, as the function's own have it."""
    return statement.replace("%(p5)s", "%(p5)s::timestamptz").replace("%(p6)s", "%(p6)s::uuid")


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize(
    "filter_",
    [
        OrderFilter(),
        OrderFilter(email="cliente77@uol.example"),
        OrderFilter(payment_status=("paid",)),
        OrderFilter(status=("cancelled",)),
        OrderFilter(search="cliente77@"),
        OrderFilter(search="cliente"),
        OrderFilter(search="1042"),
    ],
    ids=lambda f: f.search or f.email or "-".join(f.status + f.payment_status) or "all",
)
def test_order_list(engine: sa.Engine, stores: dict[str, UUID], slug: str, filter_: OrderFilter) -> None:
    read(engine, stores[slug], orders(filter_))


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize(
    "filter_",
    [
        *(DocumentFilter(sort=sort) for sort in DocumentSort),
        DocumentFilter(vendor="Oficina Norte"),
        DocumentFilter(vendor="Nobody"),
        DocumentFilter(tag="casa"),
        DocumentFilter(search="sku-1234-0", sort=DocumentSort.PRICE_ASC),
    ],
    ids=str,
)
def test_product_list_in_every_order(
    engine: sa.Engine, stores: dict[str, UUID], slug: str, filter_: DocumentFilter
) -> None:
    read(engine, stores[slug], products(filter_))


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize(
    "filter_",
    [
        ProductFilter(),
        ProductFilter(sort=ProductSort.TITLE, descending=False),
        ProductFilter(status=ProductStatus.DRAFT),
        ProductFilter(status=ProductStatus.ARCHIVED),
        ProductFilter(vendor="Oficina Norte"),
        ProductFilter(search="caneca"),
        ProductFilter(search="sku-1234-0"),
    ],
    ids=str,
)
def test_product_list_of_staff(engine: sa.Engine, stores: dict[str, UUID], slug: str, filter_: ProductFilter) -> None:
    read(engine, stores[slug], lambda reader, page: PostgresProductQueries(reader).page(filter_, page))


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize("filter_", [StockFilter(), StockFilter(search="sku-1234-0")], ids=str)
def test_stock_list(engine: sa.Engine, stores: dict[str, UUID], slug: str, filter_: StockFilter) -> None:
    read(engine, stores[slug], lambda reader, page: PostgresStockQueries(reader).page(filter_, page))
