"""Planted faults: what the client sees, and what the books say happened."""

from __future__ import annotations

import threading
import time

import httpx
import pytest
import stripe

from tests.sandbox.conftest import client_for
from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess, eventually, start_sandbox
from tests.sandbox.test_cards import pay
from tests.sandbox.test_idempotency import FORM, post


def test_a_time_out_after_the_effect_is_found_by_repeating(sandbox: SandboxProcess, account: str) -> None:
    sandbox.plant("payment_intents.create", "timeout_after_effect", account=account, delay_seconds=20)
    hasty = client_for(sandbox, account, timeout=0.7)
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": 5000,
        "currency": "brl",
        "confirm": True,
        "payment_method": "pm_card_visa",
    }
    with pytest.raises(stripe.APIConnectionError):
        hasty.v1.payment_intents.create(params, {"idempotency_key": "k-1"})
    assert sandbox.books(account)["totals"]["captures"] == 1
    found = client_for(sandbox, account).v1.payment_intents.create(params, {"idempotency_key": "k-1"})
    assert found.status == "succeeded"
    totals = sandbox.books(account)["totals"]
    assert (totals["intents"], totals["captures"]) == (1, 1)


def test_a_time_out_before_the_effect_leaves_nothing(sandbox: SandboxProcess, account: str) -> None:
    sandbox.plant("create", "timeout_before_effect", account=account, delay_seconds=20)
    with pytest.raises(stripe.APIConnectionError):
        client_for(sandbox, account, timeout=0.7).v1.payment_intents.create({"amount": 5000, "currency": "brl"})
    assert sandbox.books(account)["totals"]["intents"] == 0


def test_500_before_the_effect_can_be_repeated(sandbox: SandboxProcess, account: str) -> None:
    sandbox.plant("payment_intents.create", "error_500_before_effect", account=account)
    answers = [post(sandbox, account, "payment_intents", "k-1", FORM) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 200]
    check("error", answers[0].json())
    assert sandbox.books(account)["totals"]["captures"] == 1


def test_500_after_the_effect_is_remembered_and_the_books_know_better(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api, capture_method="manual")
    sandbox.plant("capture", "error_500_after_effect", account=account)
    path = f"payment_intents/{intent.id}/capture"
    answers = [post(sandbox, account, path, "k-1", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 500]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert api.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    line = sandbox.booked(account, intent.id)
    assert (line["captures"], line["captured"]) == (1, 12990)


def test_too_many_requests(sandbox: SandboxProcess, account: str, api: stripe.StripeClient) -> None:
    sandbox.plant("refunds.create", "error_429", account=account, count=2)
    intent = pay(api)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            api.v1.refunds.create({"payment_intent": intent.id})
    api.v1.refunds.create({"payment_intent": intent.id})
    assert sandbox.booked(account, intent.id)["refunds"] == 1


def test_a_fault_is_used_up_in_view_and_meets_only_its_account(
    sandbox: SandboxProcess, account: str, api: stripe.StripeClient
) -> None:
    number = sandbox.plant("retrieve", "error_500_before_effect", account=f"{account}_b", count=2)
    intent = pay(api)
    api.v1.payment_intents.retrieve(intent.id)
    with pytest.raises(stripe.APIError):
        client_for(sandbox, f"{account}_b").v1.payment_intents.retrieve(intent.id)
    fault = next(each for each in sandbox.faults() if each["id"] == number)
    assert fault["remaining"] == 1
    assert [use[:4] for use in fault["uses"]] == ["req_"]


@pytest.mark.parametrize(
    "fault",
    [
        {"operation": "capture", "kind": "mischief"},
        {"operation": "capture", "kind": "drop_webhook"},
        {"operation": "webhook", "kind": "error_429"},
        {"operation": "capture", "kind": "error_429", "count": 0},
        {"kind": "error_429"},
        {"operation": "capture", "kind": "error_429", "when": "now"},
        "error_429",
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: SandboxProcess, fault: object) -> None:
    before = len(sandbox.faults())
    answer = sandbox.client.post("/_sandbox/faults", json=[fault])
    assert answer.status_code == 400
    assert len(sandbox.faults()) == before


def test_late_money_reaches_a_cancelled_card_intent_only_when_planted(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = api.v1.payment_intents.create({"amount": 5000, "currency": "brl", "payment_method_types": ["card"]})
    api.v1.payment_intents.cancel(intent.id)
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.approve(intent.id)
    sandbox.plant("page", "late_money", account=account)
    late = sandbox.approve(intent.id)
    assert (late["status"], late["amount_received"]) == ("canceled", 5000)
    assert sandbox.booked(account, intent.id)["captured"] == 5000


def test_held_answers_are_let_go_when_the_process_is_told_to_end(database_url: str, account: str) -> None:
    process = start_sandbox(database_url)
    process.plant("payment_intents.create", "timeout_after_effect", account=account, delay_seconds=600)
    statuses: list[int] = []

    def send() -> None:
        headers = {"Authorization": f"Bearer sk_test_{account}"}
        answer = httpx.post(f"{process.url}/v1/payment_intents", data=FORM, headers=headers, timeout=30)
        statuses.append(answer.status_code)

    client = threading.Thread(target=send)
    client.start()
    eventually(lambda: process.books(account)["totals"]["captures"] == 1)
    started = time.monotonic()
    assert process.stop() == 0
    assert time.monotonic() - started < 4
    client.join()
    assert statuses == [200]
