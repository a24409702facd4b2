"""Disputes: the money that is withdrawn, its fee, and how the bank decides."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import stripe

from tests.sandbox.money import lines
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import pay, raw
from tests.sandbox.test_pix import ask


def dispute(sandbox: SandboxProcess, intent: str, **body: Any) -> dict[str, Any]:
    return sandbox.control("POST", f"payments/{intent}/dispute", body)


def events(api: stripe.StripeClient) -> list[str]:
    told = [event.type for event in api.v1.events.list({"limit": 100}).data]
    return [type_.removeprefix("charge.dispute.") for type_ in reversed(told) if ".dispute." in type_]


def test_a_dispute_takes_its_money_and_a_fee_at_once(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api)
    made = dispute(sandbox, intent.id, reason="product_not_received")
    told = raw(api.v1.disputes.retrieve(made["id"]))
    assert (told["amount"], told["status"], told["reason"]) == (12990, "needs_response", "product_not_received")
    assert [(line["net"], line["fee"]) for line in told["balance_transactions"]] == [(-18490, 5500)]
    assert lines(sandbox, account)[1:] == [("dispute", -12990, 5500)]
    assert api.v1.charges.retrieve(str(intent.latest_charge)).disputed
    assert events(api) == ["created", "funds_withdrawn"]
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        api.v1.refunds.create({"payment_intent": intent.id})


@pytest.mark.parametrize(("deed", "status", "balance"), [("win", "won", 12990 - 557 - 5500), ("lose", "lost", -6057)])
def test_the_bank_decides(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, deed: str, status: str, balance: int
) -> None:
    made = dispute(sandbox, pay(api).id)
    assert sandbox.control("POST", f"disputes/{made['id']}/answer")["status"] == "under_review"
    assert sandbox.control("POST", f"disputes/{made['id']}/{deed}")["status"] == status
    books = sandbox.books(account)
    assert books["settlement"]["balance"] == balance
    assert books["disputes"][0]["status"] == status
    assert events(api)[2:] == ["updated", *(["funds_reinstated"] if status == "won" else []), "closed"]
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        sandbox.control("POST", f"disputes/{made['id']}/win")


def test_an_inquiry_moves_no_money(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    made = dispute(sandbox, pay(api).id, inquiry=True)
    assert (made["status"], made["balance_transactions"]) == ("warning_needs_response", [])
    assert sandbox.control("POST", f"disputes/{made['id']}/lose")["status"] == "warning_closed"
    assert lines(sandbox, account) == [("charge", 12990, 557)]


def test_a_part_may_be_disputed_and_no_more_than_was_kept(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = pay(api)
    api.v1.refunds.create({"payment_intent": intent.id, "amount": 10_000})
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        dispute(sandbox, intent.id, amount=2991)
    assert dispute(sandbox, intent.id, amount=2000)["amount"] == 2000
    listed = api.v1.disputes.list({"payment_intent": intent.id}).data
    assert [each.amount for each in listed] == [2000]


def test_only_cards_are_disputed(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    pix = ask(api).id
    sandbox.pay_pix(pix)
    for intent in (pix, pay(api, capture_method="manual").id):
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            dispute(sandbox, intent)
