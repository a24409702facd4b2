"""A provider that errs: what is planted shows in what is told, and the books say what was planted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest
import stripe

from sandbox.payments import faults, planting
from tests.sandbox.money import Week, lines, plant
from tests.sandbox.process import ROOT, SandboxProcess
from tests.sandbox.test_cards import pay, raw
from tests.sandbox.test_pix import ask


@pytest.fixture
def week(sandbox: SandboxProcess) -> Week:
    week = Week(sandbox)
    week.at(0)
    return week


def told(api: stripe.StripeClient, **filters: Any) -> list[dict[str, Any]]:
    """Every balance transaction as the API tells them, newest first."""
    listed = api.v1.balance_transactions.list({"limit": 100, **filters})  # type: ignore[arg-type]  # plain filters
    return [raw(line) for line in listed.data]


def booked(sandbox: SandboxProcess, account: str) -> list[dict[str, Any]]:
    return list(sandbox.books(account)["balance_transactions"])


def test_a_missing_line_is_told_nowhere_and_paid_out_by_no_payout(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    intent = pay(api)
    line = plant(sandbox, account, "missing_line", intent.id)
    week.at(5)
    assert told(api) == []
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        api.v1.balance_transactions.retrieve(line)
    assert [(each["withheld"], each["planted"]) for each in booked(sandbox, account)] == [(True, "missing_line")]
    assert sandbox.books(account)["payouts"] == []


def test_a_repeated_line_has_one_id_and_a_doubled_one_two(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    first, second = pay(api), pay(api)
    plant(sandbox, account, "repeated_line", first.id)
    plant(sandbox, account, "doubled_line", second.id)
    by_id = Counter(line["id"] for line in told(api))
    by_source = Counter(line["source"] for line in told(api))
    assert sorted(by_id.values()) == [1, 1, 2]
    assert by_source == {first.latest_charge: 2, second.latest_charge: 2}
    week.at(2, hour=1)
    assert sandbox.books(account)["payouts"][0]["amount"] == 3 * 12433


@pytest.mark.parametrize(
    ("kind", "amount", "fee"),
    [("amount_over", 13090, 557), ("amount_under", 12890, 557), ("fee_differs", 12990, 657)],
)
def test_an_altered_line_is_paid_out_as_it_is_told(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str, kind: str, amount: int, fee: int
) -> None:
    intent = pay(api)
    plant(sandbox, account, kind, intent.id)
    assert [(line["amount"], line["fee"], line["net"]) for line in told(api)] == [(amount, fee, amount - fee)]
    week.at(2, hour=1)
    books = sandbox.books(account)
    assert (books["payouts"][0]["amount"], books["settlement"]["remainders"]) == (amount - fee, {})
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        plant(sandbox, account, kind, intent.id)  # it is in a payout now


def test_a_refund_s_line_may_be_of_another_amount(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    refund = api.v1.refunds.create({"payment_intent": pay(api).id, "amount": 1000})
    plant(sandbox, account, "amount_over", refund.id, amount=250)
    assert lines(sandbox, account)[1] == ("refund", -1250, 0)
    assert api.v1.refunds.retrieve(refund.id).amount == 1000
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        plant(sandbox, account, "amount_under", refund.id, amount=1250)


def test_movements_that_nobody_asked_for(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    charge = plant(sandbox, account, "unknown_charge", amount=7700)
    for kind in ("unexpected_adjustment", "reserve_held", "reserve_released"):
        plant(sandbox, account, kind, amount=300)
    assert raw(api.v1.charges.retrieve(charge))["metadata"] == {}
    assert lines(sandbox, account) == [
        ("charge", 7700, 346),
        ("other_adjustment", -300, 0),
        ("risk_reserved_funds", -300, 0),
        ("risk_reserved_funds", 300, 0),
    ]
    assert {line["type"] for line in told(api)} == {"charge", "adjustment", "reserve_hold", "reserve_release"}


@pytest.mark.parametrize(("kind", "remainder"), [("payout_over", 100), ("payout_short", -100)])
def test_a_payout_that_is_not_what_its_lines_add_up_to(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str, kind: str, remainder: int
) -> None:
    pay(api)
    sandbox.plant("payout", kind, account=account)
    week.at(2, hour=1)
    payout = api.v1.payouts.list().data[0]
    assert payout.amount == 12433 + remainder
    carried = told(api, payout=payout.id)
    assert sum(line["net"] for line in carried) == -remainder
    assert sandbox.books(account)["settlement"]["remainders"] == {payout.id: remainder}


def test_a_payout_that_fails_on_its_way(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    pay(api)
    sandbox.plant("payout", "payout_failed", account=account)
    week.at(4)
    statuses = [payout["status"] for payout in sandbox.books(account)["payouts"]]
    assert statuses == ["failed", "in_transit"]
    assert sandbox.books(account)["settlement"]["balance"] == 0


def test_what_is_planted_ahead_meets_the_next_line_of_its_category(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    sandbox.plant("settlement:refund", "amount_over", account=account)
    sandbox.plant("settlement", "fee_differs", account=account)
    intent = pay(api)
    api.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
    assert lines(sandbox, account) == [("charge", 12990, 657), ("refund", -1100, 0)]
    assert all(fault["remaining"] == 0 for fault in sandbox.faults() if fault["account"] == account)


def test_pages_out_of_order_repeated_and_with_a_gap(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    for _ in range(4):
        pay(api)
    straight = [line["id"] for line in told(api)]
    wanted = {
        "shuffled_page": straight[::-1],
        "repeated_page": [*straight, straight[0]],
        "skipping_page": [straight[0], *straight[2:]],
    }
    for kind, order in wanted.items():
        sandbox.plant("balance_transactions.list", kind, account=account)
        assert [line["id"] for line in told(api)] == order
        assert [line["id"] for line in told(api)] == straight


def test_a_kind_that_is_none_or_a_part_that_is_missing_is_refused(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    pay(api)
    for kind, target in (("gold", "pi_1"), ("missing_line", None), ("reserve_held", None)):
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            plant(sandbox, account, kind, target)
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        plant(sandbox, account, "missing_line", "pi_nobody")


def test_the_contract_is_told(sandbox: SandboxProcess) -> None:
    told = sandbox.control("GET", "fees")
    assert told["fees"]["card"] == {"basis_points": 399, "fixed": 39}
    assert (told["fees"]["boleto"]["fixed"], told["dispute_fee"]) == (345, 5500)


def test_every_kind_is_in_the_readme() -> None:
    words = (ROOT / "sandbox/payments/README.md").read_text()
    for kind in (*planting.KINDS, *faults.PAYOUT_KINDS, *faults.LISTING_KINDS):
        assert f"`{kind}`" in words


def test_pix_lines_are_planted_on_like_any(sandbox: SandboxProcess, api: stripe.StripeClient, account: str) -> None:
    intent = ask(api)
    sandbox.pay_pix(intent.id)
    plant(sandbox, account, "fee_differs", intent.id, amount=5)
    assert lines(sandbox, account) == [("charge", 12990, 160)]
