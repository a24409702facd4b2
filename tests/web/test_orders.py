"""An order is shown to whoever holds its token or placed it signed in, and to nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.provisioning import DatabaseAddresses
from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.identity.roles import Role
from core.orders.queries import GetOrder, get_order
from core.shared.ids import PaymentId
from core.shared.money import Money
from tests.shop import open_shop
from tests.web.selling import Selling, selling
from tests.web.test_cart import add, brl, ready, start
from tests.web.test_errors import problem
from web.schemas.orders import OrderSchema, OrderSummarySchema

__all__ = ["selling"]


def show(selling: Selling, number: str, order_token: str | None = None, **options: Any) -> Any:
    headers = {} if order_token is None else {"X-Order-Token": order_token}
    return selling.api("GET", f"/api/v1/orders/{number}", headers=headers, **options)


def test_a_guest_shows_the_token(selling: Selling) -> None:
    placed = selling.order(method="bank_transfer")
    token = placed.pop("access_token")
    answer = show(selling, placed["number"], token)
    assert (answer.status_code, answer.get_json()) == (200, placed)
    assert OrderSchema().validate(placed) == {}


def test_without_the_right_token_there_is_no_such_order(selling: Selling) -> None:
    first, second = selling.order(method="bank_transfer"), selling.order(method="bank_transfer")
    for wrong in (None, "", "guess", second["access_token"], "\u00e9"):
        problem(show(selling, first["number"], wrong), 404, "not_found")


@pytest.mark.parametrize("number", ["0", "01001", "-1", "1e3", "x", "9" * 40, "\u0661\u0660\u0660\u0661", "1001%00"])
def test_what_is_no_number_is_no_order(selling: Selling, number: str) -> None:
    placed = selling.order(method="bank_transfer")
    problem(show(selling, number, placed["access_token"]), 404, "not_found")


def test_another_stores_key_shows_nothing(selling: Selling, database: DatabaseAddresses, tmp_path: Path) -> None:
    placed = selling.order(method="bank_transfer")
    other = open_shop(database, tmp_path)
    other.wired.engines.dispose()
    problem(show(selling, placed["number"], placed["access_token"], key=other.key), 404, "not_found")


def test_shoppers_see_their_own_orders_and_no_others(selling: Selling) -> None:
    api = selling.api
    maria = api.register()["access_token"]
    joao = api.register(email="joao@example.com", name="João")["access_token"]
    cart = start(api, token=maria)
    add(api, cart, selling.paying.shop.product(price=1000), 2)
    ready(api, cart)
    own = selling.order(cart, "bank_transfer", token=maria)
    selling.order(method="bank_transfer")  # a guest's
    mine = api("GET", "/api/v1/me/orders", token=maria).get_json()
    assert [(row["number"], row["quantity"], row["total"]) for row in mine["data"]] == [(own["number"], 2, brl(3790))]
    assert OrderSummarySchema().validate(mine["data"][0]) == {}
    assert api("GET", "/api/v1/me/orders", token=joao).get_json() == {"data": [], "next": None}
    assert show(selling, own["number"], token=maria).status_code == 200
    problem(show(selling, own["number"], token=joao), 404, "not_found")
    problem(api("GET", "/api/v1/me/orders"), 401, "unauthenticated")


def owner(selling: Selling) -> str | None:
    """The account that the latest order belongs to."""
    rows = selling.paying.shop.sql("SELECT shopper_id::text AS s FROM orders ORDER BY number DESC LIMIT 1")
    found: str | None = rows[0]["s"]
    return found


def test_whoever_signs_in_to_pay_owns_the_order(selling: Selling) -> None:
    token = selling.api.register()["access_token"]
    cart = selling.cart()
    selling.session(cart, "bank_transfer", token=token)
    number = selling.complete(cart, token=token).get_json()["number"]
    assert show(selling, number, token=token).status_code == 200


def test_a_guest_who_goes_on_with_a_shoppers_cart_orders_for_themselves(selling: Selling) -> None:
    token = selling.api.register()["access_token"]
    cart = start(selling.api, token=token)
    add(selling.api, cart, selling.paying.shop.product(price=1000), 2, token=token)
    ready(selling.api, cart)
    selling.session(cart, "bank_transfer", token=token)
    session = selling.session(cart, "bank_transfer")  # signed out: another buyer is another payment
    assert selling.paying.shop.sql("SELECT quote ->> 'shopper_id' AS s FROM payment_sessions WHERE id = :i",
                                   i=session["id"]) == [{"s": None}]  # fmt: skip
    number = selling.complete(cart).get_json()["number"]
    assert owner(selling) is None
    problem(show(selling, number, token=token), 404, "not_found")


def test_an_order_belongs_to_who_completes_it_and_to_who_opened_the_payment_when_nobody_does(selling: Selling) -> None:
    signed_in = selling.api.register()
    token, shopper = signed_in["access_token"], signed_in["customer"]["id"]
    cart = selling.cart()
    selling.session(cart, "bank_transfer", token=token)
    selling.complete(cart)
    assert owner(selling) is None
    other = selling.cart()
    session = selling.session(other, token=token)
    selling.approve(session)
    payment = selling.paying.shop.sql("SELECT id FROM payments WHERE session_id = :s", s=session["id"])[0]["id"]
    selling.paying.shop.run(settle_payment, SettlePayment(PaymentId(payment)))
    assert owner(selling) == shopper


def test_own_orders_come_in_pages(selling: Selling) -> None:
    api = selling.api
    token = api.register()["access_token"]
    numbers = []
    for _ in range(3):
        cart = selling.cart()
        selling.session(cart, "bank_transfer", token=token)
        numbers.append(selling.complete(cart, token=token).get_json()["number"])
    first = api("GET", "/api/v1/me/orders?limit=2", token=token).get_json()
    rest = api("GET", f"/api/v1/me/orders?limit=2&cursor={first['next']}", token=token).get_json()
    assert sorted(row["number"] for row in first["data"] + rest["data"]) == numbers
    assert (len(first["data"]), rest["next"]) == (2, None)
    problem(api("GET", "/api/v1/me/orders?limit=101", token=token), 422, "invalid")
    problem(api("GET", "/api/v1/me/orders?status=open", token=token), 422, "invalid")


def test_refunds_and_cancellation_are_told(selling: Selling) -> None:
    placed = selling.order()
    shop = selling.paying.shop
    support = shop.as_(Role.SUPPORT)
    detail = shop.read(get_order, GetOrder(int(placed["number"])), support)
    shop.run(refund_order, RefundOrder(detail.id, detail.payments[0].id, "r", other=Money(1000, "BRL")), support)
    body = show(selling, placed["number"], placed["access_token"]).get_json()
    assert (body["payment_status"], body["payments"][0]["refunded"]) == ("partially_refunded", brl(1000))
    waiting = selling.order(method="pix")
    detail = shop.read(get_order, GetOrder(int(waiting["number"])), support)
    shop.run(cancel_order, CancelOrder(detail.id, "changed their mind", "c"), support)
    body = show(selling, waiting["number"], waiting["access_token"]).get_json()
    assert (body["status"], body["payment_status"]) == ("cancelled", "voided")
    assert (body["payments"][0]["status"], body["payments"][0]["next_action"]) == ("cancelled", None)
