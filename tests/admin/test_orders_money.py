"""Refund, cancel, capture from the desk: what is shown first, what is refused beside the field, what is done once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.identity.roles import Role
from core.payments.lifecycle import Outcome
from core.shared.money import Money
from ports.orders import OrderDetail
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import cancelled, fields, fresh, paid, place, shown
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def desk(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.SUPPORT)


def ask(desk: Browser, order: OrderDetail, what: str, **typed: str) -> tuple[int, str]:
    """Open a form, type, and send it as its preview or as it stands."""
    form = {**fields(desk.get(f"/orders/{order.number}/{what}").text, f"{what}-form"), **typed}
    answer = desk.post(f"/orders/{order.number}/{what}", form)
    return answer.status_code, shown(answer.text)


def pieces_of(order: OrderDetail) -> str:
    return f"pieces-{order.lines[0].id}"


# -- refund --------------------------------------------------------------------------------------------------


def test_a_refund_is_shown_in_figures_before_it_is_made(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    status, text = ask(desk, order, "refund", step="preview", shipping="7,90", **{pieces_of(order): "1"})
    assert status == 200
    for said in ("R$ 77,80 is recorded as given back", "Refund R$ 77,80", "1 × Caneca Barro 300 ml", "Kept",
                 "Stock stays as it is", "R$ 79,90 of this payment can still be refunded later"):  # fmt: skip
        assert said in text, said
    assert fresh(shop, order).refunded.minor == 0
    answer = desk.post(f"/orders/{order.number}/refund", {**fields(desk.last, "refund-form"), "step": "refund"})
    assert answer.status_code == 303
    assert "R$ 77,80 goes back by hand" in shown(desk.get(f"/orders/{order.number}").text)
    after = fresh(shop, order)
    assert (after.refunded.minor, after.payment_status, after.lines[0].refunded_quantity) == (
        7780,
        "partially_refunded",
        1,
    )
    assert after.refunds[0].requested_by == "Support Example"


def test_the_same_refund_sent_twice_is_one(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    ask(desk, order, "refund", step="preview", **{pieces_of(order): "2"})
    form = {**fields(desk.last, "refund-form"), "step": "refund"}
    token = desk.token
    for _ in range(2):
        assert desk.post(f"/orders/{order.number}/refund", form, token=token).status_code == 303
    assert fresh(shop, order).refunded.minor == 13980
    assert len(fresh(shop, order).refunds) == 1


def test_two_refunds_at_the_same_moment_are_one(shop: Shop) -> None:
    order = paid(shop)
    wish = RefundOrder(order.id, order.payments[0].id, "same", {order.lines[0].id: 1}, expected=Money(6990, "BRL"))
    support, outcomes = shop.as_(Role.SUPPORT), []
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        outcomes.append(shop.run(refund_order, wish, support))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 2
    assert set(outcomes) <= {Outcome.SUCCEEDED, Outcome.UNKNOWN}
    after = fresh(shop, order)
    assert (after.refunded.minor, len(after.refunds), after.lines[0].refunded_quantity) == (6990, 1, 1)


def test_changed_and_sent_again_with_the_old_amount_moves_nothing(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    ask(desk, order, "refund", step="preview", **{pieces_of(order): "1"})
    form = {**fields(desk.last, "refund-form"), "step": "refund", pieces_of(order): "2"}
    answer = desk.post(f"/orders/{order.number}/refund", form)
    assert answer.status_code == 409
    assert "The figures changed" in answer.text
    assert "Refund R$ 139,80" in shown(answer.text), "the button says the new amount"
    assert fresh(shop, order).refunded.minor == 0


def test_what_somebody_else_refunded_meanwhile_is_seen(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    ask(desk, order, "refund", step="preview", **{pieces_of(order): "2"})
    form = {**fields(desk.last, "refund-form"), "step": "refund"}
    wish = RefundOrder(order.id, order.payments[0].id, "other", {order.lines[0].id: 1})
    shop.run(refund_order, wish, shop.as_(Role.FINANCE))
    answer = desk.post(f"/orders/{order.number}/refund", form)
    assert answer.status_code == 409
    assert "At most 1 can still be refunded." in answer.text
    assert fresh(shop, order).refunded.minor == 6990


WRONG = [
    ({"shipping": "18,00"}, "At most R$ 17,90 was paid and not refunded."),
    ({"shipping": "abc"}, "Write an amount like"),
    ({"shipping": "-1"}, "Zero or more."),
    ({"other": "1,234"}, "Write an amount like"),
    ({"other": "157,71"}, "Bank transfer: at most R$ 157,70 can still be refunded."),
    ({"pieces": "3"}, "At most 2 can still be refunded."),
    ({"pieces": "-1"}, "Zero or more."),
    ({"pieces": "1.5"}, "Write a whole number."),
    ({"payment": "01900000-0000-7000-8000-000000000000"}, ""),
    ({}, "Nothing is chosen yet."),
]


def test_what_can_not_be_refunded_is_said_beside_its_field_and_kept(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    for typed, said in WRONG:
        sent = {pieces_of(order) if name == "pieces" else name: value for name, value in typed.items()}
        status, text = ask(desk, order, "refund", step="preview", note="Mug <chipped>", **sent)
        assert (typed, status) in ((typed, 422), (typed, 200))
        assert said in text, typed
        assert "Mug &lt;chipped&gt;" in text
        assert all(f'value="{value}"' in text for name, value in typed.items() if name != "payment"), typed
    assert fresh(shop, order).refunded.minor == 0


def test_amounts_are_read_as_people_write_them(desk: Browser, shop: Shop) -> None:
    order = paid(shop, price=1000000)
    for typed, read in (
        ("125,82", "125,82"), ("125.82", "125,82"), ("R$ 125,82", "125,82"), ("7.5", "7,50"),
        ("1.234,56", "1.234,56"), ("1.234", "1.234,00"), ("1234", "1.234,00"),
    ):  # fmt: skip
        assert f"Refund R$ {read}" in ask(desk, order, "refund", step="preview", other=typed)[1], typed


def test_nothing_left_to_refund_leads_back(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    assert desk.get(f"/orders/{order.number}/refund").status_code == 303
    assert "nothing left to refund" in desk.get(f"/orders/{order.number}").text


# -- cancel --------------------------------------------------------------------------------------------------


def test_cancelling_says_what_it_does_and_wants_a_reason(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    text = shown(desk.get(f"/orders/{order.number}/cancel").text)
    assert "2 items are free to be sold again." in text
    assert "Bank transfer: R$ 157,70 is no longer awaited." in text
    status, text = ask(desk, order, "cancel", reason=" ")
    assert (status, "This is needed." in text) == (422, True)
    status, _text = ask(desk, order, "cancel", reason="Changed her mind")
    assert status == 303
    after = fresh(shop, order)
    assert (after.status, after.payment_status, after.cancel_reason) == ("cancelled", "voided", "Changed her mind")
    page = shown(desk.get(f"/orders/{order.number}").text)
    assert "is cancelled, its stock is free again" in page
    assert 'id="cancel-form"' not in page
    assert 'id="capture-form"' not in page
    reasons = shop.sql("SELECT reason FROM activity WHERE action = 'aftersales.cancel_order'")
    assert {row["reason"] for row in reasons} == {"Changed her mind"}


def test_captured_money_stays_and_is_refunded_apart(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    assert "stays with you and can be refunded apart" in desk.get(f"/orders/{order.number}/cancel").text
    ask(desk, order, "cancel", reason="Out of stock")
    page = shown(desk.get(f"/orders/{order.number}").text)
    assert "R$ 157,70 belongs to the customer: refund it." in page
    assert 'id="refund-form"' in page


def test_cancelling_twice_is_one(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    form = {**fields(desk.get(f"/orders/{order.number}/cancel").text, "cancel-form"), "reason": "No"}
    token = desk.token
    for _ in range(2):
        assert desk.post(f"/orders/{order.number}/cancel", form, token=token).status_code == 303
    assert [row.name for row in fresh(shop, order).timeline].count("orders.order_cancelled.v1") == 1
    assert desk.get(f"/orders/{cancelled(shop).number}/cancel").status_code == 303


def test_an_archived_order_is_not_cancelled(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    form = {**fields(desk.get(f"/orders/{order.number}/cancel").text, "cancel-form"), "reason": "No"}
    desk.post(f"/orders/{order.number}/archive")
    desk.get(f"/orders/{order.number}")
    answer = desk.post(f"/orders/{order.number}/cancel", form)
    assert answer.status_code == 409
    assert "Only an open order can be cancelled." in answer.text
    assert 'value="No"' in answer.text


# -- several at once -----------------------------------------------------------------------------------------


def test_several_orders_are_archived_and_opened_again(desk: Browser, shop: Shop) -> None:
    made = [paid(shop), place(shop), cancelled(shop)]
    sent = {"ids": [str(order.number) for order in made], "action": "archive", "back": "/admin/orders/?payment=paid"}
    desk.get("/orders/")
    answer = desk.post("/orders/bulk", sent)
    assert answer.location == "/admin/orders/?payment=paid"
    page = desk.get("/orders/").text
    assert "2 orders were archived." in page
    assert "Only open orders can be archived: CI-1003 stay." in page
    assert [fresh(shop, order).status for order in made] == ["archived", "archived", "cancelled"]
    desk.post("/orders/bulk", {**sent, "action": "reopen"})
    assert [fresh(shop, order).status for order in made] == ["open", "open", "cancelled"]


def test_bulk_leads_nowhere_else(desk: Browser, shop: Shop) -> None:
    desk.get("/")
    answer = desk.post("/orders/bulk", {"action": "archive", "back": "//evil.example"})
    assert answer.location == "/admin/orders/"
    desk.get("/")
    answer = desk.post("/orders/bulk", {"action": "capture", "ids": "99999999999999"})
    assert answer.location == "/admin/orders/"


def test_finance_can_not_archive_in_bulk(admin: Flask, shop: Shop) -> None:
    order = paid(shop)
    finance = signed_in(admin, shop, Role.FINANCE)
    for action in ("archive", "capture"):
        finance.get("/")
        answer = finance.post("/orders/bulk", {"ids": str(order.number), "action": action})
        assert answer.status_code == 403
    finance.get("/")
    assert finance.post("/orders/bulk/capture", {"ids": str(order.number)}).status_code == 403


def test_every_form_needs_its_token(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    for what in ("refund", "cancel", "capture", "record", "notes", "archive", "reopen"):
        assert desk.post(f"/orders/{order.number}/{what}", {}, token="forged").status_code == 400
    for path in ("/orders/bulk", "/orders/bulk/capture"):
        assert desk.post(path, {}, token="forged").status_code == 400
