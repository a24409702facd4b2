"""What hot queries read, with 50,000 products and 50,000 orders in five stores, as the application's role.

A plan is good when rows read and filtered are at most twenty times the rows returned: for the commonest and the rarest
term, tag and state, in the large store and a small one, on the first page and a deep one. Several conditions at once
may also read every row of the rarest of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
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
from core.shared.text import fold
from ports.catalog import DocumentFilter, DocumentSort, ProductFilter, ProductSort, StockState
from ports.inventory import StockFilter
from ports.orders import OrderFilter
from ports.paging import Page, PageRequest
from tests.database import TestServer
from tests.derived import check_derived
from tests.plans import Watched

# The rows are made once: all of it runs on one worker.
pytestmark = pytest.mark.xdist_group("plans")

LARGE, SMALL = "scale-1", "scale-5"
# Nearly everything is sold out here, and something of everything is held in the small store.
SOLD_OUT = "scale-4"
LIMIT = 20
# What a page under several conditions may read in any case: so many rows of the list for each row asked for, each with
# its row in the other tables, and then the rows of the rarest condition, each in the index, its table and the others.
WALKED = 2 * 22 * (LIMIT + 1)
PER_ROW = 8

Ask = Callable[[Reader, PageRequest], Page[Any]]


@dataclass(frozen=True)
class Scaled:
    """The filled database, and the ids of its stores by slug."""

    engine: sa.Engine
    superuser_url: str
    stores: dict[str, UUID]

    def read(self, slug: str, ask: Ask, *, deep: int = 5, bound: int = 0) -> None:
        """Ask for the first page and a deep one, and hold each statement's plan to the measure."""
        store = self.stores[slug]
        reader = Reader(self.engine, CallContext(StoreId(store), Job("plans"), "plans"))
        page = PageRequest(LIMIT)
        for number in range(deep + 1):
            with Watched(self.engine, self.superuser_url, store) as watched:
                found = ask(reader, page)
            if number in (0, deep):
                watched.check(returned=len(found.rows), bound=bound)
            if found.next is None:
                return
            page = PageRequest(LIMIT, found.next)

    def count(self, slug: str, condition: str, **values: Any) -> int:
        """How many of the store's products meet a condition on `p` (products) and `s` (what search goes by)."""
        with psycopg.connect(self.superuser_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM products p JOIN search_documents s ON s.subject_id = p.id"  # ours
                f" WHERE p.store_id = %(store)s AND s.kind = 'product' AND {condition}".encode(),
                {"store": self.stores[slug], **values},
            ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(scope="module")
def scaled(database_server: TestServer) -> Iterator[Scaled]:
    name = f"scaled_{secrets.token_hex(4)}"
    addresses: DatabaseAddresses = database_server.create(name)
    fill_scale(addresses.owner_url, Scale(stores=5, products=50_000, orders=50_000), lambda _: None)
    with psycopg.connect(addresses.superuser_url) as connection:
        stores: dict[str, UUID] = dict(connection.execute("SELECT slug, id FROM stores").fetchall())
    engine = sa.create_engine(addresses.app_url)
    yield Scaled(engine, addresses.superuser_url, stores)
    engine.dispose()
    database_server.drop(name)


def products(filter_: DocumentFilter) -> Ask:
    return lambda reader, page: PostgresProductDocuments(reader).page(filter_, page)


def products_of_staff(filter_: ProductFilter) -> Ask:
    return lambda reader, page: PostgresProductQueries(reader).page(filter_, page)


def stock(filter_: StockFilter) -> Ask:
    return lambda reader, page: PostgresStockQueries(reader).page(filter_, page)


def orders(filter_: OrderFilter) -> Ask:
    return lambda reader, page: PostgresOrderQueries(reader).list(filter_, page)


def named(value: Any) -> str:
    """A filter's name in the test's id: what it asks for."""
    asked = {name: str(getattr(value, name)) for name in value.__dataclass_fields__}
    plain = {name: str(getattr(type(value)(), name)) for name in value.__dataclass_fields__}
    return "-".join(word for name, word in asked.items() if word != plain[name]) or "all"


@pytest.mark.parametrize("slug", [SMALL, SOLD_OUT])
def test_scaled_rows_are_as_the_catalogue_would_write_them(scaled: Scaled, slug: str) -> None:
    reader = Reader(scaled.engine, CallContext(StoreId(scaled.stores[slug]), Job("plans"), "plans"))
    check_derived(lambda sql: [dict(row) for row in reader.rows(sa.text(sql))])


# The commonest, the rarest and none; and one that is neither, for which no index has every order.
TERMS = ("a", "sku-1234-0", "no such thing")
MIDDLING = "caneca"
ALL_TERMS = (*TERMS, MIDDLING)
TAGS = ("casa", "barro", "raro", "no such tag")


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize(
    "filter_",
    [
        *(DocumentFilter(sort=sort) for sort in DocumentSort),
        *(DocumentFilter(search=term) for term in TERMS),
        *(DocumentFilter(tag=tag, sort=sort) for tag in TAGS for sort in DocumentSort),
        DocumentFilter(vendor="Oficina Norte"),
        DocumentFilter(vendor="Nobody"),
    ],
    ids=named,
)
def test_product_list(scaled: Scaled, slug: str, filter_: DocumentFilter) -> None:
    scaled.read(slug, products(filter_))


SEARCHES = (
    DocumentFilter(search=MIDDLING),
    *(
        DocumentFilter(search=term, sort=sort)
        for term in ALL_TERMS
        for sort in DocumentSort
        if sort != DocumentSort.NEWEST
    ),
    *(DocumentFilter(search=term, tag=tag) for term in ALL_TERMS for tag in TAGS),
    *(DocumentFilter(search=term, vendor="Oficina Norte", sort=DocumentSort.PRICE_DESC) for term in ALL_TERMS),
    DocumentFilter(search="moringa", vendor="Oficina Norte"),
    DocumentFilter(search="caneca", vendor="Oficina Norte", tag="barro", sort=DocumentSort.TITLE),
    DocumentFilter(vendor="Oficina Norte", tag="raro"),
    DocumentFilter(vendor="Nobody", tag="casa", sort=DocumentSort.PRICE_ASC),
)


@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize("filter_", SEARCHES, ids=named)
def test_product_list_under_several_conditions(scaled: Scaled, slug: str, filter_: DocumentFilter) -> None:
    scaled.read(slug, products(filter_), bound=WALKED + PER_ROW * rarest(scaled, slug, filter_))


def rarest(scaled: Scaled, slug: str, filter_: DocumentFilter | ProductFilter) -> int:
    """How many rows the rarest of a filter's conditions holds for."""
    counts = []
    if filter_.search:
        counts.append(scaled.count(slug, "s.body LIKE %(like)s", like=f"%{fold(filter_.search)}%"))
    if filter_.tag:
        counts.append(scaled.count(slug, "%(tag)s = ANY (p.tags)", tag=filter_.tag))
    if filter_.vendor:
        counts.append(scaled.count(slug, "p.vendor = %(vendor)s", vendor=filter_.vendor))
    if isinstance(filter_, ProductFilter) and filter_.stock:
        counts.append(scaled.count(slug, "p.stock_state = %(state)s", state=filter_.stock))
    return min(counts)


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
    ids=named,
)
def test_order_list(scaled: Scaled, slug: str, filter_: OrderFilter) -> None:
    scaled.read(slug, orders(filter_))


@pytest.mark.parametrize("slug", [LARGE, SMALL, SOLD_OUT])
@pytest.mark.parametrize(
    "filter_",
    [
        ProductFilter(),
        ProductFilter(sort=ProductSort.TITLE, descending=False),
        ProductFilter(status=ProductStatus.DRAFT),
        ProductFilter(status=ProductStatus.ARCHIVED),
        ProductFilter(vendor="Oficina Norte"),
        *(ProductFilter(tag=tag, sort=sort) for tag in TAGS for sort in ProductSort),
        *(ProductFilter(stock=state) for state in StockState),
        *(ProductFilter(search=term) for term in TERMS),
    ],
    ids=named,
)
def test_product_list_of_staff(scaled: Scaled, slug: str, filter_: ProductFilter) -> None:
    scaled.read(slug, products_of_staff(filter_))


@pytest.mark.parametrize("slug", [LARGE, SOLD_OUT])
@pytest.mark.parametrize(
    "filter_",
    [
        ProductFilter(search=MIDDLING),
        *(ProductFilter(search=term, sort=ProductSort.TITLE, descending=False) for term in ALL_TERMS),
        *(ProductFilter(search=term, stock=state) for term in ALL_TERMS for state in StockState),
        *(ProductFilter(search=term, tag=tag) for term in ALL_TERMS for tag in TAGS),
        ProductFilter(stock=StockState.SOLD_OUT, sort=ProductSort.TITLE),
        ProductFilter(search="moringa", status=ProductStatus.DRAFT),
    ],
    ids=named,
)
def test_product_list_of_staff_under_several_conditions(scaled: Scaled, slug: str, filter_: ProductFilter) -> None:
    scaled.read(slug, products_of_staff(filter_), bound=WALKED + PER_ROW * rarest(scaled, slug, filter_))


@pytest.mark.parametrize("slug", [LARGE, SMALL, SOLD_OUT])
@pytest.mark.parametrize("state", [None, "in_stock", "sold_out", "reserved"])
def test_stock_list(scaled: Scaled, slug: str, state: str | None) -> None:
    scaled.read(slug, stock(StockFilter(state=state)), deep=30)


@pytest.mark.parametrize("slug", [LARGE, SMALL, SOLD_OUT])
@pytest.mark.parametrize("state", [None, "in_stock", "sold_out", "reserved"])
@pytest.mark.parametrize("term", ALL_TERMS)
def test_stock_list_under_a_term(scaled: Scaled, slug: str, state: str | None, term: str) -> None:
    """A product of the scaled stores has two variants."""
    matches = scaled.count(slug, "s.body LIKE %(like)s", like=f"%{term}%")
    scaled.read(slug, stock(StockFilter(search=term, state=state)), bound=2 * (WALKED + PER_ROW * matches))
