"""Webhooks in: verified over the raw body, kept once, answered at once."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from uuid import uuid4

from core.checkout.use_cases.settle_payment import process_webhook
from jobs.subscribers import SUBSCRIBERS
from tests.paying import WEBHOOK_SECRET
from tests.web.selling import Selling, selling
from tests.web.test_errors import problem

__all__ = ["selling"]


def event(intent: str, id_: str = "evt_1", kind: str = "payment_intent.succeeded") -> bytes:
    body = {"id": id_, "type": kind, "data": {"object": {"object": "payment_intent", "id": intent, "metadata": {}}}}
    return json.dumps(body).encode()


def signature(body: bytes, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    at = str(int(time.time()) - age)
    return f"t={at},v1={hmac.new(secret.encode(), at.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def send(selling: Selling, body: bytes, header: str | None = None, *, path: str | None = None) -> Any:
    account = selling.paying.shop.accounts["stripe"]
    return selling.api(
        "POST",
        path or f"/webhooks/payments/stripe/{account}",
        key=None,
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": signature(body) if header is None else header},
    )


def work_off(selling: Selling) -> int:
    """Do what the stored webhooks ask for, as the actor of their deliveries does; returns how many there were."""
    shop = selling.paying.shop
    subscriber = next(s for s in SUBSCRIBERS if s.name == "payments.process_webhook")
    assert subscriber.use_case is process_webhook
    waiting = shop.sql(
        "SELECT id, payload FROM deliveries WHERE subscriber = :s AND state = 'waiting' ORDER BY created_at",
        s=subscriber.name,
    )
    for row in waiting:
        shop.run(process_webhook, subscriber.command(row["payload"]))
        shop.execute("UPDATE deliveries SET state = 'done' WHERE id = :id", id=row["id"])
    return len(waiting)


def test_a_webhook_makes_the_order_that_no_browser_came_back_for(selling: Selling) -> None:
    session = selling.session(selling.cart())
    selling.approve(session)
    body = event(selling.paying.intent(session["id"]))
    answer = send(selling, body)
    assert (answer.status_code, answer.get_json()) == (200, {"received": True, "repeated": False})
    assert selling.paying.count("orders") == 0
    assert work_off(selling) == 1
    assert selling.paying.count("orders") == 1
    stored = selling.paying.shop.sql("SELECT external_id, body, processed_at IS NOT NULL AS done FROM webhooks")
    assert (stored[0]["external_id"], bytes(stored[0]["body"]), stored[0]["done"]) == ("evt_1", body, True)


def test_a_webhook_sent_again_has_no_second_effect(selling: Selling) -> None:
    session = selling.session(selling.cart())
    selling.approve(session)
    body = event(selling.paying.intent(session["id"]))
    assert send(selling, body).get_json()["repeated"] is False
    assert send(selling, body).get_json() == {"received": True, "repeated": True}
    assert work_off(selling) == 1
    assert send(selling, body).status_code == 200
    assert work_off(selling) == 0
    assert (selling.paying.count("webhooks"), selling.paying.count("orders")) == (1, 1)


def test_forged_old_and_garbled_webhooks_are_refused(selling: Selling) -> None:
    session = selling.session(selling.cart())
    body = event(selling.paying.intent(session["id"]))
    wrong = [
        (body, signature(body, secret="whsec_guess")),
        (body, signature(body, age=301)),
        (body, signature(body, age=-301)),
        (body, ""),
        (body, "t=1,v1=" + "0" * 64),
        (body, signature(body).replace("v1=", "v0=")),
        (body, "t=1,t=2,v1=0"),
        (body, "\u0661"),
        (body + b" ", signature(body)),
        (b"{", signature(b"{")),
        (b"[]", signature(b"[]")),
        (b"", signature(b"")),
    ]
    for garbled in (
        b'{"id": 5, "type": "x", "data": {"object": {}}}',
        b'{"id": "e", "type": "x", "data": {"object": 1}}',
    ):
        wrong.append((garbled, signature(garbled)))
    for forged, header in wrong:
        problem(send(selling, forged, header), 400, "webhook_rejected")
    assert selling.paying.count("webhooks") == 0


def test_unknown_accounts_and_providers_are_not_found(selling: Selling) -> None:
    body = event("pi_1")
    account = selling.paying.shop.accounts["stripe"]
    manual = selling.paying.shop.accounts["manual"]
    for path in (f"stripe/{uuid4()}", "stripe/nobody", f"manual/{account}", f"paypal/{account}", f"manual/{manual}"):
        problem(send(selling, body, path=f"/webhooks/payments/{path}"), 404, "not_found")


def test_a_body_beyond_the_cap_is_not_read(selling: Selling) -> None:
    problem(send(selling, b"x" * 262_145), 413, "body_too_large")


def test_another_method_is_refused(selling: Selling) -> None:
    path = f"/webhooks/payments/stripe/{selling.paying.shop.accounts['stripe']}"
    problem(selling.api("GET", path, key=None), 405, "method_not_allowed")


def test_a_webhook_about_nothing_of_ours_is_only_marked_as_read(selling: Selling) -> None:
    assert send(selling, event("pi_of_somebody_else")).status_code == 200
    assert work_off(selling) == 1
    rows = selling.paying.shop.sql("SELECT processed_at IS NOT NULL AS done FROM webhooks")
    assert rows == [{"done": True}]
    assert selling.paying.count("orders") == 0


def test_what_a_webhook_claims_is_not_believed(selling: Selling) -> None:
    session = selling.session(selling.cart())  # nobody has paid
    assert send(selling, event(selling.paying.intent(session["id"]))).status_code == 200
    assert work_off(selling) == 1
    assert selling.paying.count("orders") == 0
