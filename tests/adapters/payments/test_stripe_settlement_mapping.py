"""Stripe's settlements in our words, without any network."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.payments.stripe import settlement_mapping as mapping
from ports.settlements import DisputeStatus, LineCategory, PayoutStatus
from tests.contracts.payment_gateway import brl


def line(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "txn_1",
        "amount": 12990,
        "fee": 557,
        "net": 12433,
        "currency": "brl",
        "created": 1_795_000_000,
        "available_on": 1_795_132_800,
        "reporting_category": "charge",
        "type": "charge",
        "source": "ch_1",
        "description": None,
    }
    return {**values, **changes}


@pytest.mark.parametrize(
    ("told", "amount", "category"),
    [
        ("charge", 1, LineCategory.CHARGE),
        ("partial_capture_reversal", -1, LineCategory.CAPTURE_REVERSAL),
        ("refund", -1, LineCategory.REFUND),
        ("refund_failure", 1, LineCategory.REFUND_FAILURE),
        ("dispute", -1, LineCategory.DISPUTE),
        ("dispute_reversal", 1, LineCategory.DISPUTE_REVERSAL),
        ("fee", -1, LineCategory.FEE),
        ("network_cost", -1, LineCategory.FEE),
        ("payout", -1, LineCategory.PAYOUT),
        ("payout_reversal", 1, LineCategory.PAYOUT_REVERSAL),
        ("risk_reserved_funds", -1, LineCategory.RESERVE),
        ("risk_reserved_funds", 1, LineCategory.RESERVE_RELEASE),
        ("charge_failure", -1, LineCategory.OTHER),
        ("a_category_of_next_year", 1, LineCategory.OTHER),
    ],
)
def test_categories(told: str, amount: int, category: LineCategory) -> None:
    seen = mapping.line(line(reporting_category=told, amount=amount))
    assert (seen.category, seen.raw_category) == (category, told)


def test_a_line_with_its_source_named_only() -> None:
    seen = mapping.line(line())
    assert (seen.gross, seen.fee, seen.net) == (brl(12990), brl(557), brl(12433))
    assert (seen.source_reference, seen.tender_reference, seen.merchant_reference, seen.method) == (
        "ch_1", None, None, None)  # fmt: skip
    assert seen.created_at == datetime.fromtimestamp(1_795_000_000, UTC)
    assert seen.available_on == date(2026, 11, 20)


@pytest.mark.parametrize("source", [None, {"id": "ch_1"}, {"id": "ch_1", "metadata": None, "object": "charge"}])
def test_a_source_that_tells_nothing_of_us(source: Any) -> None:
    assert mapping.line(line(source=source)).merchant_reference is None


def test_a_source_that_tells_whose_it_is() -> None:
    charge = {"id": "ch_1", "object": "charge", "payment_intent": {"id": "pi_1"}, "metadata": {"payment_id": "p"},
              "payment_method_details": {"type": "pix"}}  # fmt: skip
    seen = mapping.line(line(source=charge), "po_1")
    assert (seen.tender_reference, seen.merchant_reference, seen.method) == ("pi_1", "p", "pix")
    assert seen.payout_reference == "po_1"
    refund = {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "metadata": {"operation_id": "o"},
              "destination_details": {"type": "card"}}  # fmt: skip
    seen = mapping.line(line(source=refund))
    assert (seen.tender_reference, seen.merchant_reference, seen.method) == ("pi_1", "o", "card")


@pytest.mark.parametrize("member", ["id", "amount", "fee", "net", "currency", "created", "available_on"])
def test_a_line_without_a_member_is_nonsense(member: str) -> None:
    told = line()
    del told[member]
    with pytest.raises(mapping.Nonsense, match=member):
        mapping.line(told)


@pytest.mark.parametrize("wrong", [{"created": "soon"}, {"amount": "12"}, {"currency": None}, {"available_on": 10**30}])
def test_a_line_with_a_wrong_member_is_nonsense(wrong: dict[str, Any]) -> None:
    with pytest.raises(mapping.Nonsense):
        mapping.line(line(**wrong))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("pending", PayoutStatus.ANNOUNCED),
        ("in_transit", PayoutStatus.IN_TRANSIT),
        ("paid", PayoutStatus.PAID),
        ("failed", PayoutStatus.FAILED),
        ("canceled", PayoutStatus.CANCELLED),
        ("a_status_of_next_year", PayoutStatus.ANNOUNCED),
    ],
)
def test_payouts(told: str, status: PayoutStatus) -> None:
    payout = {"id": "po_1", "amount": 5000, "currency": "brl", "status": told, "arrival_date": 1_795_132_800,
              "created": 1_795_000_000, "reconciliation_status": "completed"}  # fmt: skip
    seen = mapping.payout(payout)
    assert (seen.status, seen.complete, seen.bank_reference, seen.arrival_on) == (
        status, True, None, date(2026, 11, 20))  # fmt: skip


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("warning_needs_response", DisputeStatus.NEEDS_RESPONSE),
        ("warning_under_review", DisputeStatus.UNDER_REVIEW),
        ("warning_closed", DisputeStatus.CLOSED),
        ("needs_response", DisputeStatus.NEEDS_RESPONSE),
        ("under_review", DisputeStatus.UNDER_REVIEW),
        ("won", DisputeStatus.WON),
        ("lost", DisputeStatus.LOST),
        ("prevented", DisputeStatus.CLOSED),
        ("a_status_of_next_year", DisputeStatus.UNDER_REVIEW),
    ],
)
def test_disputes(told: str, status: DisputeStatus) -> None:
    dispute = {"id": "du_1", "amount": 5000, "currency": "brl", "status": told, "reason": "fraudulent",
               "created": 1_795_000_000, "charge": "ch_1", "payment_intent": None}  # fmt: skip
    seen = mapping.dispute(dispute)
    assert (seen.status, seen.tender_reference, seen.withdrawn, seen.evidence_due_at) == (status, "ch_1", False, None)
    taken = mapping.dispute({**dispute, "balance_transactions": [{"amount": -5000}, {"amount": 5000}]})
    assert taken.withdrawn
