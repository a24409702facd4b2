"""Store, product list, search and page over the API, as a storefront sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from adapters.provisioning import DatabaseAddresses
from core.catalog.model import Option, ProductContent
from core.catalog.use_cases.archive import ArchiveProduct, archive_product
from core.catalog.use_cases.create import CreateProduct, NewVariant, create_product
from core.catalog.use_cases.publish import PublishProduct, publish_product
from core.catalog.variant import VariantContent
from core.shared.ids import ProductId
from core.shared.money import Money
from tests.shop import Shop, open_shop, settings_for
from tests.web.conftest import make_api


@dataclass
class Storefront:
    shop: Shop
    client: FlaskClient

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        response = self.client.get(f"/api/v1{path}", query_string=query, headers={"X-Store-Key": self.shop.key})
        return response.status_code, response.get_json()

    def sell(self, title: str, *prices: int, at_hand: int = 1, **content: Any) -> ProductId:
        """Put a product on sale, with a variant for each price."""
        sizes = tuple(f"T{n}" for n in range(len(prices))) if len(prices) > 1 else ()
        variants = tuple(
            NewVariant(
                VariantContent(
                    price=Money(price, "BRL"), option_values={"Tamanho": f"T{n}"} if sizes else {}, sku=f"{title}-{n}"
                ),
                at_hand,
            )
            for n, price in enumerate(prices)
        )
        options = (Option("Tamanho", sizes),) if sizes else ()
        command = CreateProduct(ProductContent(title=title, slug="", **content), variants, options)
        product_id: ProductId = self.shop.run(create_product, command)
        self.shop.clock.advance(seconds=1)
        self.shop.run(publish_product, PublishProduct(product_id))
        return product_id

    def titles(self, **query: Any) -> list[str]:
        status, body = self.get("/products", **query)
        assert status == 200, body
        return [product["title"] for product in body["data"]]


@pytest.fixture
def storefront(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Storefront:
    return Storefront(shop, make_api(shop, settings_for(database, tmp_path)).test_client())


def test_the_store_tells_what_a_storefront_needs(storefront: Storefront) -> None:
    status, body = storefront.get("/store")
    assert status == 200
    assert body["currency"] == "BRL"
    assert body["order_prefix"] == "CI-"
    assert body["countries"] == [{"code": "BR", "name": "Brasil"}]
    assert [way["method"] for way in body["payment_methods"]] == ["bank_transfer", "cash_on_delivery"]
    assert body["payment_methods"][1]["name"] == "Pagamento na entrega"


def test_a_product_is_listed_while_it_is_on_sale(storefront: Storefront) -> None:
    product_id = storefront.sell("Camiseta Maré", 8990, 7990, tags=("Verão",), vendor="Ateliê")
    status, body = storefront.get("/products")
    assert status == 200
    assert body["next"] is None
    product = body["data"][0]
    assert product["id"] == str(product_id)
    assert product["price"] == {"amount": 7990, "currency": "BRL"}
    assert product["price_max"] == {"amount": 8990, "currency": "BRL"}
    assert product["options"] == [{"name": "Tamanho", "values": ["T0", "T1"]}]
    assert [v["options"] for v in product["variants"]] == [{"Tamanho": "T0"}, {"Tamanho": "T1"}]
    assert product["in_stock"] is True
    storefront.shop.run(archive_product, ArchiveProduct(product_id))
    assert storefront.titles() == []
    assert storefront.get(f"/products/{product['slug']}")[0] == 404


def test_a_product_page_has_everything_the_list_has_and_more(storefront: Storefront) -> None:
    storefront.sell("Caneca", 6990, description_html="<p>Barro <b>vermelho</b></p><script>x</script>", at_hand=0)
    status, body = storefront.get("/products/caneca")
    assert status == 200
    assert body["description_html"] == "<p>Barro <b>vermelho</b></p>"
    assert body["seo"] == {"title": "Caneca", "description": ""}
    assert (body["images"], body["image"], body["in_stock"]) == ([], None, False)
    assert set(body["variants"][0]) == {
        "id", "sku", "title", "options", "price", "compare_at_price", "in_stock", "barcode", "weight_grams", "image",
    }  # fmt: skip
    listed = storefront.get("/products")[1]["data"][0]
    assert {key: body[key] for key in listed if key != "variants"} == {
        key: value for key, value in listed.items() if key != "variants"
    }


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["Éden", "bule", "Caneca", "Água"]),
        ("title", ["Água", "bule", "Caneca", "Éden"]),
        ("price_asc", ["bule", "Caneca", "Água", "Éden"]),
        ("price_desc", ["Éden", "Água", "Caneca", "bule"]),
    ],
)
def test_every_order_pages_to_the_same_list(storefront: Storefront, sort: str, expected: list[str]) -> None:
    for title, price in (("Água", 900), ("Caneca", 500), ("bule", 100), ("Éden", 1200)):
        storefront.sell(title, price)
    assert storefront.titles(sort=sort) == expected
    walked, cursor = [], None
    for _ in expected:
        body = storefront.get("/products", sort=sort, limit=1, **({"cursor": cursor} if cursor else {}))[1]
        walked += [product["title"] for product in body["data"]]
        cursor = body["next"]
    assert (walked, cursor) == (expected, None)


def test_search_ignores_case_and_accents_and_pages(storefront: Storefront) -> None:
    storefront.sell("Café da Mantiqueira", 5490, vendor="Sítio Boa Vista", tags=("torrado",))
    storefront.sell("Caneca 100% barro", 6990)
    storefront.sell("Cafeteira", 18990)
    assert storefront.titles(q="CAFE") == ["Cafeteira", "Café da Mantiqueira"]
    assert storefront.titles(q="sitio") == storefront.titles(q="torra") == ["Café da Mantiqueira"]
    assert storefront.titles(q="100%") == ["Caneca 100% barro"]
    assert storefront.titles(q="caneca-0") == []
    assert storefront.titles(q="Caneca 100% barro-0") == ["Caneca 100% barro"]
    assert storefront.titles(q="cafe", sort="price_asc") == ["Café da Mantiqueira", "Cafeteira"]
    assert storefront.titles(q="cafe", tag="TORRADO") == ["Café da Mantiqueira"]
    first = storefront.get("/products", q="cafe", limit=1)[1]
    second = storefront.get("/products", q="cafe", limit=1, cursor=first["next"])[1]
    assert [p["title"] for p in first["data"] + second["data"]] == ["Cafeteira", "Café da Mantiqueira"]
    assert second["next"] is None


def test_filters_compare_folded(storefront: Storefront) -> None:
    storefront.sell("Café", 5490, vendor="Sítio Boa Vista", tags=("Torrado",))
    storefront.sell("Caneca", 6990, vendor="Ateliê Suenaga")
    assert storefront.titles(vendor="sitio boa vista") == ["Café"]
    assert storefront.titles(tag="torrado") == ["Café"]
    assert storefront.titles(tag="none") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"sort": "cheapest"}, "sort"),
        ({"cursor": "%%%"}, "cursor"),
        ({"page": 2}, "page"),
    ],
)
def test_what_is_malformed_is_named(storefront: Storefront, query: dict[str, Any], field: str) -> None:
    status, body = storefront.get("/products", **query)
    assert status == 422
    assert [problem["field"] for problem in body["errors"]] == [field]


def test_a_cursor_of_another_order_is_refused(storefront: Storefront) -> None:
    storefront.sell("Café", 100)
    storefront.sell("Chá", 200)
    cursor = storefront.get("/products", limit=1)[1]["next"]
    for sort in ("title", "price_asc", "price_desc"):
        assert storefront.get("/products", sort=sort, cursor=cursor)[0] == 422


def test_who_has_the_list_already_is_told_so(storefront: Storefront) -> None:
    storefront.sell("Café", 100)
    headers = {"X-Store-Key": storefront.shop.key}
    first = storefront.client.get("/api/v1/products", headers=headers)
    again = storefront.client.get("/api/v1/products", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    storefront.sell("Chá", 200)
    fresh = storefront.client.get("/api/v1/products", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert fresh.status_code == 200


def test_another_store_sees_nothing_of_it(storefront: Storefront, database: DatabaseAddresses, tmp_path: Path) -> None:
    storefront.sell("Café", 100)
    other = open_shop(database, tmp_path / "other")
    response = storefront.client.get("/api/v1/products", headers={"X-Store-Key": other.key})
    assert response.get_json() == {"data": [], "next": None}
    assert storefront.client.get("/api/v1/products/cafe", headers={"X-Store-Key": other.key}).status_code == 404
    other.wired.engines.dispose()
