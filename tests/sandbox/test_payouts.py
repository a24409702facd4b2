"""Daily payouts: what they carry, how they go, and how they fail."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
import stripe

from tests.sandbox.money import Week, lines
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import pay, raw
from tests.sandbox.test_pix import ask


@pytest.fixture
def week(sandbox: SandboxProcess) -> Week:
    week = Week(sandbox)
    week.at(0)
    return week


def events(api: stripe.StripeClient) -> list[str]:
    """Types of what happened to payouts, oldest first."""
    told = [event.type for event in api.v1.events.list({"limit": 100}).data]
    return [type_ for type_ in reversed(told) if type_.startswith("payout.")]


def test_what_is_available_is_paid_out_at_midnight_and_arrives_a_day_later(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    pay(api)
    sandbox.pay_pix(ask(api).id)
    week.at(1, hour=1)
    first = raw(api.v1.payouts.list().data[0])
    assert (first["amount"], first["status"], first["automatic"]) == (12990 - 155, "pending", True)
    assert (first["reconciliation_status"], first["trace_id"]["value"]) == ("in_progress", None)
    week.at(2, hour=1)
    second, arrived = (raw(each) for each in api.v1.payouts.list().data)
    assert (second["amount"], arrived["id"], arrived["status"]) == (12433, first["id"], "paid")
    assert arrived["reconciliation_status"] == "completed"
    assert arrived["trace_id"]["status"] == "supported"
    assert datetime.fromtimestamp(arrived["arrival_date"], UTC).weekday() == 2
    told = api.v1.balance_transactions.list({"payout": first["id"]}).data
    assert [(line.reporting_category, line.net) for line in told] == [("payout", -12835), ("charge", 12835)]
    assert events(api)[:3] == ["payout.created", "payout.updated", "payout.reconciliation_completed"]
    assert sandbox.books(account)["settlement"]["remainders"] == {}


def test_nothing_is_paid_out_on_days_off_or_of_what_is_owed(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    week.at(4)
    intent = pay(api)
    api.v1.refunds.create({"payment_intent": intent.id, "amount": 12990})
    week.at(8, hour=9)
    books = sandbox.books(account)
    assert books["payouts"] == []
    assert books["settlement"]["balance"] == -557
    pay(api)
    week.at(10, hour=1)
    assert [payout["amount"] for payout in sandbox.books(account)["payouts"]] == [12433 - 557]


def test_days_that_pass_at_once_are_lived_one_by_one(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    sandbox.pay_pix(ask(api).id)
    pay(api)
    week.at(11)
    payouts = sandbox.books(account)["payouts"]
    assert [(payout["amount"], payout["status"]) for payout in payouts] == [(12835, "paid"), (12433, "paid")]
    days = [datetime.fromtimestamp(payout["created"], UTC).weekday() for payout in payouts]
    assert days == [1, 2]
    assert sandbox.books(account)["settlement"]["balance"] == 0


def test_a_payout_may_fail_within_five_business_days_and_goes_out_again(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    sandbox.pay_pix(ask(api).id)
    week.at(3)
    payout = api.v1.payouts.list().data[0]
    assert payout.status == "paid"
    failed = sandbox.control("POST", f"payouts/{payout.id}/fail")
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    line = api.v1.balance_transactions.retrieve(failed["failure_balance_transaction"])
    assert (line.type, line.reporting_category, line.net) == ("payout_failure", "payout_reversal", 12835)
    assert events(api)[-2:] == ["payout.failed", "payout.updated"]
    week.at(4)
    assert [each["status"] for each in sandbox.books(account)["payouts"]] == ["failed", "in_transit"]
    assert sandbox.books(account)["settlement"]["paid_out"] == 12835
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        sandbox.control("POST", f"payouts/{payout.id}/fail")


def test_after_that_it_has_arrived(api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str) -> None:
    sandbox.pay_pix(ask(api).id)
    week.at(10)
    payout = sandbox.books(account)["payouts"][0]["id"]
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        sandbox.control("POST", f"payouts/{payout}/fail")
    assert lines(sandbox, account)[-1][0] == "payout"


def test_the_clock_and_the_accounts_asking_agree(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    """Whatever asks first, each midnight pays out once."""
    sandbox.pay_pix(ask(api).id)
    week.at(1, hour=1)
    for _ in range(3):
        api.v1.payouts.list()
        week.at(1, hour=1)
    assert len(sandbox.books(account)["payouts"]) == 1
