"""The balance: which lines each movement makes, what they cost, and when they become available."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import stripe

from sandbox.payments.fees import FEES, Fee
from tests.sandbox.money import Week, lines
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import pay, raw
from tests.sandbox.test_pix import ask


@pytest.fixture
def week(sandbox: SandboxProcess) -> Week:
    week = Week(sandbox)
    week.at(0)
    return week


@pytest.mark.parametrize(("amount", "fee"), [(12990, 557), (50, 41), (100_000, 4029), (12, 39), (13, 40)])
def test_a_card_costs_a_share_and_a_fixed_part(amount: int, fee: int) -> None:
    assert FEES["card"].of(amount) == fee  # 3.99 %, half a cent up, and 39 cents


def test_other_methods_cost_only_the_one_or_the_other() -> None:
    assert (FEES["pix"].of(12990), FEES["boleto"].of(12990)) == (155, 345)
    assert Fee(50, 0).of(100) == 1


def test_a_card_payment_is_available_two_business_days_on(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    week.at(3)
    intent = pay(api)
    charge = api.v1.charges.retrieve(str(intent.latest_charge))
    line = raw(api.v1.balance_transactions.retrieve(str(charge.balance_transaction)))
    assert (line["type"], line["reporting_category"], line["source"]) == ("charge", "charge", charge.id)
    assert (line["amount"], line["fee"], line["net"], line["status"]) == (12990, 557, 12433, "pending")
    assert line["fee_details"][0]["amount"] == 557
    assert datetime.fromtimestamp(line["available_on"], UTC).isoformat()[10:] == "T00:00:00+00:00"
    assert datetime.fromtimestamp(line["available_on"], UTC).weekday() == 0  # Thursday's money on Monday
    assert lines(sandbox, account) == [("charge", 12990, 557)]


def test_pix_is_available_the_next_business_day(api: stripe.StripeClient, week: Week, sandbox: SandboxProcess) -> None:
    sandbox.pay_pix(ask(api).id)
    line = raw(api.v1.balance_transactions.list())["data"][0]
    assert (line["type"], line["reporting_category"], line["fee"]) == ("payment", "charge", 155)
    assert datetime.fromtimestamp(line["available_on"], UTC).weekday() == 1


def test_a_partial_capture_makes_two_lines_whose_sum_is_what_was_taken(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api, capture_method="manual")
    assert lines(sandbox, account) == []
    api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 5000})
    told = raw(api.v1.balance_transactions.list({"expand": ["data.source"]}))["data"]
    assert [line["reporting_category"] for line in told] == ["partial_capture_reversal", "charge"]
    assert sum(line["amount"] for line in told) == 5000
    assert sum(line["fee"] for line in told) == FEES["card"].of(5000)
    assert {line["source"]["payment_intent"] for line in told} == {intent.id}


def test_an_authorisation_that_is_let_go_makes_none(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api, capture_method="manual")
    week.at(8)
    assert api.v1.payment_intents.retrieve(intent.id).status == "canceled"
    kinds = [event.type for event in api.v1.events.list({"limit": 20}).data]
    assert "charge.expired" in kinds
    assert lines(sandbox, account) == []


def test_refunds_leave_at_once_and_come_back_when_they_fail(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api)
    refund = api.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
    sandbox.fail_refund(refund.id)
    assert lines(sandbox, account) == [("charge", 12990, 557), ("refund", -1000, 0), ("refund_failure", 1000, 0)]
    failed = raw(api.v1.refunds.retrieve(refund.id, {"expand": ["balance_transaction"]}))
    assert failed["balance_transaction"]["net"] == -1000
    line = api.v1.balance_transactions.retrieve(failed["failure_balance_transaction"])
    assert (line.reporting_category, line.source) == ("refund_failure", refund.id)


def test_the_balance_is_what_the_lines_add_up_to(api: stripe.StripeClient, week: Week) -> None:
    pay(api)
    waiting = raw(api.v1.balance.retrieve())
    assert [each["amount"] for each in (*waiting["available"], *waiting["pending"])] == [0, 12433]
    week.at(1)
    api.v1.refunds.create({"payment_intent": str(pay(api).id)})
    later = raw(api.v1.balance.retrieve())
    assert [each["amount"] for each in (*later["available"], *later["pending"])] == [-12990, 2 * 12433]


def test_lines_are_listed_by_what_they_are_about(api: stripe.StripeClient, week: Week, sandbox: SandboxProcess) -> None:
    first, second = pay(api), pay(api)
    sandbox.pay_pix(ask(api).id)
    listing = api.v1.balance_transactions.list
    assert len(listing({"source": str(first.latest_charge)}).data) == 1
    assert len(listing({"type": "charge"}).data) == 2
    assert len(listing({"currency": "brl"}).data) == 3
    assert listing({"currency": "usd"}).data == []
    page = listing({"limit": 2})
    assert page.has_more
    rest = listing({"limit": 2, "starting_after": page.data[-1].id}).data
    assert [line.source for line in rest] == [first.latest_charge]
    assert page.data[-1].source == second.latest_charge
