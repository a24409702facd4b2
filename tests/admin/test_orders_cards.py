"""Cards at the provider from the desk: captured and refunded once, whatever the provider answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.orders.queries import GetPlacedOrder, get_placed_order
from ports.orders import OrderDetail
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import fields, fresh, place, shown
from tests.paying import PayingShop
from tests.shop import ORIGIN, settings_for


@pytest.fixture
def admin(paying: PayingShop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(paying.shop, settings_for(database, tmp_path, SANDBOX_PAYMENTS_URL=paying.sandbox.url))


@pytest.fixture
def desk(admin: Flask, paying: PayingShop) -> Browser:
    paying.shop.execute("UPDATE stores SET capture_policy = 'by_hand'")
    return signed_in(admin, paying.shop, Role.SUPPORT)


def authorised(paying: PayingShop) -> OrderDetail:
    """An order whose card is authorised and not yet captured."""
    shop = paying.shop
    token = shop.cart({shop.product(price=6990, stock=20): 2})
    shop.run(open_payment_session, OpenPaymentSession(token, "card", f"{ORIGIN}/return", (ORIGIN,)), shop.storefront)
    row = shop.sql("SELECT provider_reference AS r FROM payments ORDER BY created_at DESC, id DESC LIMIT 1")[0]
    paying.sandbox.approve(row["r"])
    order_id = shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    found: OrderDetail = shop.read(get_placed_order, GetPlacedOrder(order_id), shop.storefront).order
    assert found.payment_status == "authorised"
    return found


def booked(paying: PayingShop, order: OrderDetail) -> dict[str, Any]:
    """The provider's line of the order's payment."""
    reference = order.payments[0].reference
    assert reference is not None
    return paying.sandbox.booked(paying.account, reference)


def send(desk: Browser, order: OrderDetail, what: str, **typed: str) -> tuple[int, str]:
    """Open a form, look at its figures, and confirm them."""
    path = f"/orders/{order.number}/{what}"
    form = {**fields(desk.get(path).text, f"{what}-form"), **typed}
    desk.post(path, {**form, "step": "preview"})
    answer = desk.post(path, {**form, **fields(desk.last, f"{what}-form"), "step": what})
    if answer.status_code == 303:
        return 303, shown(desk.get(f"/orders/{order.number}").text)
    return answer.status_code, shown(answer.text)


def test_a_card_is_captured_in_part_and_refunded(desk: Browser, paying: PayingShop) -> None:
    order = authorised(paying)
    page = shown(desk.get(f"/orders/{order.number}").text)
    assert "Capture R$ 157,70" in page
    assert "Visa ending 4242" in page
    assert "R$ 157,70 authorised" in page
    assert "R$ 157,70 is authorised and waits to be captured." in page
    status, page = send(desk, order, "capture", amount="100,00")
    assert (status, "R$ 100,00 was captured from Visa ending 4242." in page) == (303, True)
    status, page = send(desk, order, "refund", other="40,00")
    assert (status, "R$ 40,00 was refunded to Visa ending 4242." in page) == (303, True)
    after = fresh(paying.shop, order)
    assert (after.captured.minor, after.refunded.minor) == (10000, 4000)
    line = booked(paying, order)
    assert (line["captured"], line["refunded"]) == (10000, 4000)


def test_cancelling_lets_the_authorisation_go(desk: Browser, paying: PayingShop) -> None:
    order = authorised(paying)
    said = shown(desk.get(f"/orders/{order.number}/cancel").text)
    assert "R$ 157,70 held on Visa ending 4242 is released at Stripe." in said
    form = {**fields(desk.last, "cancel-form"), "reason": "Out of stock"}
    assert desk.post(f"/orders/{order.number}/cancel", form).status_code == 303
    assert fresh(paying.shop, order).status == "cancelled"
    assert booked(paying, order)["status"] == "canceled"


def test_a_silent_provider_is_told_honestly_and_asked_once(desk: Browser, paying: PayingShop) -> None:
    order = authorised(paying)
    paying.sandbox.plant("capture", "error_500_before_effect", account=paying.account, count=1)
    status, page = send(desk, order, "capture")
    assert status == 303
    assert "Stripe has not answered yet whether R$ 157,70 was captured." in page
    assert "do not repeat it" in page
    assert "Outcome unknown" in page
    assert fresh(paying.shop, order).captured.minor == 0
    status, page = send(desk, order, "capture")
    assert status == 409, "another capture while one is open is refused"
    assert "An earlier request is still under way." in page
    form = {**fields(desk.get(f"/orders/{order.number}/cancel").text, "cancel-form"), "reason": "No"}
    answer = desk.post(f"/orders/{order.number}/cancel", form)
    assert (answer.status_code, "A capture is still under way." in answer.text) == (409, True)
    assert fresh(paying.shop, order).status == "open"


def test_a_silent_cancel_keeps_order_and_stock_and_ends_under_the_same_wish(desk: Browser, paying: PayingShop) -> None:
    order = authorised(paying)
    paying.sandbox.plant("cancel", "error_500_before_effect", account=paying.account, count=1)
    form = {**fields(desk.get(f"/orders/{order.number}/cancel").text, "cancel-form"), "reason": "Out of stock"}
    answer = desk.post(f"/orders/{order.number}/cancel", form)
    assert answer.status_code == 409
    assert "The provider has not said whether the payment is let go" in answer.text
    assert 'value="Out of stock"' in answer.text
    assert fresh(paying.shop, order).status == "open"
    again = {**fields(desk.last, "cancel-form")}
    assert again["key"] == form["key"]
    assert desk.post(f"/orders/{order.number}/cancel", again).status_code == 303
    assert fresh(paying.shop, order).status == "cancelled"


def test_several_payments_are_captured_after_their_figures(desk: Browser, paying: PayingShop) -> None:
    first, second, other = authorised(paying), authorised(paying), place(paying.shop)
    chosen = [str(order.number) for order in (first, second, other)]
    desk.get("/orders/")
    answer = desk.post("/orders/bulk", {"ids": chosen, "action": "capture"})
    text = shown(answer.text)
    assert answer.status_code == 200
    assert "Capture R$ 315,40" in text
    assert "1 selected order has nothing to capture and is left alone." in text
    assert fresh(paying.shop, first).captured.minor == 0
    sent = {**fields(desk.last, "capture"), "ids": chosen[:2]}
    token = desk.token
    for _ in range(2):
        assert desk.post("/orders/bulk/capture", sent, token=token).status_code == 303
    text = shown(desk.get("/orders/").text)
    assert "2 payments were captured. R$ 315,40" in text
    assert [booked(paying, order)["captured"] for order in (first, second)] == [15770, 15770]


def test_one_refusal_does_not_stop_the_others(desk: Browser, paying: PayingShop) -> None:
    first, second = authorised(paying), authorised(paying)
    reference = first.payments[0].reference or ""
    key = {"Authorization": f"Bearer sk_test_{paying.account}"}
    let_go = paying.sandbox.client.post(f"/v1/payment_intents/{reference}/cancel", headers=key)
    assert let_go.status_code == 200, "at the provider, unknown here"
    desk.get("/orders/")
    chosen = [str(first.number), str(second.number)]
    desk.post("/orders/bulk", {"ids": chosen, "action": "capture"})
    desk.post("/orders/bulk/capture", {**fields(desk.last, "capture"), "ids": chosen})
    text = shown(desk.get("/orders/").text)
    assert "1 payment was captured. R$ 157,70" in text
    assert f"Could not be captured: CI-{first.number}." in text
    assert booked(paying, second)["captured"] == 15770
