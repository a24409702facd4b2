"""Settlements: what a payment provider tells of the money it holds and pays out for one account.

Facts of the provider, page by page; nothing here is believed to be complete, in order, or told once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from core.shared.money import Money

T = TypeVar("T")


class LineCategory(StrEnum):
    """What a line is about, after the provider's own reporting category. OTHER keeps the raw word and is raised."""

    CHARGE = "charge"
    CAPTURE_REVERSAL = "capture_reversal"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    FEE = "fee"
    PAYOUT = "payout"
    PAYOUT_REVERSAL = "payout_reversal"
    RESERVE = "reserve"
    RESERVE_RELEASE = "reserve_release"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One movement of the provider's balance. `net = gross - fee`; money leaving the balance is negative.

    `external_id` is the provider's, `source_reference` the object it is about (charge, refund, dispute, payout),
    `tender_reference` the tender as `PaymentGateway` names it where the provider tells, `merchant_reference` our
    payment or operation id as it echoes it, `payout_reference` the payout that carries it, once known.
    """

    external_id: str
    category: LineCategory
    raw_category: str
    gross: Money
    fee: Money
    net: Money
    created_at: datetime
    available_on: date
    source_reference: str | None = None
    tender_reference: str | None = None
    merchant_reference: str | None = None
    payout_reference: str | None = None
    method: str | None = None
    description: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


class PayoutStatus(StrEnum):
    """A transfer to the merchant's bank. PAID may still turn into FAILED within some days."""

    ANNOUNCED = "announced"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PayoutSeen:
    """A payout as the provider tells it. `bank_reference` is the trace on the bank statement; `complete` is True
    once the provider says that all its lines are known."""

    reference: str
    amount: Money
    status: PayoutStatus
    arrival_on: date
    created_at: datetime
    bank_reference: str | None = None
    failure_code: str | None = None
    complete: bool = False


class DisputeStatus(StrEnum):
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A chargeback or an inquiry. `withdrawn` is True when the provider took the money out of the balance."""

    reference: str
    tender_reference: str
    amount: Money
    status: DisputeStatus
    reason: str
    created_at: datetime
    withdrawn: bool
    evidence_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SettlementPage(Generic[T]):
    """A page in the provider's order. `next` continues after it, None at the end. `failed` says why there is no
    page (time-out, server error, nonsense); `retry_after` is in seconds."""

    items: Sequence[T] = ()
    next: str | None = None
    failed: str | None = None
    retry_after: int | None = None


class SettlementSource(Protocol):
    """The settlement side of one account at a provider. No method may be called inside a transaction, and none
    raises for what the provider answers."""

    def payouts(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[PayoutSeen]:
        """Payouts created at or after `since`."""
        ...

    def payout(self, reference: str) -> SettlementPage[PayoutSeen]:
        """One payout as it is now."""
        ...

    def lines(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        """Lines of the balance created at or after `since`, whether paid out or not."""
        ...

    def payout_lines(self, reference: str, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        """The lines that a payout carries, itself included."""
        ...

    def disputes(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[DisputeSeen]:
        """Disputes created at or after `since`."""
        ...
