"""From a ready cart to its order over the API, with the provider's books as the judge."""

from __future__ import annotations

import base64
import re
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.shop import ORIGIN
from tests.web.selling import RETURN_URL, Selling, path_of, selling
from tests.web.test_cart import brl
from tests.web.test_errors import fields, problem
from web.schemas.checkout import PaymentSessionSchema
from web.schemas.orders import PlacedOrderSchema

__all__ = ["selling"]


def test_a_card_session_leads_to_the_payment_page(selling: Selling) -> None:
    cart = selling.cart(price=6990, quantity=2)
    session = selling.session(cart)
    assert PaymentSessionSchema().validate(session) == {}
    assert (session["method"], session["status"], session["amount"]) == ("card", "requires_action", brl(15770))
    assert session["next_action"]["type"] == "redirect"
    assert session["expires_at"].endswith("Z")
    shown = selling.api("GET", cart).get_json()["payment_session"]
    assert shown == session
    page = selling.api("GET", path_of(session["next_action"]["url"]), key=None)
    assert page.status_code == 303
    target = urlsplit(page.headers["Location"])
    back = parse_qs(target.query)["return_url"][0]
    assert page.headers["Location"].startswith(selling.paying.sandbox.url)
    assert back == f"{RETURN_URL}?payment_session={session['id']}"
    assert page.headers["Cache-Control"] == "no-store"
    assert selling.paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"] == 2


def test_what_the_return_address_holds_already_is_left_as_given(selling: Selling) -> None:
    body = {"method": "card", "return_url": f"{ORIGIN}/back?cart=a%20b&empty="}
    session = selling.pay(selling.cart(), json=body).get_json()
    page = selling.api("GET", path_of(session["next_action"]["url"]), key=None)
    back = parse_qs(urlsplit(page.headers["Location"]).query)["return_url"][0]
    assert parse_qs(urlsplit(back).query, keep_blank_values=True) == {
        "cart": ["a b"], "empty": [""], "payment_session": [session["id"]]}  # fmt: skip


def test_a_session_that_the_provider_refused_to_open_is_no_answer_to_a_repeat(selling: Selling) -> None:
    selling.paying.shop.execute("UPDATE delivery_rates SET price_minor = 0")
    cart = selling.cart(price=40)  # less than the provider takes
    for _ in range(2):
        problem(selling.pay(cart, headers={"Idempotency-Key": "once"}), 503, "unavailable")
    assert selling.paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"] == 0


def test_an_approved_card_becomes_an_order(selling: Selling) -> None:
    cart = selling.cart(price=6990, quantity=2)
    selling.approve(selling.session(cart))
    answer = selling.complete(cart)
    order = answer.get_json()
    assert answer.status_code == 201, answer.text
    assert PlacedOrderSchema().validate(order) == {}
    assert (order["number"], order["status"], order["payment_status"]) == ("1001", "open", "paid")
    assert (order["fulfilment_status"], order["return_status"], order["fulfilments"]) == ("unfulfilled", "none", [])
    assert order["totals"]["total"] == brl(15770)
    payment = order["payments"][0]
    assert (payment["status"], payment["captured"], payment["refunded"]) == ("captured", brl(15770), brl(0))
    assert payment["next_action"] is None
    assert order["shipping_option"]["price"] == brl(1790)
    books = selling.paying.books()
    assert [line["captured"] for line in books["intents"]] == [15770]


def test_completing_again_returns_the_order_with_its_token(selling: Selling) -> None:
    cart = selling.cart()
    selling.approve(selling.session(cart))
    first, same, other = selling.complete(cart, "k-1"), selling.complete(cart, "k-1"), selling.complete(cart, "k-2")
    assert (first.status_code, same.status_code, other.status_code) == (201, 201, 201)
    assert first.get_json() == same.get_json() == other.get_json()
    assert same.headers["Idempotency-Replayed"] == "true"
    assert selling.paying.count("orders") == 1


def test_a_completed_cart_takes_no_changes(selling: Selling) -> None:
    cart = selling.cart()
    order = selling.order(cart)
    line = selling.api("GET", cart).get_json()["lines"][0]["id"]
    problem(selling.api("PATCH", f"{cart}/lines/{line}", json={"quantity": 2}), 409, "cart_completed")
    problem(selling.pay(cart), 409, "cart_completed")
    assert selling.complete(cart).get_json()["number"] == order["number"]


def test_a_card_that_is_declined_may_try_again(selling: Selling) -> None:
    cart = selling.cart()
    session = selling.session(cart)
    selling.paying.sandbox.decline(selling.paying.intent(session["id"]))
    problem(selling.complete(cart, "k-1"), 402, "payment_declined")
    again = selling.session(cart)
    assert (again["id"], again["status"], again["next_action"]["type"]) == (session["id"], "declined", "redirect")
    selling.approve(session)
    assert selling.complete(cart, "k-1").status_code == 201
    assert [line["captured"] for line in selling.paying.books()["intents"]] == [8780]


def test_nothing_paid_nothing_ordered(selling: Selling) -> None:
    cart = selling.cart()
    problem(selling.complete(cart), 409, "no_payment_session")
    selling.session(cart)
    problem(selling.complete(cart), 409, "payment_not_confirmed")
    assert selling.paying.count("orders") == 0


def test_complete_needs_a_key_and_holds_it_to_its_body(selling: Selling) -> None:
    cart = selling.cart()
    selling.approve(selling.session(cart))
    problem(selling.api("POST", f"{cart}/complete", json={}), 400, "idempotency_key_required")
    assert selling.complete(cart, "k-1").status_code == 201
    headers = {"Idempotency-Key": "k-1"}
    other = selling.api("POST", f"{cart}/complete", data=b"{ }", content_type="application/json", headers=headers)
    problem(other, 422, "idempotency_key_reused")
    problem(selling.complete(cart, "k-3", json={"force": True}), 422, "invalid")


def test_of_two_at_once_under_one_key_the_second_is_told_to_wait(
    selling: Selling, monkeypatch: pytest.MonkeyPatch
) -> None:
    cart = selling.cart()
    selling.approve(selling.session(cart))
    gateway = type(selling.paying.shop.wired.plain["gateways"])
    asked, go_on = threading.Event(), threading.Event()
    of = gateway.of

    def slow(self: Any, account: Any) -> Any:
        asked.set()
        assert go_on.wait(20)
        return of(self, account)

    monkeypatch.setattr(gateway, "of", slow)
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(selling.complete(cart, "k-1")))
    first.start()
    assert asked.wait(20)
    problem(selling.complete(cart, "k-1"), 409, "request_in_flight")
    go_on.set()
    first.join(20)
    assert [answer.status_code for answer in answers] == [201]


def test_an_unknown_outcome_is_202_and_the_same_key_resumes(selling: Selling) -> None:
    cart = selling.cart()
    selling.approve(selling.session(cart))
    account = selling.paying.account
    selling.paying.sandbox.plant("payment_intents.retrieve", "error_500_before_effect", account=account)
    unknown = selling.complete(cart, "k-1")
    assert (unknown.status_code, unknown.get_json()["status"]) == (202, "unknown")
    assert int(unknown.headers["Retry-After"]) > 0
    assert selling.complete(cart, "k-1").status_code == 201
    assert selling.paying.count("orders") == 1


def test_a_session_that_the_provider_does_not_confirm_is_opened_once(selling: Selling) -> None:
    cart, account = selling.cart(), selling.paying.account
    selling.paying.sandbox.plant("payment_intents.create", "timeout_before_effect", account=account, delay_seconds=4)
    refused = selling.pay(cart)
    problem(refused, 503, "payment_outcome_unknown")
    assert int(refused.headers["Retry-After"]) > 0
    waiting = selling.api("GET", cart).get_json()["payment_session"]
    assert (waiting["status"], waiting["next_action"]) == ("unknown", None)
    assert selling.session(cart)["id"] == waiting["id"]
    assert len(selling.paying.books()["intents"]) == 1


def test_pix_shows_its_code_and_is_awaited(selling: Selling) -> None:
    cart = selling.cart(price=5000)
    session = selling.session(cart, "pix")
    action = session["next_action"]
    assert (session["status"], action["type"]) == ("awaiting", "pix")
    assert action["copy_paste"].startswith("000201")
    head, _, picture = action["qr"].partition(",")
    assert head == "data:image/svg+xml;base64"
    assert re.match(rb"<svg[^>]* viewBox=", base64.b64decode(picture))
    order = selling.complete(cart).get_json()
    assert (order["payment_status"], order["payments"][0]["status"]) == ("awaiting", "awaiting")
    assert order["payments"][0]["next_action"] == action
    assert selling.paying.booked(session["id"])["captured"] == 0


def test_transfer_and_delivery_are_paid_by_hand(selling: Selling) -> None:
    cart = selling.cart()
    session = selling.session(cart, "bank_transfer")
    assert session["next_action"] == {"type": "instructions", "text": "Banco 001, agência 1234, conta 56789-0"}
    assert session["status"] == "awaiting"
    other = selling.session(cart, "cash_on_delivery")  # another way to pay ends the first
    assert (other["status"], other["next_action"]) == ("awaiting", None)
    assert other["expires_at"] == session["expires_at"]  # like a card, until it is ordered
    order = selling.complete(cart).get_json()
    assert (order["payment_status"], order["payments"][0]["expires_at"]) == ("awaiting", None)


def test_the_same_key_opens_the_same_session(selling: Selling) -> None:
    cart, headers = selling.cart(), {"Idempotency-Key": "s-1"}
    first, second = selling.pay(cart, headers=headers), selling.pay(cart, headers=headers)
    assert (second.status_code, second.headers["Idempotency-Replayed"]) == (201, "true")
    assert first.get_json() == second.get_json()
    problem(selling.pay(cart, "pix", headers=headers), 422, "idempotency_key_reused")


def test_changing_the_cart_ends_the_session_and_frees_the_stock(selling: Selling) -> None:
    cart = selling.cart(quantity=2)
    session = selling.session(cart)
    line = selling.api("GET", cart).get_json()["lines"][0]["id"]
    changed = selling.api("PATCH", f"{cart}/lines/{line}", json={"quantity": 1})
    assert (changed.status_code, changed.get_json()["payment_session"]) == (200, None)
    assert selling.paying.booked(session["id"])["status"] == "canceled"
    assert selling.paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"] == 0
    page = selling.api("GET", path_of(session["next_action"]["url"]), key=None)
    assert page.status_code == 200
    assert f'href="{RETURN_URL}?payment_session={session["id"]}"' in page.text


def test_a_cart_paid_meanwhile_becomes_its_order_instead_of_changing(selling: Selling) -> None:
    cart = selling.cart()
    selling.approve(selling.session(cart))
    line = selling.api("GET", cart).get_json()["lines"][0]["id"]
    problem(selling.api("DELETE", f"{cart}/lines/{line}"), 409, "payment_in_progress")
    assert selling.paying.count("orders") == 1
    assert selling.complete(cart).status_code == 201


def test_a_cart_is_not_changed_while_the_provider_is_silent(selling: Selling) -> None:
    cart = selling.cart()
    selling.session(cart)
    line = selling.api("GET", cart).get_json()["lines"][0]["id"]
    for operation in ("payment_intents.cancel", "payment_intents.retrieve"):
        selling.paying.sandbox.plant(operation, "error_500_before_effect", account=selling.paying.account)
    problem(selling.api("DELETE", f"{cart}/lines/{line}"), 409, "payment_in_progress")
    assert selling.paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"] == 1


def test_what_is_missing_or_short_is_named(selling: Selling) -> None:
    shop = selling.paying.shop
    variant = shop.product(stock=1)
    bare = f"/api/v1/carts/{shop.cart({variant: 1}, ready=False)}"
    missing = fields(problem(selling.pay(bare), 422, "cart_incomplete"))
    assert missing == {(name, "required") for name in ("contact.email", "contact.name", "shipping_address",
                                                       "shipping_option")}  # fmt: skip
    too_many = f"/api/v1/carts/{shop.cart({shop.product(): 1, variant: 2})}"
    assert fields(problem(selling.pay(too_many), 422, "insufficient_stock")) == {("lines.1", "insufficient_stock")}


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"method": "gold", "return_url": RETURN_URL}, 422, "payment_method_unavailable", "method"),
        ({"method": "card", "return_url": "http://thief.example/"}, 422, "return_url_refused", "return_url"),
        ({"method": "card", "return_url": "javascript:alert(1)"}, 422, "return_url_refused", "return_url"),
        ({"method": "card", "return_url": "http://[::1/"}, 422, "return_url_refused", "return_url"),
        ({"method": "card", "return_url": f"{ORIGIN}@thief.example/"}, 422, "return_url_refused", "return_url"),
        ({"method": "card"}, 422, "invalid", "return_url"),
        ({"method": 1, "return_url": RETURN_URL}, 422, "invalid", "method"),
        ({"method": "card", "return_url": RETURN_URL, "amount": 1}, 422, "invalid", "amount"),
    ],
)
def test_a_session_asked_for_wrongly(selling: Selling, body: Any, status: int, code: str, field: str) -> None:
    answer = problem(selling.pay(selling.cart(), json=body), status, code)
    assert field in {name for name, _ in fields(answer)}
    assert selling.paying.count("payment_sessions") == 0


def test_an_unknown_payment_page_is_not_found(selling: Selling) -> None:
    for secret in ("nobody", "x" * 500, "%00"):
        problem(selling.api("GET", f"/pay/{secret}", key=None), 404, "not_found")


def test_a_payment_page_without_an_answer_says_try_again(selling: Selling) -> None:
    session = selling.session(selling.cart())
    selling.paying.sandbox.plant("payment_intents.retrieve", "error_500_before_effect", account=selling.paying.account)
    page = selling.api("GET", path_of(session["next_action"]["url"]), key=None)
    problem(page, 503, "unavailable")


def test_a_repeat_whose_first_try_crashed_resumes(selling: Selling, monkeypatch: pytest.MonkeyPatch) -> None:
    cart = selling.cart()
    selling.approve(selling.session(cart))

    def crash(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as broken:
        broken.setattr(type(selling.paying.shop.wired.plain["gateways"]), "of", crash)
        assert selling.complete(cart, "k-1").status_code == 500
    assert selling.complete(cart, "k-1").status_code == 201
