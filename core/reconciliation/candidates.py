"""Which payment a line of the provider may belong to: scored by what speaks for it and against. Pure.

Whole points only: amount counts most, then a reference, then the day and the method; what is matched already or was
cancelled is less likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.shared.ids import OrderId, PaymentId
from core.shared.money import Money


class Reason(StrEnum):
    """Why a candidate may or may not be the one; the first group speaks for it, the second against."""

    SAME_AMOUNT = "same_amount"
    SAME_DAY = "same_day"
    SAME_METHOD = "same_method"
    SAME_REFERENCE = "same_reference"
    SAME_ACCOUNT = "same_account"
    OTHER_AMOUNT = "other_amount"
    OTHER_DAY = "other_day"
    OTHER_METHOD = "other_method"
    MATCHED_ALREADY = "matched_already"
    CANCELLED = "cancelled"

    @property
    def speaks_for(self) -> bool:
        return self.value.startswith("same_")


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """A payment that a line of the provider may belong to."""

    payment_id: PaymentId
    order_id: OrderId | None
    order_number: int | None
    customer: str | None
    method: str
    state: str
    amount: Money
    at: datetime
    matched: bool
    reference: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` runs from 0 to 100."""

    facts: CandidateFacts
    score: int
    reasons: Sequence[Reason]


_POINTS = {
    Reason.SAME_AMOUNT: 45,
    Reason.SAME_REFERENCE: 25,
    Reason.SAME_DAY: 20,
    Reason.SAME_METHOD: 10,
    Reason.MATCHED_ALREADY: -35,
    Reason.CANCELLED: -10,
}
_DEAD = frozenset({"voided", "expired", "declined"})


def score(facts: CandidateFacts, amount: Money, at: datetime, method: str | None, reference: str | None) -> Candidate:
    """How likely `facts` is what a line of `amount` at `at` is about.

    :param method: the line's payment method, None where the provider does not tell
    :param reference: what the provider names it by, None without
    """
    reasons = [
        Reason.SAME_AMOUNT if facts.amount == amount else Reason.OTHER_AMOUNT,
        Reason.SAME_DAY if abs(facts.at - at) <= timedelta(days=1) else Reason.OTHER_DAY,
    ]
    if method is not None:
        reasons.append(Reason.SAME_METHOD if facts.method == method else Reason.OTHER_METHOD)
    if reference is not None and facts.reference == reference:
        reasons.append(Reason.SAME_REFERENCE)
    if facts.matched:
        reasons.append(Reason.MATCHED_ALREADY)
    if facts.state in _DEAD:
        reasons.append(Reason.CANCELLED)
    points = sum(_POINTS.get(reason, 0) for reason in reasons)
    return Candidate(facts, max(0, min(100, points)), tuple(reasons))
