"""Carriers' prices at the checkout, in good weather: offered beside the table, kept, taken, and kept with the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.shared.address import Address
from tests.web.carrying import Carrying, carrying
from tests.web.test_cart import brl
from tests.web.test_errors import fields, problem
from web.schemas.address import address
from web.schemas.cart import CartSchema, ShippingOptionsSchema

__all__ = ["carrying"]

CARRIERS = {"Correios PAC", "Correios SEDEX", "Jadlog .Package", "Loggi Express"}


def problems(cart: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(each["code"], each["remedy"]) for each in cart["problems"]]


def test_carriers_prices_stand_beside_the_table(carrying: Carrying) -> None:
    cart = carrying.cart()
    offer = carrying.offer(cart)
    assert ShippingOptionsSchema().validate(offer) == {}
    assert offer["problems"] == []
    table, told = offer["data"][:2], offer["data"][2:]
    assert [(o["name"], o["source"], o["estimated"]) for o in table] == [
        ("PAC", "table", False), ("SEDEX", "table", False)
    ]  # fmt: skip
    assert {o["name"] for o in told} == CARRIERS
    prices = [o["price"]["amount"] for o in told]
    assert prices == sorted(prices)
    assert prices[0] > 0
    assert all((o["source"], o["estimated"], len(o["days"])) == ("carrier", False, 2) for o in told)
    assert len({o["id"] for o in offer["data"]}) == 6
    until = carrying.shop.clock.now() + timedelta(minutes=30)
    assert {datetime.fromisoformat(o["expires_at"]) for o in told} == {until}


def test_what_was_asked_is_answered_from_the_store_for_a_quarter_of_an_hour(carrying: Carrying) -> None:
    first, second = carrying.cart(), carrying.cart()
    told = carrying.options(first)
    assert carrying.options(first) == told
    assert carrying.options(second) == told  # another cart that weighs the same and goes to the same postal code
    assert carrying.asked() == 1
    carrying.options(carrying.cart(quantity=2))
    assert carrying.asked() == 2
    carrying.shop.clock.advance(minutes=15)
    again = carrying.options(first)
    assert carrying.asked() == 3
    assert {o["id"] for o in again}.isdisjoint({o["id"] for o in told})


def test_the_cart_takes_the_options_id_and_the_order_keeps_what_was_promised(carrying: Carrying) -> None:
    cart = carrying.cart()
    chosen = next(o for o in carrying.options(cart) if o["name"] == "Loggi Express")
    body = carrying.choose(cart, chosen).get_json()
    assert CartSchema().validate(body) == {}
    assert body["shipping_option"] == chosen
    assert body["totals"]["shipping"] == chosen["price"]
    order = carrying.order(cart)
    assert order["shipping_minor"] == chosen["price"]["amount"]
    kept = order["shipping_option"]
    assert (kept["source"], kept["account_id"]) == ("carrier", str(carrying.account_id))
    assert (kept["carrier"], kept["service"], kept["price"]) == ("Loggi", "Express", chosen["price"]["amount"])
    assert kept["rate_id"].startswith("rate_")
    assert kept["shipment_reference"] == carrying.carrier.books(carrying.account)["shipments"][0]["id"]


def test_a_price_that_was_shown_holds_also_when_the_carrier_was_asked_again(carrying: Carrying) -> None:
    cart = carrying.cart()
    old = carrying.options(cart)[0]
    carrying.shop.clock.advance(minutes=16)
    assert old["id"] not in {o["id"] for o in carrying.options(cart)}
    assert carrying.choose(cart, old).get_json()["shipping_option"] == old
    carrying.shop.clock.advance(minutes=14)
    problem(carrying.choose(cart, old), 422, "shipping_option_invalid")


def test_a_price_that_is_over_stands_in_the_way_with_its_remedy(carrying: Carrying) -> None:
    cart = carrying.cart()
    carrying.choose(cart, carrying.options(cart)[0])
    carrying.shop.clock.advance(minutes=30)
    body = carrying.api("GET", cart).get_json()
    assert problems(body) == [("shipping_option_expired", {"change": "shipping_option"})]
    refused = problem(carrying.pay(cart), 422, "cart_has_problems")
    assert ("shipping_option", "shipping_option_expired") in fields(refused)
    assert carrying.choose(cart, carrying.options(cart)[0]).get_json()["problems"] == []
    assert carrying.pay(cart).status_code == 201


def test_the_tables_price_is_renewed_by_choosing_it_again(carrying: Carrying) -> None:
    cart = carrying.cart()
    option = carrying.options(cart, "table")[0]
    carrying.choose(cart, option)
    carrying.shop.clock.advance(hours=24)
    body = carrying.api("GET", cart).get_json()
    assert problems(body) == [("shipping_option_expired", {"shipping_option": option["id"]})]
    assert carrying.choose(cart, option).get_json()["problems"] == []


def test_a_cart_that_changes_keeps_a_carriers_price_only_while_it_asks_the_same(carrying: Carrying) -> None:
    cart = carrying.cart()
    chosen = carrying.options(cart)[0]
    carrying.choose(cart, chosen)
    body = carrying.api("PATCH", cart, json={"contact": {"phone": "11 99999-0000"}}).get_json()
    assert (body["shipping_option"], body["problems"]) == (chosen, [])
    line = body["lines"][0]["id"]
    heavier = carrying.api("PATCH", f"{cart}/lines/{line}", json={"quantity": 5}).get_json()
    assert heavier["shipping_option"]["name"] == chosen["name"]
    assert problems(heavier) == [("shipping_option_expired", {"change": "shipping_option"})]
    problem(carrying.pay(cart), 422, "cart_has_problems")
    problem(carrying.choose(cart, chosen), 422, "shipping_option_invalid")
    same = next(o for o in carrying.options(cart) if o["name"] == chosen["name"])
    assert same["price"]["amount"] > chosen["price"]["amount"]
    assert carrying.choose(cart, same).get_json()["problems"] == []


def test_another_addresses_price_is_not_taken(carrying: Carrying) -> None:
    cart = carrying.cart()
    near = carrying.options(cart)[0]
    far = Address("Maria Souza", "69005-070", "Avenida Eduardo Ribeiro", "520", "Manaus", "AM")
    carrying.api("PUT", f"{cart}/addresses", json={"shipping": address(far)})
    problem(carrying.choose(cart, near), 422, "shipping_option_invalid")
    assert {o["name"] for o in carrying.options(cart)} == CARRIERS - {"Jadlog .Package", "Loggi Express"}
    refusals = carrying.shop.sql("SELECT refusals FROM carrier_answers ORDER BY asked_at, id")[-1]["refusals"]
    assert any("Loggi" in told for told in refusals)


@pytest.mark.parametrize("change", ["carrier_rates = false", "origin = NULL"])
def test_nobody_is_asked_when_the_store_offers_none(carrying: Carrying, change: str) -> None:
    cart = carrying.cart()
    option = carrying.options(cart)[0]
    carrying.shop.execute(f"UPDATE stores SET {change}")  # a test's own word
    assert [o["name"] for o in carrying.offer(cart)["data"]] == ["PAC", "SEDEX"]
    problem(carrying.choose(cart, option), 422, "shipping_option_invalid")
    assert carrying.asked() == 1


def test_an_account_that_is_off_offers_nothing_more(carrying: Carrying) -> None:
    cart = carrying.cart()
    option = carrying.options(cart)[0]
    carrying.shop.execute("UPDATE carrier_accounts SET enabled = false")
    assert carrying.options(cart) == []
    problem(carrying.choose(cart, option), 422, "shipping_option_invalid")


@pytest.mark.parametrize(
    "wrong", ["{id}", "{id}.99", "{id}.-1", "{id}.x", ".0", "x.0", "00000000-0000-0000-0000-000000000000.0"]
)
def test_an_id_that_was_never_given_out_is_refused(carrying: Carrying, wrong: str) -> None:
    cart = carrying.cart()
    answer = carrying.options(cart)[0]["id"].partition(".")[0]
    problem(carrying.choose(cart, {"id": wrong.format(id=answer)}), 422, "shipping_option_invalid")


def test_what_needs_no_delivery_asks_nobody(carrying: Carrying) -> None:
    cart = carrying.cart()
    carrying.shop.execute("UPDATE variants SET requires_shipping = false")
    assert carrying.offer(cart) == {"data": [], "problems": []}
    assert carrying.asked() == 0


def test_what_neither_table_nor_carrier_delivers_says_so_and_cannot_be_paid(carrying: Carrying) -> None:
    carrying.no_table()
    cart = carrying.cart(weight=40_000)
    offer = carrying.offer(cart)
    assert offer["data"] == []
    assert problems(offer) == [("no_shipping_option", {"change": "shipping_address"})]
    refused = problem(carrying.pay(cart), 422, "cart_incomplete")
    assert ("shipping_option", "required") in fields(refused)
    assert carrying.api("GET", cart).get_json()["totals"]["shipping"] == brl(0)
