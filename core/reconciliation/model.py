"""Exceptions: money that does not fit what was expected, kept until somebody explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.reconciliation.kinds import ExceptionKind, Origin, Severity, severity_of
from core.shared.ids import ExceptionId, OrderId, PaymentAccountId, PaymentId, StaffId
from core.shared.money import Money
from core.shared.state_machine import Lifecycle

__all__ = [
    "AMOUNT_KINDS",
    "EXCEPTION_LIFECYCLE",
    "MONEY_FITS",
    "ORDER_CANCELLED",
    "ExceptionKind",
    "ExceptionState",
    "Origin",
    "ReconciliationException",
    "Severity",
]

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
        (ExceptionState.OPEN, "assign"): ExceptionState.OPEN,
        (ExceptionState.RESOLVED, "reopen"): ExceptionState.OPEN,
    },
)


@dataclass(slots=True)
class ReconciliationException:
    """`left_reference` is ours (a payment, a refund's operation), `right_reference` the provider's; `amount` is what
    does not fit: the value at risk.

    Kind and references name the fact: the same one is raised once, another reference is another one. `resolved_by` is
    who explained it, None for what was closed because the money fits. `owner` is who works on it.
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
    resolved_by: str | None = None
    owner: StaffId | None = None
    owner_name: str | None = None
    account_id: PaymentAccountId | None = None
    origin: Origin = Origin.PAYMENTS
    version: int = 0

    @property
    def severity(self) -> Severity:
        return severity_of(self.kind)

    def resolve(self, resolution: str, at: datetime, by: str | None = None) -> None:
        """Explain it. Raises TransitionRefused unless it is open.

        :param by: who explains it; None when nobody has to, because the money fits
        """
        self.state = EXCEPTION_LIFECYCLE.after(self.state, "resolve")
        self.resolution, self.resolved_at, self.resolved_by = resolution, at, by

    def reopen(self, at: datetime) -> None:
        """Somebody takes the explanation back. Raises TransitionRefused unless it is resolved."""
        self.state = EXCEPTION_LIFECYCLE.after(self.state, "reopen")
        self.resolution, self.resolved_at, self.resolved_by, self.opened_at = None, None, None, at

    def assign(self, owner: StaffId | None, name: str | None) -> None:
        """Hand it to somebody, or to nobody. Raises TransitionRefused unless it is open."""
        self.state = EXCEPTION_LIFECYCLE.after(self.state, "assign")
        self.owner, self.owner_name = owner, name

    def restate(self, amount: Money, details: Mapping[str, Any], at: datetime) -> bool:
        """The same fact told again. With another amount it is another figure: one that was explained is open again.
        False when nothing is new."""
        if amount == self.amount:
            return False
        self.amount, self.details = amount, details
        if self.state is ExceptionState.RESOLVED:
            self.reopen(at)
        return True
