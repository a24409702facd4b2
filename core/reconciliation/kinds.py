"""Kinds of exceptions: what does not fit, how bad it is, and which decisions close it."""

from __future__ import annotations

from enum import StrEnum


class ExceptionKind(StrEnum):
    """What does not fit. Left is ours, right is the provider's.

    `missing_at_provider`: ours only, older than the provider's lag. `missing_internally`: the provider's only.
    `amount_over`, `amount_under`: more or less than we know of. `fee_mismatch`: not as the contract says.
    `duplicate_provider_line`: one movement told as two lines. `duplicate_charge`: money twice. `late_payment`: money on
    a dead session or a cancelled order. `refund_mismatch`: a refund of another amount, or one we know nothing of.
    `refund_failed`: it came back. `dispute_*`: a chargeback, how it stands. `unexpected_adjustment`: a line of a kind
    that no rule knows. `payout_short`, `payout_over`: not the sum of its lines. `payout_failed`: the bank sent it back.
    """

    LATE_PAYMENT = "late_payment"
    DUPLICATE_CHARGE = "duplicate_charge"
    AMOUNT_OVER = "amount_over"
    AMOUNT_UNDER = "amount_under"
    MISSING_AT_PROVIDER = "missing_at_provider"
    MISSING_INTERNALLY = "missing_internally"
    FEE_MISMATCH = "fee_mismatch"
    DUPLICATE_PROVIDER_LINE = "duplicate_provider_line"
    REFUND_MISMATCH = "refund_mismatch"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    UNEXPECTED_ADJUSTMENT = "unexpected_adjustment"
    PAYOUT_SHORT = "payout_short"
    PAYOUT_OVER = "payout_over"
    PAYOUT_FAILED = "payout_failed"


class Severity(StrEnum):
    """How soon somebody has to look: today, within days, when there is time."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


_HIGH = frozenset({
    ExceptionKind.MISSING_AT_PROVIDER,
    ExceptionKind.REFUND_FAILED,
    ExceptionKind.DISPUTE_OPENED,
    ExceptionKind.PAYOUT_SHORT,
    ExceptionKind.PAYOUT_FAILED,
})  # fmt: skip
_LOW = frozenset({
    ExceptionKind.FEE_MISMATCH,
    ExceptionKind.DUPLICATE_PROVIDER_LINE,
    ExceptionKind.DISPUTE_WON,
})  # fmt: skip


def severity_of(kind: ExceptionKind) -> Severity:
    """How soon an exception of `kind` has to be looked at."""
    if kind in _HIGH:
        return Severity.HIGH
    return Severity.LOW if kind in _LOW else Severity.NORMAL


class Origin(StrEnum):
    """Who raised it: the payment itself when its money moved, or a comparison with the provider's lines, which alone
    closes what it does not find any more."""

    PAYMENTS = "payments"
    RECONCILIATION = "reconciliation"
