"""Carts over the API: put together, addressed, priced; and every way to ask for it wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.shop import SAO_PAULO, open_shop
from tests.web.conftest import Api
from tests.web.test_errors import fields, problem
from web.schemas.address import address
from web.schemas.cart import CartSchema

CONTACT = {"email": "maria@example.com", "name": "Maria Souza", "tax_id": "529.982.247-25"}
NOWHERE = "/api/v1/carts/no-such-token"
NO_LINE = "01a20cf1-0000-7000-8000-000000000000"  # fixed: it is part of a test's name, the same on every worker


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


def start(api: Api, **options: Any) -> str:
    """A new cart; returns its path."""
    answer = api("POST", "/api/v1/carts", json={}, **options)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/carts/{answer.get_json()['token']}"


def add(api: Api, cart: str, variant: Any, quantity: int = 1, **options: Any) -> dict[str, Any]:
    answer = api("POST", f"{cart}/lines", json={"variant_id": str(variant), "quantity": quantity}, **options)
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def ready(api: Api, cart: str) -> dict[str, Any]:
    """Say who buys, where it goes and how; returns the cart."""
    api("PATCH", cart, json={"contact": CONTACT})
    api("PUT", f"{cart}/addresses", json={"shipping": address(SAO_PAULO), "billing": None})
    option = api("GET", f"{cart}/shipping-options").get_json()["data"][0]
    return dict(api("PUT", f"{cart}/shipping-option", json={"id": option["id"]}).get_json())


def test_a_new_cart_is_empty_and_says_where_it_is(api: Api) -> None:
    answer = api("POST", "/api/v1/carts", json={})
    body = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/carts/{body['token']}"
    assert answer.headers["ETag"] == '"1"'
    assert (body["lines"], body["version"], body["currency"]) == ([], 1, "BRL")
    assert body["totals"] == dict.fromkeys(("items", "discount", "shipping", "tax", "total"), brl(0))
    assert api("GET", answer.headers["Location"]).get_json() == body


def test_a_cart_is_put_together_and_priced(api: Api) -> None:
    variant = api.shop.product(price=6990, stock=10, sku="CAN-BAR")
    cart = start(api)
    assert add(api, cart, variant)["lines"][0]["quantity"] == 1
    line = add(api, cart, variant, 2)["lines"][0]
    assert (line["quantity"], line["unit_price"], line["total"]) == (3, brl(6990), brl(20970))
    assert (line["sku"], line["available"], line["discounts"]) == ("CAN-BAR", 10, [])
    body = ready(api, cart)
    assert CartSchema().validate(body) == {}
    assert body["totals"]["total"] == brl(20970 + 1790)
    assert body["contact"] == {"email": "maria@example.com", "name": "Maria Souza", "phone": None,
                               "tax_id": "52998224725"}  # fmt: skip
    assert body["shipping_address"]["postal_code"] == "05422012"
    assert (body["shipping_option"]["name"], body["shipping_option"]["days"]) == ("PAC", [5, 8])
    assert (body["problems"], body["payment_session"]) == ([], None)


def test_a_cart_says_whether_anything_has_to_be_delivered(api: Api) -> None:
    voucher, mug = api.shop.product("Vale", price=5000), api.shop.product(price=6990)
    api.shop.execute("UPDATE variants SET requires_shipping = false WHERE id = :v", v=voucher)
    cart = start(api)
    assert api("GET", cart).get_json()["requires_shipping"] is False
    body = add(api, cart, voucher)
    assert (body["requires_shipping"], body["lines"][0]["requires_shipping"]) == (False, False)
    assert CartSchema().validate(body) == {}
    body = add(api, cart, mug)
    assert (body["requires_shipping"], [line["requires_shipping"] for line in body["lines"]]) == (True, [False, True])
    ready(api, cart)
    body = api("DELETE", f"{cart}/lines/{body['lines'][1]['id']}").get_json()
    assert (body["requires_shipping"], body["shipping_option"]) == (False, None)
    assert body["totals"]["total"] == brl(5000)


def test_lines_are_changed_and_taken_out(api: Api) -> None:
    cart = start(api)
    add(api, cart, api.shop.product(price=1000))
    line = add(api, cart, api.shop.product("Prato Raso", price=500))["lines"][1]["id"]
    changed = api("PATCH", f"{cart}/lines/{line}", json={"quantity": 4})
    assert changed.get_json()["totals"]["items"] == brl(3000)
    assert len(api("PATCH", f"{cart}/lines/{line}", json={"quantity": 0}).get_json()["lines"]) == 1
    left = api("GET", cart).get_json()["lines"][0]["id"]
    assert api("DELETE", f"{cart}/lines/{left}").get_json()["lines"] == []
    problem(api("DELETE", f"{cart}/lines/{left}"), 404, "not_found")


def test_contact_is_merged(api: Api) -> None:
    cart = start(api)
    api("PATCH", cart, json={"contact": CONTACT})
    body = api("PATCH", cart, json={"contact": {"phone": " 11 99999-0000 ", "tax_id": None}}).get_json()
    assert body["contact"] == {"email": "maria@example.com", "name": "Maria Souza", "phone": "11 99999-0000",
                               "tax_id": None}  # fmt: skip
    assert api("PATCH", cart, json={}).get_json()["contact"] == body["contact"]


def test_problems_name_the_line_and_the_remedy(api: Api) -> None:
    scarce, gone = api.shop.product(stock=2), api.shop.product("Prato Raso", stock=0)
    cart = start(api)
    add(api, cart, scarce, 5)
    lines = add(api, cart, gone)["lines"]
    found = api("GET", cart).get_json()["problems"]
    assert [(p["code"], p["line_id"], p["remedy"]) for p in found] == [
        ("insufficient_stock", lines[0]["id"], {"quantity": 2}),
        ("insufficient_stock", lines[1]["id"], {"quantity": 0}),
    ]
    assert [line["available"] for line in lines] == [2, 0]


def test_what_is_not_tracked_has_no_count(api: Api) -> None:
    assert add(api, start(api), api.shop.product(stock=None), 50)["lines"][0]["available"] is None


def test_delivery_needs_an_address_and_is_priced_anew(api: Api) -> None:
    cart = start(api)
    add(api, cart, api.shop.product(weight=12_000), 1)
    assert api("GET", f"{cart}/shipping-options").get_json() == {"data": [], "problems": []}
    ready(api, cart)
    offered = api("GET", f"{cart}/shipping-options").get_json()["data"]
    assert [(o["name"], o["price"], o["days"]) for o in offered] == [
        ("PAC", brl(1790), [5, 8]), ("SEDEX", brl(3580), [1, 3])]  # fmt: skip
    assert offered[0]["expires_at"].endswith("Z")
    line = api("GET", cart).get_json()["lines"][0]["id"]
    heavy = api("PATCH", f"{cart}/lines/{line}", json={"quantity": 3}).get_json()
    assert heavy["shipping_option"] is None  # 36 kg go by nothing in the table
    problem(api("PUT", f"{cart}/shipping-option", json={"id": offered[0]["id"]}), 422, "shipping_option_invalid")


def test_versions_are_told_and_honoured(api: Api) -> None:
    cart, variant = start(api), api.shop.product()
    body = {"variant_id": str(variant), "quantity": 1}
    first = api("POST", f"{cart}/lines", json=body, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["ETag"]) == (201, '"2"')
    problem(api("POST", f"{cart}/lines", json=body, headers={"If-Match": '"1"'}), 412, "stale_version")
    problem(api("PATCH", cart, json={"contact": CONTACT}, headers={"If-Match": '"x"'}), 412, "stale_version")
    assert api("GET", cart).get_json()["lines"][0]["quantity"] == 1


def test_a_shopper_signed_in_owns_what_they_touch(api: Api) -> None:
    tokens = api.register()
    shopper, token = tokens["customer"]["id"], tokens["access_token"]
    guests, own = start(api), start(api, token=token)
    owners = "SELECT shopper_id::text AS s FROM carts ORDER BY created_at, version DESC, shopper_id NULLS LAST"
    assert {row["s"] for row in api.shop.sql(owners)} == {shopper, None}
    add(api, guests, api.shop.product(), token=token)
    assert {row["s"] for row in api.shop.sql(owners)} == {shopper}
    assert add(api, own, api.shop.product("Prato"))["version"] == 2  # whoever goes on without the account is a guest
    assert {row["s"] for row in api.shop.sql(owners)} == {shopper, None}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"quantity": 1}, ("variant_id", "required")),
        ({"variant_id": "x", "quantity": 1}, ("variant_id", "wrong_type")),
        ({"variant_id": str(uuid4()), "quantity": "1"}, ("quantity", "wrong_type")),
        ({"variant_id": str(uuid4()), "quantity": 1.0}, ("quantity", "wrong_type")),
        ({"variant_id": str(uuid4()), "quantity": True}, ("quantity", "wrong_type")),
        ({"variant_id": str(uuid4()), "quantity": 0}, ("quantity", "invalid")),
        ({"variant_id": str(uuid4()), "quantity": 10_000}, ("quantity", "invalid")),
        ({"variant_id": str(uuid4()), "quantity": 1, "price": 1}, ("price", "unknown")),
    ],
)
def test_a_line_asked_for_wrongly_is_refused_with_its_field(api: Api, body: Any, wrong: tuple[str, str]) -> None:
    answer = problem(api("POST", f"{start(api)}/lines", json=body), 422, "invalid")
    assert wrong in fields(answer)


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PATCH", "", {"contact": {"email": "nobody"}}, "contact.email"),
        ("PATCH", "", {"contact": {"tax_id": "123"}}, "contact.tax_id"),
        ("PATCH", "", {"contact": {"phone": 5}}, "contact.phone"),
        ("PATCH", "", {"contact": {"vip": True}}, "contact.vip"),
        ("PATCH", "", {"contact": None}, "contact"),
        ("PATCH", "", {"note": "x"}, "note"),
        ("PUT", "/addresses", {"shipping": {**(address(SAO_PAULO) or {}), "postal_code": "1"}}, "shipping.postal_code"),
        ("PUT", "/addresses", {"shipping": {**(address(SAO_PAULO) or {}), "planet": "X"}}, "shipping.planet"),
        ("PUT", "/addresses", {"shipping": None}, "shipping"),
        ("PUT", "/addresses", {"billing": None}, "shipping"),
        ("PUT", "/shipping-option", {"id": 7}, "id"),
    ],
)
def test_what_cannot_be_used_is_named(api: Api, method: str, path: str, body: Any, field: str) -> None:
    answer = problem(api(method, f"{start(api)}{path}", json=body), 422, "invalid")
    assert field in {name for name, _ in fields(answer)}


def test_where_the_store_does_not_deliver_is_refused(api: Api) -> None:
    abroad = {**(address(SAO_PAULO) or {}), "country": "AQ", "postal_code": "12345"}
    answer = api("PUT", f"{start(api)}/addresses", json={"shipping": abroad})
    assert ("shipping.country", "not_delivered") in fields(problem(answer, 422, "shipping_option_invalid"))


def test_a_body_that_is_no_json(api: Api) -> None:
    cart = start(api)
    problem(api("POST", f"{cart}/lines", data=b"{", content_type="application/json"), 400, "malformed")
    problem(api("POST", f"{cart}/lines", data=b"a=1"), 415, "unsupported_media_type")
    problem(api("PATCH", cart, json=[1]), 422, "invalid")


def test_what_is_not_for_sale_cannot_be_put_in(api: Api) -> None:
    cart = start(api)
    for variant in (uuid4(), api.shop.product(publish=False)):
        answer = api("POST", f"{cart}/lines", json={"variant_id": str(variant), "quantity": 1})
        problem(answer, 422, "variant_unavailable")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"contact": {}}),
        ("POST", "/lines", {"variant_id": str(uuid4()), "quantity": 1}),
        ("PATCH", f"/lines/{NO_LINE}", {"quantity": 1}),
        ("DELETE", f"/lines/{NO_LINE}", None),
        ("DELETE", "/lines/not-an-id", None),
        ("PUT", "/addresses", {"shipping": address(SAO_PAULO)}),
        ("GET", "/shipping-options", None),
        ("PUT", "/shipping-option", {"id": "x"}),
        ("POST", "/payment-sessions", {"method": "card", "return_url": "http://shop.example/"}),
    ],
)
def test_an_unknown_cart_is_not_found(api: Api, method: str, path: str, body: Any) -> None:
    problem(api(method, NOWHERE + path, json=body), 404, "not_found")


def test_another_stores_key_opens_nothing(api: Api, database: DatabaseAddresses, tmp_path: Path) -> None:
    other = open_shop(database, tmp_path)
    try:
        cart = start(api)
        problem(api("GET", cart, key=other.key), 404, "not_found")
        foreign = {"variant_id": str(other.product()), "quantity": 1}
        problem(api("POST", f"{cart}/lines", json=foreign), 422, "variant_unavailable")
        problem(api("PATCH", cart, json={"contact": CONTACT}, key=other.key), 404, "not_found")
        problem(api("GET", cart, key="pk_nobody"), 401, "key_unknown")
        problem(api("GET", cart, key=None), 401, "unauthenticated")
    finally:
        other.wired.engines.dispose()
