"""A merchant's programs act on orders with a secret key: scopes, versions, repeats, and bad input."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.identity.model import KeyKind
from core.identity.use_cases.create_key import CreateKey, create_key
from tests.web.selling import Selling, selling
from tests.web.test_cart import brl
from tests.web.test_errors import fields, problem
from web.schemas.admin_orders import ActedSchema, AdminOrderSchema, AdminOrderSummarySchema

__all__ = ["selling"]

SCOPES = ("orders.order.read", "payments.payment.capture", "orders.order.cancel", "payments.payment.refund")
NOWHERE = "01a20cf1-0000-7000-8000-000000000000"


@dataclass
class Integration:
    """A program of the merchant's with a secret key."""

    selling: Selling
    token: str

    def get(self, path: str) -> TestResponse:
        return self.selling.api("GET", f"/api/v1/admin/orders{path}", key=None, token=self.token)

    def order(self, number: str) -> dict[str, Any]:
        answer = self.get(f"/{number}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"] == f'"{answer.get_json()["version"]}"'
        return dict(answer.get_json())

    def post(
        self, number: str, act: str, body: Any, *, key: str | None = "", version: int | None = None
    ) -> TestResponse:
        headers = {} if key is None else {"Idempotency-Key": key or secrets.token_hex(8)}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        path = f"/api/v1/admin/orders/{number}/{act}"
        return self.selling.api("POST", path, key=None, token=self.token, json=body, headers=headers)

    def capture(self, order: dict[str, Any], **options: Any) -> TestResponse:
        return self.post(order["number"], "capture", {"payment_id": order["payments"][0]["id"]}, **options)


def program(selling: Selling, *scopes: str) -> Integration:
    shop = selling.paying.shop
    made = shop.run(create_key, CreateKey(KeyKind.SECRET, "ERP", scopes=scopes), shop.job)
    return Integration(selling, made.token)


@pytest.fixture
def erp(selling: Selling) -> Integration:
    return program(selling, *SCOPES)


def held(erp: Integration) -> dict[str, Any]:
    """An order by card whose money is authorised."""
    erp.selling.paying.shop.execute("UPDATE stores SET capture_policy = 'by_hand'")
    return erp.order(erp.selling.order()["number"])


def acted(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body = dict(answer.get_json())
    assert ActedSchema().validate(body) == {}
    assert answer.headers["ETag"] == f'"{body["order"]["version"]}"'
    return body


def test_orders_are_listed_and_shown(erp: Integration) -> None:
    paid, waiting = erp.selling.order(), erp.selling.order(method="bank_transfer")
    listed = erp.get("").get_json()
    assert [row["number"] for row in listed["data"]] == [waiting["number"], paid["number"]]
    assert AdminOrderSummarySchema().validate(listed["data"][0]) == {}
    only = erp.get("?payment_status=paid&payment_status=refunded&status=open").get_json()["data"]
    assert [row["number"] for row in only] == [paid["number"]]
    order = erp.order(paid["number"])
    assert AdminOrderSchema().validate(order) == {}
    assert order["payments"][0]["refundable"] == order["totals"]["total"]
    assert [operation["kind"] for operation in order["payments"][0]["operations"]] == ["capture"]


def test_a_capture_is_one_however_often_it_is_sent(erp: Integration) -> None:
    order = held(erp)
    assert order["payments"][0]["capturable"] == order["totals"]["total"]
    first = erp.capture(order, key="once", version=order["version"])
    body = acted(first)
    assert (body["outcome"], body["order"]["payment_status"]) == ("succeeded", "paid")
    again = erp.capture(order, key="once", version=order["version"])
    assert (again.headers["Idempotency-Replayed"], again.get_json()) == ("true", body)
    entries = erp.selling.paying.books()["entries"]
    taken = [entry["amount"] for entry in entries if entry["kind"] == "captured"]
    assert taken == [order["totals"]["total"]["amount"]]
    problem(erp.capture(body["order"]), 422, "nothing_to_capture")


def test_a_part_may_be_captured(erp: Integration) -> None:
    order = held(erp)
    wish = {"payment_id": order["payments"][0]["id"], "amount": brl(5000)}
    body = acted(erp.post(order["number"], "capture", wish))
    assert body["order"]["payments"][0]["captured"] == brl(5000)


def test_whoever_saw_an_older_order_changes_nothing(erp: Integration) -> None:
    order = held(erp)
    seen = order["version"]
    problem(erp.capture(order, version=seen - 1), 412, "stale_version")
    acted(erp.capture(order, version=seen))
    refund = {"payment_id": order["payments"][0]["id"], "other": brl(100)}
    problem(erp.post(order["number"], "refund", refund, version=seen), 412, "stale_version")
    problem(erp.post(order["number"], "cancel", {"reason": "gone"}, version=seen), 412, "stale_version")
    now = erp.order(order["number"])
    assert (now["status"], now["payments"][0]["refunded"]) == ("open", brl(0))
    acted(erp.post(order["number"], "refund", refund, version=now["version"]))


def test_a_refund_by_line_delivery_and_amount(erp: Integration) -> None:
    order = erp.order(erp.selling.order(erp.selling.cart(price=5000, quantity=2))["number"])
    line, payment = order["lines"][0], order["payments"][0]["id"]
    wish = {
        "payment_id": payment,
        "lines": [{"line_id": line["id"], "quantity": 1}],
        "shipping": brl(790),
        "other": brl(10),
        "expected": brl(5800),
        "note": "Chipped",
    }
    changed = wish | {"expected": brl(5801)}
    problem(erp.post(order["number"], "refund", changed), 422, "refund_changed")
    body = acted(erp.post(order["number"], "refund", wish, key="r"))
    assert acted(erp.post(order["number"], "refund", wish, key="r")) == body
    after = body["order"]
    assert (after["payment_status"], after["payments"][0]["refunded"]) == ("partially_refunded", brl(5800))
    assert after["lines"][0]["refunded_quantity"] == 1
    (refund,) = after["refunds"]
    assert (refund["amount"], refund["shipping"], refund["note"], refund["requested_by"], refund["state"]) == (
        brl(5800), brl(790), "Chipped", "ERP", "succeeded")  # fmt: skip
    problem(erp.post(order["number"], "refund", {**wish, "note": "other body"}, key="r"), 422, "idempotency_key_reused")


def test_cancelling_says_why_and_frees_the_stock(erp: Integration) -> None:
    order = held(erp)
    body = acted(erp.post(order["number"], "cancel", {"reason": " Out of clay "}, key="c", version=order["version"]))
    after = body["order"]
    assert (after["status"], after["payment_status"], after["cancel_reason"]) == ("cancelled", "voided", "Out of clay")
    assert acted(erp.post(order["number"], "cancel", {"reason": " Out of clay "}, key="c")) == body
    assert erp.selling.paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"] == 0
    told = erp.selling.paying.shop.sql("SELECT actor_label, reason FROM activity WHERE action LIKE '%cancel_order'")
    assert {(row["actor_label"], row["reason"]) for row in told} == {("ERP", "Out of clay")}


def test_a_silent_provider_is_no_failure_and_no_second_capture(erp: Integration) -> None:
    order = held(erp)
    paying = erp.selling.paying
    paying.sandbox.plant("payment_intents.capture", "error_500_before_effect", account=paying.account, count=9)
    body = acted(erp.capture(order, key="slow"), 202)
    assert body["outcome"] == "unknown"
    problem(erp.capture(order, key="another"), 409, "operation_in_flight")
    assert acted(erp.capture(order, key="slow"), 202)["outcome"] == "unknown"


def test_every_act_needs_a_key(erp: Integration) -> None:
    order = held(erp)
    for act, body in (
        ("capture", {"payment_id": NOWHERE}),
        ("cancel", {"reason": "x"}),
        ("refund", {"payment_id": NOWHERE}),
    ):
        problem(erp.post(order["number"], act, body, key=None), 400, "idempotency_key_required")


def test_each_act_needs_its_scope(selling: Selling) -> None:
    reader = program(selling, "orders.order.read")
    order = reader.order(selling.order()["number"])
    payment = order["payments"][0]["id"]
    wishes: dict[str, Any] = {
        "capture": {"payment_id": payment},
        "cancel": {"reason": "x"},
        "refund": {"payment_id": payment, "other": brl(1)},
    }
    for act, body in wishes.items():
        problem(reader.post(order["number"], act, body), 403, "forbidden")
    blind = program(selling, "payments.payment.refund")
    problem(blind.get(""), 403, "forbidden")
    problem(blind.get(f"/{order['number']}"), 403, "forbidden")


def test_storefront_keys_and_shoppers_are_refused(selling: Selling) -> None:
    number = selling.order()["number"]
    shopper = selling.api.register()["access_token"]
    for options in ({}, {"token": shopper}):
        problem(selling.api("GET", f"/api/v1/admin/orders/{number}", **options), 403, "forbidden")
    problem(selling.api("GET", "/api/v1/admin/orders", key=None), 401, "unauthenticated")


BAD = {
    "capture": (
        ({}, {("payment_id", "required")}),
        ({"payment_id": "x"}, {("payment_id", "wrong_type")}),
        ({"payment_id": NOWHERE, "amount": 5}, {("amount", "wrong_type")}),
        ({"payment_id": NOWHERE, "amount": {"amount": 1.5, "currency": "brl"}},
         {("amount.amount", "wrong_type"), ("amount.currency", "invalid")}),
        ({"payment_id": NOWHERE, "all": True}, {("all", "unknown")}),
    ),
    "cancel": (({}, {("reason", "required")}), ({"reason": "  "}, {("reason", "invalid")}),
               ({"reason": "x" * 201}, {("reason", "invalid")}), ({"reason": None}, {("reason", "null")})),
    "refund": (
        ({"payment_id": NOWHERE, "lines": [{"line_id": NOWHERE, "quantity": 0}]}, {("lines.0.quantity", "invalid")}),
        ({"payment_id": NOWHERE, "lines": [{"line_id": NOWHERE, "quantity": 1}] * 2}, {("lines", "invalid")}),
        ({"payment_id": NOWHERE, "lines": {}}, {("lines", "wrong_type")}),
        ({"payment_id": NOWHERE, "other": {"amount": 2**63, "currency": "BRL"}}, {("other.amount", "invalid")}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", BAD)
def test_bad_bodies_name_their_fields(erp: Integration, act: str) -> None:
    number = held(erp)["number"]
    for body, wrong in BAD[act]:
        assert fields(problem(erp.post(number, act, body), 422, "invalid")) == wrong, body


def test_amounts_that_can_not_be(erp: Integration) -> None:
    order = held(erp)
    number, payment = order["number"], order["payments"][0]["id"]
    dollars = {"amount": 100, "currency": "USD"}
    found = problem(erp.post(number, "capture", {"payment_id": payment, "amount": dollars}), 422, "invalid")
    assert fields(found) == {("amount.currency", "wrong_currency")}
    for minor in (0, -1, 10**9, 2**63 - 1):
        wish = {"payment_id": payment, "amount": brl(minor)}
        problem(erp.post(number, "capture", wish), 422, "capture_exceeds_authorised")
    acted(erp.capture(order))
    found = problem(
        erp.post(number, "refund", {"payment_id": payment, "other": dollars, "shipping": dollars}), 422, "invalid"
    )
    assert fields(found) == {("other.currency", "wrong_currency"), ("shipping.currency", "wrong_currency")}
    for wish in ({}, {"other": brl(-1)}, {"other": brl(2**63 - 1)}, {"lines": [{"line_id": NOWHERE, "quantity": 1}]}):
        problem(erp.post(number, "refund", {"payment_id": payment, **wish}), 422, "refund_impossible")


def test_what_is_not_there_is_not_found(erp: Integration) -> None:
    first, second = held(erp), erp.order(erp.selling.order()["number"])
    problem(erp.capture({**first, "number": second["number"]}), 404, "not_found")  # another order's payment
    for number in ("0", "9" * 30, "x", "1e3", str(int(second["number"]) + 1)):
        problem(erp.get(f"/{number}"), 404, "not_found")
        problem(erp.post(number, "cancel", {"reason": "x"}), 404, "not_found")
    for query in ("?limit=0", "?status=nonsense", "?surprise=1"):
        problem(erp.get(query), 422, "invalid")


def test_an_archived_order_is_not_cancelled(erp: Integration) -> None:
    order = held(erp)
    acted(erp.post(order["number"], "cancel", {"reason": "x"}))
    erp.selling.paying.shop.execute("UPDATE orders SET status = 'archived', cancelled_at = NULL, cancel_reason = NULL")
    problem(erp.post(order["number"], "cancel", {"reason": "x"}), 409, "transition_refused")


def test_the_document_tells_of_key_version_and_scope(erp: Integration) -> None:
    paths = erp.selling.api("GET", "/api/v1/openapi.json", key=None).get_json()["paths"]
    for act, scope in (("capture", SCOPES[1]), ("cancel", SCOPES[2]), ("refund", SCOPES[3])):
        operation = paths[f"/api/v1/admin/orders/{{number}}/{act}"]["post"]
        headers = {p["name"]: p.get("required", False) for p in operation["parameters"] if p.get("in") == "header"}
        assert headers == {"If-Match": False, "Idempotency-Key": True}
        assert operation["security"] == [{"bearer": []}]
        assert scope in operation["description"]
