"""Exceptions: money that does not fit what was expected, kept until somebody explains it."""

from __future__ import annotations

from enum import StrEnum


class ExceptionKind(StrEnum):
    """`late_payment`: money on a dead session or a cancelled order; `duplicate_charge`: money twice; the other two:
    more or less than was asked."""

    LATE_PAYMENT = "late_payment"
    DUPLICATE_CHARGE = "duplicate_charge"
    AMOUNT_OVER = "amount_over"
    AMOUNT_UNDER = "amount_under"


class ExceptionState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
