"""A cart that costs nothing becomes its order without anybody to pay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.identity.roles import Role
from core.shared.ids import OrderId
from tests.web.selling import Selling, selling
from tests.web.test_cart import brl
from tests.web.test_errors import problem
from web.schemas.orders import PlacedOrderSchema

__all__ = ["selling"]


@pytest.fixture
def free(selling: Selling) -> Selling:
    """Delivery costs nothing here."""
    selling.paying.shop.execute("UPDATE delivery_rates SET price_minor = 0")
    return selling


def reserved(selling: Selling) -> int:
    return int(selling.paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"])


def test_a_free_cart_is_ordered_without_a_provider(free: Selling) -> None:
    cart = free.cart(price=0, quantity=2)
    answer = free.complete(cart, "k-1")
    order = answer.get_json()
    assert answer.status_code == 201, answer.text
    assert PlacedOrderSchema().validate(order) == {}
    assert (order["number"], order["payment_status"], order["payments"]) == ("1001", "paid", [])
    assert order["totals"]["total"] == brl(0)
    assert (free.paying.books()["intents"], free.paying.count("payments")) == ([], 0)
    assert reserved(free) == 2
    same, other = free.complete(cart, "k-1"), free.complete(cart, "k-2")
    assert (same.get_json(), other.get_json()) == (order, order)
    assert same.headers["Idempotency-Replayed"] == "true"
    assert free.paying.count("orders") == 1


def test_there_is_nothing_to_open_a_payment_for(free: Selling) -> None:
    cart = free.cart(price=0)
    problem(free.pay(cart), 422, "nothing_to_pay")
    assert (reserved(free), free.paying.count("payment_sessions")) == (0, 0)


def test_what_costs_anything_needs_a_payment(free: Selling) -> None:
    problem(free.complete(free.cart(price=1)), 409, "no_payment_session")
    free.paying.shop.execute("UPDATE delivery_rates SET price_minor = 500")
    problem(free.complete(free.cart(price=0)), 409, "no_payment_session")
    assert free.paying.count("orders") == 0


def test_a_free_cart_has_to_be_complete_and_in_stock(free: Selling) -> None:
    shop = free.paying.shop
    incomplete = f"/api/v1/carts/{shop.cart({shop.product(price=0): 1}, ready=False)}"
    problem(free.complete(incomplete), 422, "cart_incomplete")
    variant = shop.product("Prato", price=0, stock=1)
    first, second = (f"/api/v1/carts/{shop.cart({variant: 1})}" for _ in range(2))
    assert free.complete(first).status_code == 201
    problem(free.complete(second), 422, "insufficient_stock")
    assert free.paying.count("orders") == 1


def test_of_two_at_once_one_makes_the_order(free: Selling) -> None:
    cart, together = free.cart(price=0), Barrier(2)

    def send(key: str) -> Any:
        together.wait()
        return free.complete(cart, key)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(send, ["k-1", "k-2"]))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.get_json()["number"] for answer in answers}) == 1
    assert (free.paying.count("orders"), reserved(free)) == (1, 1)


def test_a_free_order_is_its_shoppers_and_can_be_cancelled(free: Selling) -> None:
    signed_in = free.api.register()
    free.complete(free.cart(price=0), token=signed_in["access_token"])
    shop = free.paying.shop
    (order,) = shop.sql("SELECT id, shopper_id::text AS s FROM orders")
    assert order["s"] == signed_in["customer"]["id"]
    shop.run(cancel_order, CancelOrder(OrderId(order["id"]), "gone", "c"), shop.as_(Role.SUPPORT))
    assert reserved(free) == 0
