"""Lists of products and stock under any conditions: what they give is what the rows say, whichever way it is found.

A store of 1,800 products, of which 1,300 have one word in common; every list is compared with the same list made here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.postgres import documents
from adapters.provisioning import DatabaseAddresses
from core.catalog.lifecycle import ProductStatus
from core.catalog.queries import ListOnSale, ListProducts, list_on_sale, list_products
from core.catalog.stock_state import StockState
from core.inventory.queries import ListStock, list_stock
from core.shared.text import fold
from ports.catalog import DocumentFilter, DocumentSort, ProductFilter, ProductSort
from ports.inventory import StockFilter
from ports.paging import Page, PageRequest
from tests.catalogue import Catalogue

PRODUCTS = 1_800

_PRODUCTS = """
INSERT INTO products (id, store_id, slug, title, title_folded, description_html, vendor, vendor_folded, product_type,
    tags, status, options, seo_title, seo_description, published_at, created_at, updated_at, version)
SELECT gen_random_uuid(), :store, 'p-' || n,
    CASE WHEN n % 18 < 13 THEN 'Caneca' WHEN n % 18 = 13 THEN 'Moringa' WHEN n % 18 = 14 THEN '100% Algodão'
        ELSE 'x_y' END || ' ' || n % 7,
    CASE WHEN n % 18 < 13 THEN 'caneca' WHEN n % 18 = 13 THEN 'moringa' WHEN n % 18 = 14 THEN '100% algodao'
        ELSE 'x_y' END || ' ' || n % 7,
    '', (ARRAY['Ateliê Suenaga', 'Oficina Norte', ''])[1 + n % 3],
    (ARRAY['atelie suenaga', 'oficina norte', ''])[1 + n % 3], '',
    CASE WHEN n % 200 = 5 THEN ARRAY['Raro', 'Casa'] WHEN n % 4 = 0 THEN ARRAY['VERÃO']
        WHEN n % 4 = 1 THEN ARRAY['Casa'] ELSE CAST('{}' AS text[]) END,
    CASE WHEN n % 10 = 3 THEN 'draft' WHEN n % 10 = 7 THEN 'archived' ELSE 'published' END, '[]', '', '',
    CASE WHEN n % 10 <> 3 THEN CAST(:now AS timestamptz) - make_interval(mins => n / 3) END, :now,
    CAST(:now AS timestamptz) - make_interval(mins => (n * 31 % 600)), 0
FROM generate_series(1, :products) n
"""
_VARIANTS = """
INSERT INTO variants (id, store_id, product_id, position, title, option_values, sku, sku_folded, currency, price_minor,
    weight_grams, tax_category, tracked, requires_shipping, version)
SELECT gen_random_uuid(), store_id, id, v, '', '{}', slug || '-' || v, slug || '-' || v, 'BRL',
    1000 + CAST(substr(slug, 3) AS int) % 40 * 10, 0, 'standard', CAST(substr(slug, 3) AS int) % 11 <> 2, true, 0
FROM products, generate_series(0, 1) v
"""
_STOCK = """
INSERT INTO stock_items (id, store_id, variant_id, location_id, on_hand, reserved, version)
SELECT gen_random_uuid(), v.store_id, v.id, l.id, CASE WHEN p.n % 5 = v.position THEN 0 ELSE 3 END,
    CASE WHEN p.n % 50 = 6 AND v.position = 0 THEN 2 + p.n / 50 % 2 ELSE 0 END, 0
FROM (SELECT id, CAST(substr(slug, 3) AS int) AS n FROM products) p JOIN variants v ON v.product_id = p.id, locations l
WHERE p.n % 50 <> 5
"""
_FACTS = """
SELECT p.id, p.slug, p.title_folded, p.vendor, p.tags, p.status, p.published_at, p.updated_at,
    (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'position', v.position, 'sku', v.sku, 'price', v.price_minor,
            'tracked', v.tracked, 'on_hand', COALESCE(i.on_hand, 0), 'reserved', COALESCE(i.reserved, 0)))
     FROM variants v LEFT JOIN stock_items i ON i.variant_id = v.id WHERE v.product_id = p.id) AS variants
FROM products p
"""


@dataclass(frozen=True)
class Fact:
    """A product as its rows say, with what the lists are about worked out here."""

    id: UUID
    slug: str
    title_folded: str
    vendor: str
    tags: Sequence[str]
    status: str
    published_at: datetime | None
    updated_at: datetime
    variants: Sequence[dict[str, Any]]

    def meets(self, search: str = "", vendor: str | None = None, tag: str | None = None) -> bool:
        skus = [variant["sku"] for variant in self.variants]
        words = "\n".join(fold(word) for word in (self.title_folded, self.vendor, *self.tags, *skus, self.slug))
        return (
            fold(search) in words
            and (vendor is None or fold(self.vendor) == fold(vendor))
            and (tag is None or fold(tag) in map(fold, self.tags))
        )

    @property
    def stock(self) -> StockState | None:
        left = [v["on_hand"] - v["reserved"] for v in self.variants if v["tracked"]]
        return None if not left else StockState.IN_STOCK if any(left) else StockState.SOLD_OUT

    @property
    def price(self) -> int:
        return min(int(variant["price"]) for variant in self.variants)


@dataclass(frozen=True)
class Stocked:
    catalogue: Catalogue
    facts: Sequence[Fact]


@pytest.fixture(scope="module")
def stocked(database: DatabaseAddresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    """The rows are made at once; what lists are read from is made by what makes it for every save."""
    folder: Path = tmp_path_factory.mktemp("lists")
    catalogue = Catalogue(database, folder)
    with catalogue.transaction() as tx:
        for sql in (_PRODUCTS, _VARIANTS, _STOCK):
            values = {"store": catalogue.store_id, "products": PRODUCTS, "now": catalogue.clock.now()}
            tx.session.write(sa.text(sql), values)
        documents.rewrite(tx.session, [row["id"] for row in tx.session.rows(sa.text("SELECT id FROM products"))])
    yield Stocked(catalogue, [Fact(**row) for row in catalogue.rows(_FACTS)])
    catalogue.close()


def whole(ask: Callable[[PageRequest], Page[Any]], limit: int) -> list[Any]:
    """All rows of a list, page by page."""
    rows: list[Any] = []
    page = PageRequest(limit)
    while True:
        found = ask(page)
        rows += found.rows
        if found.next is None:
            return rows
        page = PageRequest(limit, found.next)


LIMITS = st.sampled_from([47, 100])
SEARCHES = st.sampled_from(["", "caneca", "CANECA 3", "a", "moringa", "100%", "x_y", "p-77", "nothing of it"])
VENDORS = st.sampled_from([None, "Ateliê Suenaga", "OFICINA norte", "Nobody"])
TAGS = st.sampled_from([None, "verao", "Casa", "raro", "no such tag"])
# The store is filled once: a run changes nothing in it.
often = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_ON_SALE: dict[DocumentSort, tuple[Callable[[Fact], Any], bool]] = {
    DocumentSort.NEWEST: (lambda fact: (fact.published_at, fact.id), True),
    DocumentSort.TITLE: (lambda fact: (fact.title_folded, fact.id), False),
    DocumentSort.PRICE_ASC: (lambda fact: (fact.price, fact.id), False),
    DocumentSort.PRICE_DESC: (lambda fact: (fact.price, fact.id), True),
}


@often
@given(search=SEARCHES, vendor=VENDORS, tag=TAGS, sort=st.sampled_from(DocumentSort), limit=LIMITS)
@example(search="caneca", vendor=None, tag="verao", sort=DocumentSort.PRICE_ASC, limit=100)
@example(search="caneca", vendor=None, tag=None, sort=DocumentSort.TITLE, limit=100)
def test_what_is_on_sale(
    stocked: Stocked, search: str, vendor: str | None, tag: str | None, sort: DocumentSort, limit: int
) -> None:
    filter_ = DocumentFilter(search, tag, vendor, sort)
    key, falling = _ON_SALE[sort]
    meeting = [f for f in stocked.facts if f.status == "published" and f.meets(search, vendor, tag)]
    expected = [fact.slug for fact in sorted(meeting, key=key, reverse=falling)]
    found = whole(lambda page: stocked.catalogue.read(list_on_sale, ListOnSale(filter_, page)), limit)
    assert [json.loads(summary)["slug"] for summary in found] == expected


@often
@given(
    search=SEARCHES, vendor=VENDORS, tag=TAGS, status=st.sampled_from([None, *ProductStatus]),
    stock=st.sampled_from([None, *StockState]), sort=st.sampled_from(ProductSort), falling=st.booleans(), limit=LIMITS,
)  # fmt: skip
def test_what_staff_see(
    stocked: Stocked, search: str, vendor: str | None, tag: str | None, status: ProductStatus | None,
    stock: StockState | None, sort: ProductSort, falling: bool, limit: int,
) -> None:  # fmt: skip
    filter_ = ProductFilter(search, status, vendor, tag, stock, sort, falling)
    meeting = [
        fact
        for fact in stocked.facts
        if fact.meets(search, vendor, tag) and status in (None, fact.status) and stock in (None, fact.stock)
    ]
    by_title = sort is ProductSort.TITLE
    meeting.sort(key=lambda f: (f.title_folded if by_title else f.updated_at, f.id), reverse=falling)
    found = whole(lambda page: stocked.catalogue.read(list_products, ListProducts(filter_, page)), limit)
    assert [row.id for row in found] == [fact.id for fact in meeting]


def _in_state(variant: dict[str, Any], state: str | None) -> bool:
    left, tracked = int(variant["on_hand"]) - int(variant["reserved"]), bool(variant["tracked"])
    return {
        None: True,
        "in_stock": tracked and left > 0,
        "sold_out": tracked and left <= 0,
        "reserved": int(variant["reserved"]) > 0,
    }[state]


@often
@given(search=SEARCHES, state=st.sampled_from([None, "in_stock", "sold_out", "reserved"]), limit=LIMITS)
def test_what_is_in_stock(stocked: Stocked, search: str, state: str | None, limit: int) -> None:
    expected = sorted(
        (fact.title_folded, fact.id, variant["position"], UUID(variant["id"]))
        for fact in stocked.facts
        if fact.meets(search)
        for variant in fact.variants
        if _in_state(variant, state)
    )
    query = StockFilter(search, state)
    found = whole(lambda page: stocked.catalogue.read(list_stock, ListStock(query, page)), limit)
    assert [row.variant_id for row in found] == [key[-1] for key in expected]


def test_the_lists_are_as_long_as_they_should_be(stocked: Stocked) -> None:
    """Nothing above compares empty lists alone: every condition has rows, and one word more than a thousand."""
    facts = stocked.facts
    assert sum(fact.meets("caneca") for fact in facts) > 1_000
    assert {fact.stock for fact in facts} == {None, *StockState}
    assert {fact.status for fact in facts} == set(ProductStatus)
    assert min(sum(fact.meets(tag=tag) for fact in facts) for tag in ("verao", "casa", "raro")) >= 9
    assert sum(_in_state(variant, "reserved") for fact in facts for variant in fact.variants) >= 30
