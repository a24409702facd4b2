"""Stripe's balance transactions, payouts and disputes in our words: pure translation.

Lines go by their reporting category, as types mix things: https://docs.stripe.com/reports/reporting-categories. Days
are named by midnight UTC: https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-available_on
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from core.shared.money import Money
from ports.settlements import DisputeSeen, DisputeStatus, LineCategory, PayoutSeen, PayoutStatus, SettlementLine

P = ParamSpec("P")
T = TypeVar("T")
Told = Mapping[str, Any]


class Nonsense(Exception):
    """An object without what makes it one."""


_CATEGORIES = {
    "charge": LineCategory.CHARGE,
    "partial_capture_reversal": LineCategory.CAPTURE_REVERSAL,
    "refund": LineCategory.REFUND,
    "refund_failure": LineCategory.REFUND_FAILURE,
    "dispute": LineCategory.DISPUTE,
    "dispute_reversal": LineCategory.DISPUTE_REVERSAL,
    "fee": LineCategory.FEE,
    "network_cost": LineCategory.FEE,
    "payout": LineCategory.PAYOUT,
    "payout_reversal": LineCategory.PAYOUT_REVERSAL,
}
_RESERVED = "risk_reserved_funds"  # held when negative, released when positive

_PAYOUTS = {
    "pending": PayoutStatus.ANNOUNCED,
    "in_transit": PayoutStatus.IN_TRANSIT,
    "paid": PayoutStatus.PAID,
    "failed": PayoutStatus.FAILED,
    "canceled": PayoutStatus.CANCELLED,
}

_DISPUTES = {
    "warning_needs_response": DisputeStatus.NEEDS_RESPONSE,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "warning_closed": DisputeStatus.CLOSED,
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
    "prevented": DisputeStatus.CLOSED,
}


def _sensible(translate: Callable[P, T]) -> Callable[P, T]:
    """A missing or malformed member becomes Nonsense, which names it."""

    @wraps(translate)
    def translated(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return translate(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
            raise Nonsense(f"{type(error).__name__} {error}") from error

    return translated


@_sensible
def line(item: Told, payout: str | None = None) -> SettlementLine:
    """A balance transaction with its source expanded. payout: the one whose lines were asked for, as a line does not
    name it. Raises Nonsense."""
    currency = item["currency"].upper()
    raw = item["reporting_category"]
    source = item.get("source")
    about: Told = source if isinstance(source, dict) else {}
    reference = str(source["id"]) if isinstance(source, dict) else source
    return SettlementLine(
        external_id=item["id"],
        category=_category(raw, item["amount"]),
        raw_category=raw,
        gross=Money(item["amount"], currency),
        fee=Money(item["fee"], currency),
        net=Money(item["net"], currency),
        created_at=_instant(item["created"]),
        available_on=_day(item["available_on"]),
        source_reference=reference,
        tender_reference=_id(about.get("payment_intent")),
        merchant_reference=_ours(about),
        payout_reference=payout or (reference if raw == "payout" else None),
        method=_method(about),
        description=item.get("description") or "",
        raw=_told(item, reference),
    )


def _category(raw: str, amount: int) -> LineCategory:
    if raw == _RESERVED:
        return LineCategory.RESERVE if amount < 0 else LineCategory.RESERVE_RELEASE
    return _CATEGORIES.get(raw, LineCategory.OTHER)


def _ours(source: Told) -> str | None:
    """Our operation of a refund, our payment of a charge, as its metadata echo it."""
    metadata = source.get("metadata") or {}
    return metadata.get("operation_id") or metadata.get("payment_id")


def _method(source: Told) -> str | None:
    if source.get("object") == "charge":
        return (source.get("payment_method_details") or {}).get("type")
    if source.get("object") == "refund":
        return (source.get("destination_details") or {}).get("type")
    return None


def _told(item: Told, reference: str | None) -> Mapping[str, Any]:
    """The line as it was told, without what it is about: names and addresses of payers are not ours to keep here."""
    return {**item, "source": reference}


@_sensible
def payout(item: Told) -> PayoutSeen:
    """A payout. An unknown status is one that is announced: only what is said outright is final. Raises Nonsense."""
    return PayoutSeen(
        reference=item["id"],
        amount=Money(item["amount"], item["currency"].upper()),
        status=_PAYOUTS.get(item["status"], PayoutStatus.ANNOUNCED),
        arrival_on=_day(item["arrival_date"]),
        created_at=_instant(item["created"]),
        bank_reference=(item.get("trace_id") or {}).get("value"),
        failure_code=item.get("failure_code"),
        complete=item.get("reconciliation_status") == "completed",
    )


@_sensible
def dispute(item: Told) -> DisputeSeen:
    """A dispute or an inquiry; an unknown status is under review. Its tender is the payment intent, or the charge of
    a payment that has none. Raises Nonsense."""
    due = (item.get("evidence_details") or {}).get("due_by")
    return DisputeSeen(
        reference=item["id"],
        tender_reference=_id(item.get("payment_intent")) or str(_id(item["charge"])),
        amount=Money(item["amount"], item["currency"].upper()),
        status=_DISPUTES.get(item["status"], DisputeStatus.UNDER_REVIEW),
        reason=item["reason"],
        created_at=_instant(item["created"]),
        withdrawn=any(each["amount"] < 0 for each in item.get("balance_transactions") or ()),
        evidence_due_at=_instant(due) if due else None,
    )


def _id(named: Any) -> str | None:
    """The id of an object that is named or whole."""
    found: str | None = named["id"] if isinstance(named, dict) else named
    return found


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(seconds: int) -> date:
    return _instant(seconds).date()
