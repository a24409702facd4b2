"""Carriers in bad weather: slow, failing, limiting, breaking off, talking nonsense.

Shipping never vanishes for it while anything else is offered, is never free, and a cart without any way to deliver says
so and is not sold.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from adapters.carrier_registry import carrier_plugins
from tests.carrier import ScriptedCarrier, add_carrier
from tests.web.carrying import Carrying, carrying
from tests.web.test_carrier_options import CARRIERS, problems
from tests.web.test_errors import fields, problem

__all__ = ["carrying"]

FAULTS = ["timeout_before_effect", "timeout_after_effect", "error_500_before_effect", "error_500_after_effect",
          "error_429", "half_body", "nonsense"]  # fmt: skip


def storm(carrying: Carrying, kind: str, count: int = 50) -> None:
    carrying.carrier.plant("shipments.create", kind, account=carrying.account, count=count, delay_seconds=4)


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_table_alone_is_offered_in_time(carrying: Carrying, fault: str) -> None:
    cart = carrying.cart()
    storm(carrying, fault)
    began = time.monotonic()
    offer = carrying.offer(cart)
    assert time.monotonic() - began < 2.5
    assert [(o["name"], o["source"]) for o in offer["data"]] == [("PAC", "table"), ("SEDEX", "table")]
    assert all(o["price"]["amount"] > 0 for o in offer["data"])
    assert offer["problems"] == []
    assert carrying.choose(cart, offer["data"][0]).status_code == 200
    assert carrying.order(cart)["shipping_minor"] == 1790
    assert carrying.shop.sql("SELECT failed FROM carrier_answers")[0]["failed"]


def test_the_last_prices_are_estimates(carrying: Carrying, fault: str) -> None:
    cart = carrying.cart()
    before = {o["name"]: o["price"] for o in carrying.options(cart)}
    storm(carrying, fault)
    carrying.shop.clock.advance(hours=2)
    told = carrying.options(cart)
    assert {o["name"]: o["price"] for o in told} == before
    assert all(o["estimated"] for o in told)
    body = carrying.choose(cart, told[0]).get_json()
    assert (body["shipping_option"], body["totals"]["shipping"], body["problems"]) == (told[0], told[0]["price"], [])
    kept = carrying.order(cart)["shipping_option"]
    assert (kept["source"], kept["estimated"], kept["price"]) == ("carrier", True, told[0]["price"]["amount"])
    carrying.carrier.clear_faults()
    carrying.shop.clock.advance(minutes=2)
    assert not any(o["estimated"] for o in carrying.options(carrying.cart()))


def test_no_way_at_all_says_so_and_is_not_sold(carrying: Carrying, fault: str) -> None:
    carrying.no_table()
    cart = carrying.cart()
    storm(carrying, fault)
    offer = carrying.offer(cart)
    assert (offer["data"], problems(offer)) == ([], [("no_shipping_option", {"retry_after": 60})])
    refused = problem(carrying.pay(cart), 422, "cart_incomplete")
    assert ("shipping_option", "required") in fields(refused)
    headers = {"Idempotency-Key": "k-1"}
    answer = carrying.api("POST", f"{cart}/complete", json={}, headers=headers)
    assert answer.status_code in (409, 422)
    assert carrying.shop.sql("SELECT count(*) AS n FROM orders")[0]["n"] == 0
    carrying.carrier.clear_faults()
    carrying.shop.clock.advance(seconds=60)
    assert {o["name"] for o in carrying.options(cart)} == CARRIERS


def test_a_price_taken_before_the_storm_is_sold(carrying: Carrying) -> None:
    cart = carrying.cart()
    chosen = carrying.options(cart)[0]
    carrying.choose(cart, chosen)
    storm(carrying, "error_500_before_effect")
    carrying.shop.clock.advance(minutes=20)
    assert carrying.order(cart)["shipping_minor"] == chosen["price"]["amount"]


def test_a_price_of_yesterday_is_no_estimate(carrying: Carrying) -> None:
    cart = carrying.cart()
    carrying.options(cart)
    storm(carrying, "error_500_before_effect")
    carrying.shop.clock.advance(hours=24)
    assert carrying.options(cart) == []


def test_who_failed_is_left_alone_for_a_minute(carrying: Carrying) -> None:
    cart = carrying.cart()
    storm(carrying, "error_500_after_effect", 1)  # it happens, so that the books count it
    assert carrying.options(cart) == carrying.options(cart) == []
    assert carrying.asked() == 1
    carrying.shop.clock.advance(seconds=60)
    assert len(carrying.options(cart)) == 4
    assert carrying.asked() == 2


def test_who_fails_again_and_again_is_not_waited_for(carrying: Carrying) -> None:
    """The account's breaker opens: from then on a cart that nobody asked about costs no time either."""
    carts = [carrying.cart(quantity=1 + n) for n in range(11)]
    storm(carrying, "error_500_before_effect", 10)
    for cart in carts[:10]:
        carrying.offer(cart)
    storm(carrying, "timeout_before_effect")
    began = time.monotonic()
    assert [o["source"] for o in carrying.offer(carts[10])["data"]] == ["table", "table"]
    assert time.monotonic() - began < 0.6


def test_one_account_down_takes_no_other_away(carrying: Carrying) -> None:
    storm(carrying, "timeout_before_effect")
    add_carrier(carrying.shop, ScriptedCarrier())
    installed = carrying.shop.wired.plain["carriers"]
    installed.plugins = {**carrier_plugins(), **installed.plugins}
    assert [o["name"] for o in carrying.options(carrying.cart())] == ["Correios PAC", "Correios SEDEX"]


@pytest.mark.parametrize("price", [0, -100, 10**15])
def test_a_price_that_can_be_none_is_not_offered(
    carrying: Carrying, price: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    services: Any = (("PAC", price, (5, 8)), ("SEDEX", 3345, (9, 1)))
    monkeypatch.setattr("tests.carrier.SERVICES", services)
    add_carrier(carrying.shop)
    told = carrying.options(carrying.cart())
    assert [(o["name"], o["price"]["amount"], o["days"]) for o in told] == [("Correios SEDEX", 3345, [])]
    refusals = carrying.shop.sql("SELECT refusals FROM carrier_answers WHERE failed IS NULL")[0]["refusals"]
    assert f"Correios PAC: {price} BRL is no price" in refusals
