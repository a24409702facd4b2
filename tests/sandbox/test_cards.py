"""Card intents through every state, by the API and by the issuer's hand."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess

CARD = {"exp_month": 12, "exp_year": 2034, "cvc": "123"}


def pay(api: stripe.StripeClient, number: str = "4242424242424242", **more: Any) -> stripe.PaymentIntent:
    """An intent of R$ 129,90 confirmed with a card."""
    card: Any = {"number": number, **CARD}
    method = api.v1.payment_methods.create({"type": "card", "card": card})
    params: dict[str, Any] = {
        "amount": 12990,
        "currency": "brl",
        "payment_method_types": ["card"],
        "confirm": True,
        "payment_method": method.id,
        **more,
    }
    return api.v1.payment_intents.create(params)  # type: ignore[arg-type]  # a plain dict, as forms are


def raw(found: stripe.StripeObject) -> dict[str, Any]:
    return dict(found.to_dict())


def test_an_intent_waits_for_a_method(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = api.v1.payment_intents.create(
        {"amount": 5000, "currency": "brl", "payment_method_types": ["card"], "metadata": {"payment": "p-1"}}
    )
    assert intent.status == "requires_payment_method"
    assert intent.client_secret is not None
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    check("payment_intent", raw(intent))
    confirmed = api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (confirmed.status, confirmed.amount_received) == ("succeeded", 5000)
    assert sandbox.booked(account, intent.id)["captures"] == 1


def test_a_method_alone_requires_confirmation(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {"amount": 5000, "currency": "brl", "payment_method": "pm_card_visa", "payment_method_types": ["card"]}
    )
    assert intent.status == "requires_confirmation"
    assert api.v1.payment_intents.confirm(intent.id).status == "succeeded"


def test_automatic_capture_takes_the_money_at_once(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api)
    assert (intent.status, intent.amount_received, intent.amount_capturable) == ("succeeded", 12990, 0)
    charge = api.v1.charges.retrieve(str(intent.latest_charge))
    check("charge", raw(charge))
    card = charge.payment_method_details.card  # type: ignore[union-attr]
    assert card is not None
    assert (card.brand, card.last4, card.funding, card.three_d_secure) == ("visa", "4242", "credit", None)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 12990, 0)
    line = sandbox.booked(account, intent.id)
    assert (line["authorised"], line["captured"], line["charges"]) == (12990, 12990, 1)


def test_manual_capture_holds_first_and_takes_once(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api, capture_method="manual")
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 12990, 0)
    assert sandbox.booked(account, intent.id)["captured"] == 0
    captured = api.v1.payment_intents.capture(intent.id)
    check("payment_intent", raw(captured))
    assert (captured.status, captured.amount_received, captured.amount_capturable) == ("succeeded", 12990, 0)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payment_intents.capture(intent.id)
    assert refusal.value.code == "payment_intent_unexpected_state"
    assert sandbox.booked(account, intent.id)["captures"] == 1


def test_partial_capture_lets_the_rest_go_without_refunding_it(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api, capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 12991})
    assert refusal.value.code == "amount_too_large"
    captured = api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10000})
    charge = api.v1.charges.retrieve(str(captured.latest_charge))
    assert captured.amount_received == 10000
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (10000, 2990, False)
    line = sandbox.booked(account, intent.id)
    assert (line["captured"], line["released"], line["refunded"], line["refunds"]) == (10000, 2990, 0, 0)


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
        ("4111111111111111", "card_declined", "test_mode_live_card"),
    ],
)
def test_a_declined_card_leaves_the_intent_open(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, number: str, code: str, decline_code: str | None
) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        pay(api, number)
    body: Any = refusal.value.json_body
    check("error", body)
    assert (refusal.value.http_status, refusal.value.code) == (402, code)
    assert body["error"].get("decline_code") == decline_code
    intent = api.v1.payment_intents.retrieve(body["error"]["payment_intent"]["id"])
    check("payment_intent", raw(intent))
    assert intent.status == "requires_payment_method"
    assert raw(intent)["last_payment_error"]["code"] == code
    charge = api.v1.charges.retrieve(str(intent.latest_charge))
    check("charge", raw(charge))
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, code)
    line = sandbox.booked(account, intent.id)
    assert (line["declines"], line["captured"]) == (1, 0)
    assert api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_a_number_that_is_no_card_leaves_nothing(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    with pytest.raises(stripe.CardError) as refusal:
        pay(api, "4242424242424241")
    assert refusal.value.code == "incorrect_number"
    assert sandbox.books(account)["totals"]["intents"] == 0


def test_a_challenge_is_answered_by_the_cardholder(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = pay(api, "4000002500003155", return_url="https://loja.example/volta")
    assert intent.status == "requires_action"
    assert intent.next_action is not None
    assert intent.next_action.type == "redirect_to_url"
    check("payment_intent", raw(intent))
    check("payment_intent", sandbox.act(intent.id, "confirm_challenge"))
    paid = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    check("payment_intent", raw(paid))
    assert paid.status == "succeeded"
    secure = raw(paid)["latest_charge"]["payment_method_details"]["card"]["three_d_secure"]
    assert (secure["result"], secure["authentication_flow"]) == ("authenticated", "challenge")


def test_a_failed_challenge_charges_nothing(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = pay(api, "4000002500003155")
    assert raw(intent)["next_action"]["type"] == "use_stripe_sdk"
    failed = sandbox.act(intent.id, "fail_challenge")
    assert failed["status"] == "requires_payment_method"
    assert failed["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert sandbox.booked(account, intent.id)["charges"] == 0


@pytest.mark.parametrize(
    ("word", "status", "captured"),
    [
        ("settle_pending", "succeeded", 12990),
        ("fail_pending", "requires_payment_method", 0),
    ],
)
def test_a_pending_charge_waits_for_word(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, word: str, status: str, captured: int
) -> None:
    intent = api.v1.payment_intents.create({"amount": 12990, "currency": "brl", "payment_method_types": ["card"]})
    pending = sandbox.act(intent.id, "pend")
    check("payment_intent", pending)
    assert pending["status"] == "processing"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payment_intents.cancel(intent.id)
    assert refusal.value.code == "payment_intent_unexpected_state"
    sandbox.act(intent.id, word)
    assert api.v1.payment_intents.retrieve(intent.id).status == status
    line = sandbox.booked(account, intent.id)
    assert (line["charges"], line["captured"]) == (1, captured)


def test_cancelling_an_authorisation_lets_it_go(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api, capture_method="manual")
    cancelled = api.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "requested_by_customer"})
    check("payment_intent", raw(cancelled))
    assert (cancelled.status, cancelled.amount_capturable) == ("canceled", 0)
    assert cancelled.canceled_at is not None
    line = sandbox.booked(account, intent.id)
    assert (line["released"], line["captured"], line["refunds"], line["cancellations"]) == (12990, 0, 0, 1)
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.cancel(intent.id)
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert sandbox.booked(account, intent.id)["cancellations"] == 1


def test_a_paid_intent_cannot_be_cancelled(api: stripe.StripeClient) -> None:
    intent = pay(api)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payment_intents.cancel(intent.id)
    body: Any = refusal.value.json_body
    assert body["error"]["payment_intent"]["status"] == "succeeded"
    check("error", body)


def test_an_authorisation_lapses_after_a_week(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = pay(api, capture_method="manual")
    sandbox.set_clock(7 * 86_400 + 60)
    lapsed = api.v1.payment_intents.retrieve(intent.id)
    check("payment_intent", raw(lapsed))
    assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "automatic")
    assert sandbox.booked(account, intent.id)["released"] == 12990


def test_approving_twice_charges_once(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = api.v1.payment_intents.create({"amount": 5000, "currency": "brl", "payment_method_types": ["card"]})
    sandbox.approve(intent.id)
    sandbox.approve(intent.id)
    line = sandbox.booked(account, intent.id)
    assert (line["charges"], line["captures"], line["captured"]) == (1, 1, 5000)


def test_metadata_changes_key_by_key_and_amounts_only_before_confirmation(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create({"amount": 5000, "currency": "brl", "metadata": {"a": "1", "b": "2"}})
    assert api.v1.payment_intents.update(intent.id, {"amount": 6000}).amount == 6000
    changed = api.v1.payment_intents.update(intent.id, {"metadata": {"a": "", "c": "3"}})
    assert raw(changed)["metadata"] == {"b": "2", "c": "3"}
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.update(intent.id, {"amount": 7000})
    assert raw(api.v1.payment_intents.update(intent.id, {"metadata": ""}))["metadata"] == {}
