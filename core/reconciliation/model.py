"""Exceptions: money that does not fit what was expected, kept until somebody explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.shared.ids import ExceptionId, OrderId, PaymentId
from core.shared.money import Money
from core.shared.state_machine import Lifecycle


class ExceptionKind(StrEnum):
    """`late_payment`: money on a dead session or a cancelled order; `duplicate_charge`: money twice; the other two:
    more or less than was asked."""

    LATE_PAYMENT = "late_payment"
    DUPLICATE_CHARGE = "duplicate_charge"
    AMOUNT_OVER = "amount_over"
    AMOUNT_UNDER = "amount_under"


# One figure, what came less what was asked, told in one of three ways.
AMOUNT_KINDS = frozenset({ExceptionKind.DUPLICATE_CHARGE, ExceptionKind.AMOUNT_OVER, ExceptionKind.AMOUNT_UNDER})

# Why an exception was closed that nobody had to explain.
MONEY_FITS = "money_fits"
ORDER_CANCELLED = "order_cancelled"


class ExceptionState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


EXCEPTION_LIFECYCLE = Lifecycle(
    "exception",
    ExceptionState,
    {ExceptionState.OPEN},
    {
        (ExceptionState.OPEN, "resolve"): ExceptionState.RESOLVED,
        (ExceptionState.RESOLVED, "reopen"): ExceptionState.OPEN,
    },
)


@dataclass(slots=True)
class ReconciliationException:
    """`left_reference` is ours (a payment), `right_reference` the provider's; `amount` is what does not fit.

    Kind and references name the fact: the same one is raised once, another reference is another one.
    """

    id: ExceptionId
    kind: ExceptionKind
    left_reference: str
    right_reference: str
    amount: Money
    opened_at: datetime
    payment_id: PaymentId | None = None
    order_id: OrderId | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    state: ExceptionState = ExceptionState.OPEN
    resolved_at: datetime | None = None
    resolution: str | None = None
    version: int = 0

    def resolve(self, resolution: str, at: datetime) -> None:
        """Explain it. Raises TransitionRefused unless it is open."""
        self.state = EXCEPTION_LIFECYCLE.after(self.state, "resolve")
        self.resolution, self.resolved_at = resolution, at

    def restate(self, amount: Money, details: Mapping[str, Any], at: datetime) -> bool:
        """The same fact told again. With another amount it is another figure: one that was explained is open again.
        False when nothing is new."""
        if amount == self.amount:
            return False
        self.amount, self.details = amount, details
        if self.state is ExceptionState.RESOLVED:
            self.state = EXCEPTION_LIFECYCLE.after(self.state, "reopen")
            self.resolution, self.resolved_at, self.opened_at = None, None, at
        return True
