"""Refunds: how much can go back, when, and what happens when it comes back again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import client_for
from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import pay, raw


def test_parts_go_back_until_all_is_back(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = pay(api)
    params: Any = {
        "payment_intent": intent.id,
        "amount": 4000,
        "reason": "requested_by_customer",
        "metadata": {"refund": "r-1"},
    }
    first = api.v1.refunds.create(params)
    check("refund", raw(first))
    assert (first.status, first.amount, first.reason) == ("succeeded", 4000, "requested_by_customer")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.refunds.create({"payment_intent": intent.id, "amount": 8991})
    assert (refusal.value.code, refusal.value.param) == ("amount_too_large", "amount")
    rest = api.v1.refunds.create({"payment_intent": intent.id})
    assert rest.amount == 8990
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"
    check("error", refusal.value.json_body)
    charge = api.v1.charges.retrieve(str(intent.latest_charge))
    check("charge", raw(charge))
    assert (charge.refunded, charge.amount_refunded) == (True, 12990)
    line = sandbox.booked(account, intent.id)
    assert (line["refunds"], line["refunded"]) == (2, 12990)
    listed = api.v1.refunds.list({"payment_intent": intent.id}).data
    assert [refund.id for refund in listed] == [rest.id, first.id]
    assert api.v1.refunds.retrieve(first.id, {"expand": ["charge"]}).charge.id == charge.id  # type: ignore[union-attr]


def test_after_a_partial_capture_only_what_was_taken_goes_back(api: stripe.StripeClient) -> None:
    intent = pay(api, capture_method="manual")
    api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10000})
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.refunds.create({"payment_intent": intent.id, "amount": 10001})
    assert api.v1.refunds.create({"payment_intent": intent.id}).amount == 10000


def test_nothing_taken_nothing_to_give_back(api: stripe.StripeClient) -> None:
    intent = pay(api, capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        api.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.refunds.create({"amount": 100})
    assert refusal.value.code == "parameter_missing"


def test_a_refund_can_come_back_after_it_succeeded(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api)
    refund = api.v1.refunds.create({"payment_intent": intent.id})
    check("refund", sandbox.fail_refund(refund.id))
    failed = api.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "unknown")
    line = sandbox.booked(account, intent.id)
    assert (line["refunded"], line["refund_reversed"]) == (0, 12990)
    assert api.v1.refunds.create({"payment_intent": intent.id}).amount == 12990
    types = [event.type for event in api.v1.events.list({"limit": 50}).data]
    assert types.count("refund.failed") == 1


def test_a_release_is_no_refund_that_could_fail(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = pay(api, capture_method="manual")
    api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10000})
    release = api.v1.refunds.list({"payment_intent": intent.id}).data[0]
    assert release.amount == 2990
    answer = sandbox.client.post(f"/_sandbox/refunds/{release.id}/fail")
    assert answer.status_code == 400


def test_metadata_of_a_refund_can_change(api: stripe.StripeClient) -> None:
    refund = api.v1.refunds.create({"payment_intent": pay(api).id})
    assert raw(api.v1.refunds.update(refund.id, {"metadata": {"a": "1"}}))["metadata"] == {"a": "1"}


@pytest.mark.race
def test_refunds_at_the_same_time_never_exceed_the_charge(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api)
    refused: list[str | None] = []

    def refund() -> None:
        try:
            client_for(sandbox, account).v1.refunds.create({"payment_intent": intent.id, "amount": 4000})
        except stripe.InvalidRequestError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=refund) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.booked(account, intent.id)["refunded"] == 12000
    assert refused == ["amount_too_large"] * 3
