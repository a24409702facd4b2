"""Webhooks: signed, at least once, in order while nothing fails, and disturbed as planted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import stripe

from adapters.provisioning import DatabaseAddresses
from tests.sandbox.conftest import client_for
from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess, eventually, start_sandbox
from tests.sandbox.receiver import Receiver
from tests.sandbox.test_cards import pay, raw

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes webhooks."""
    found = Receiver()
    yield found
    found.stop()


def subscribe(api: stripe.StripeClient, receiver: Receiver, events: list[Any] | None = None) -> stripe.WebhookEndpoint:
    url = f"{receiver.origin}/webhooks/payments/stripe/acct"
    return api.v1.webhook_endpoints.create({"url": url, "enabled_events": events or ["*"]})


def construct(body: bytes, signature: str, secret: str) -> stripe.Event:
    """The event, by the provider's own verification."""
    event = stripe.Webhook.construct_event(body, signature, secret)  # type: ignore[no-untyped-call]  # as it is published
    assert isinstance(event, stripe.Event)
    return event


def types(receiver: Receiver) -> list[str]:
    return [json.loads(taken.body)["type"] for taken in receiver.taken]


def test_what_happens_is_told_in_order_and_signed(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, receiver: Receiver
) -> None:
    endpoint = subscribe(api, receiver)
    intent = pay(api)
    eventually(lambda: len(receiver.taken) == 3)
    assert types(receiver) == PAID
    for taken in receiver.taken:
        assert taken.path == "/webhooks/payments/stripe/acct"
        event = construct(taken.body, taken.signature, str(endpoint.secret))
        check("event", json.loads(taken.body))
        assert api.v1.events.retrieve(event.id).type == event.type
        with pytest.raises(stripe.SignatureVerificationError):
            construct(taken.body + b" ", taken.signature, str(endpoint.secret))
    last = json.loads(receiver.taken[-1].body)
    check("payment_intent", last["data"]["object"])
    assert last["data"]["object"]["id"] == intent.id
    assert last["request"]["id"].startswith("req_")
    eventually(lambda: {each["state"] for each in sandbox.deliveries(account)} == {"delivered"})


def test_the_signature_holds_wall_time_even_when_business_time_moves(
    api: stripe.StripeClient, sandbox: SandboxProcess, receiver: Receiver
) -> None:
    sandbox.set_clock(30 * 86_400)
    endpoint = subscribe(api, receiver)
    intent = pay(api)
    assert intent.created > time.time() + 29 * 86_400
    eventually(lambda: receiver.taken)
    construct(receiver.taken[0].body, receiver.taken[0].signature, str(endpoint.secret))


def test_only_what_was_asked_for_is_sent(api: stripe.StripeClient, receiver: Receiver) -> None:
    subscribe(api, receiver, ["payment_intent.succeeded"])
    pay(api)
    eventually(lambda: receiver.taken)
    time.sleep(0.7)
    assert types(receiver) == ["payment_intent.succeeded"]


def test_a_refusal_is_retried_until_it_is_taken(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, receiver: Receiver
) -> None:
    receiver.answers = [500]
    subscribe(api, receiver, ["payment_intent.succeeded"])
    pay(api)
    eventually(lambda: len(receiver.taken) == 2)
    assert receiver.taken[0].body == receiver.taken[1].body
    row = eventually(lambda: [each for each in sandbox.deliveries(account) if each["state"] == "delivered"])[0]
    assert (row["attempts"], row["last_status"], row["last_error"]) == (2, 200, None)


def test_nobody_there_is_recorded(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    nobody = Receiver()
    nobody.stop()
    subscribe(api, nobody, ["payment_intent.succeeded"])
    pay(api)
    row = eventually(lambda: [each for each in sandbox.deliveries(account) if each["last_error"]])[0]
    assert row["state"] == "pending"
    assert "ConnectError" in row["last_error"]


def test_a_dropped_webhook_never_comes_and_a_double_one_comes_twice(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, receiver: Receiver
) -> None:
    subscribe(api, receiver)
    sandbox.plant("webhook:charge.succeeded", "drop_webhook", account=account)
    sandbox.plant("webhook:payment_intent.succeeded", "double_webhook", account=account)
    pay(api)
    eventually(lambda: len(receiver.taken) == 3)
    time.sleep(0.7)
    assert types(receiver) == [PAID[0], PAID[2], PAID[2]]
    assert [each["state"] for each in sandbox.deliveries(account)].count("dropped") == 1
    assert [each["remaining"] for each in sandbox.faults()] == [0, 0]


def test_a_late_webhook_comes_late(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, receiver: Receiver
) -> None:
    subscribe(api, receiver)
    sandbox.plant("webhook:payment_intent.created", "late_webhook", account=account, delay_seconds=2)
    started = time.monotonic()
    pay(api)
    eventually(lambda: len(receiver.taken) == 3)
    assert types(receiver) == [PAID[1], PAID[2], PAID[0]]
    assert time.monotonic() - started >= 1.5


def test_a_reordered_webhook_comes_after_the_next(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, receiver: Receiver
) -> None:
    subscribe(api, receiver, PAID[1:])
    sandbox.plant("webhook:charge.succeeded", "reorder_webhook", account=account)
    pay(api)
    eventually(lambda: len(receiver.taken) == 2, 5)
    assert types(receiver) == [PAID[2], PAID[1]]


def test_endpoints_can_be_listed_changed_and_deleted(api: stripe.StripeClient, receiver: Receiver) -> None:
    made = subscribe(api, receiver)
    check("webhook_endpoint", raw(made))
    assert str(made.secret).startswith("whsec_")
    assert "secret" not in raw(api.v1.webhook_endpoints.retrieve(made.id))
    assert [each.id for each in api.v1.webhook_endpoints.list().data] == [made.id]
    changed = api.v1.webhook_endpoints.update(made.id, {"enabled_events": ["charge.refunded"], "disabled": True})
    assert (changed.status, changed.enabled_events) == ("disabled", ["charge.refunded"])
    pay(api)
    check("deleted_webhook_endpoint", raw(api.v1.webhook_endpoints.delete(made.id)))
    assert api.v1.webhook_endpoints.list().data == []
    assert receiver.taken == []
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.webhook_endpoints.create({"url": "ftp://x", "enabled_events": ["*"]})
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.webhook_endpoints.create({"url": "http://x", "enabled_events": ["payment_intent.suceeded"]})  # type: ignore[list-item]


@pytest.mark.race
def test_several_processes_send_each_event_once(
    fresh_database: DatabaseAddresses, account: str, receiver: Receiver
) -> None:
    """Two processes over the same books, one slow endpoint: nothing twice, never two at once."""
    receiver.pause = 0.05
    first = start_sandbox(fresh_database.sandbox_url)
    second = start_sandbox(fresh_database.sandbox_url)
    try:
        api = client_for(first, account)
        subscribe(api, receiver)
        for _ in range(8):
            pay(api)
        eventually(lambda: len(receiver.taken) >= 24, 20)
        time.sleep(0.7)
        assert len({json.loads(taken.body)["id"] for taken in receiver.taken}) == len(receiver.taken) == 24
        assert receiver.most_at_once == 1
    finally:
        assert [first.stop(), second.stop()] == [0, 0]


def test_a_sender_that_died_is_followed_by_another(
    database_url: str, api: stripe.StripeClient, account: str, receiver: Receiver, sandbox: SandboxProcess
) -> None:
    """A claim whose lease ran out counts as unsent: at least once."""
    sandbox.plant("webhook", "late_webhook", account=account, delay_seconds=3600)
    subscribe(api, receiver, ["payment_intent.succeeded"])
    pay(api)
    with psycopg.connect(database_url) as books:
        changed = books.execute(
            "UPDATE sandbox.deliveries d SET attempts = 1, lease_until = now() - interval '1 second',"
            " next_attempt = now() - interval '40 seconds' FROM sandbox.events v"
            " WHERE v.id = d.event AND v.account = %s",
            (account,),
        ).rowcount
    assert changed == 1
    eventually(lambda: len(receiver.taken) == 1)


def test_addresses_can_be_rebased(fresh_database: DatabaseAddresses, account: str, receiver: Receiver) -> None:
    process = start_sandbox(fresh_database.sandbox_url, webhook_rebase=receiver.origin)
    try:
        api = client_for(process, account)
        api.v1.webhook_endpoints.create({"url": "https://127.0.0.1:9/hooks?x=1", "enabled_events": ["*"]})
        pay(api)
        eventually(lambda: len(receiver.taken) == 3)
        assert {taken.path for taken in receiver.taken} == {"/hooks?x=1"}
    finally:
        process.stop()
