"""The facts about one tender's money: what was told of it, and how each request ended. Recorded whatever they are.

What may be asked for is `model.Payment`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.payments.events import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentDeclinedByProvider,
    PaymentExpired,
    PaymentVoided,
    RefundFailed,
    RefundSucceeded,
)
from core.payments.lifecycle import PAYMENT_LIFECYCLE, Operation, OperationState, Outcome, PaymentState
from core.payments.operations import OBSERVED, Operations, PaymentOperation
from core.shared.events import Event
from core.shared.ids import CartId, OperationId, OrderId, PaymentAccountId, PaymentId
from core.shared.money import Money


@dataclass(slots=True)
class PaymentFacts:
    """One tender. Amounts are in the payment's currency; `captured` and `refunded` are what the provider told.

    `manual_capture`: authorised first, taken later; `confirmed_by_hand`: staff record that the money came in.
    `check_at` is when the janitor asks the provider next (None: nothing is open), `expires_at` until when money is
    awaited.
    """

    id: PaymentId
    account_id: PaymentAccountId
    provider: str
    method: str
    cart_id: CartId
    session_id: UUID
    amount: Money
    manual_capture: bool
    confirmed_by_hand: bool
    created_at: datetime
    state: PaymentState = PaymentState.CREATED
    order_id: OrderId | None = None
    authorised: Money = field(default=Money(0, "XXX"))
    captured: Money = field(default=Money(0, "XXX"))
    refunded: Money = field(default=Money(0, "XXX"))
    provider_reference: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    decline_code: str | None = None
    expires_at: datetime | None = None
    check_at: datetime | None = None
    checks: int = 0
    version: int = 0
    operations: Operations = field(default_factory=Operations)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        zero = Money.zero(self.amount.currency)
        for name in ("authorised", "captured", "refunded"):
            if getattr(self, name).currency == "XXX":
                setattr(self, name, zero)

    # -- how it ended --------------------------------------------------------------------------------------

    def conclude(
        self,
        operation: PaymentOperation,
        outcome: Outcome,
        at: datetime,
        *,
        reference: str | None = None,
        code: str | None = None,
    ) -> None:
        """Record the outcome of a request. A settled operation stays as it is, except that a refund may still fail
        after it succeeded."""
        late_failure = operation.state is OperationState.SUCCEEDED and outcome is Outcome.DECLINED
        if not operation.unsettled and not (operation.kind is Operation.REFUND and late_failure):
            return
        before = operation.state
        operation.state = OperationState(outcome.value)
        operation.provider_reference = reference or operation.provider_reference
        operation.error_code = code if outcome is Outcome.DECLINED else None
        operation.finished_at = at if not operation.unsettled else None
        if operation.kind is Operation.CAPTURE and outcome is Outcome.SUCCEEDED:
            # Money is counted as it is observed; a capture that is still open here brought none of its own.
            operation.amount = Money.zero(self.amount.currency)
        elif operation.kind is Operation.REFUND:
            self._conclude_refund(operation, before, code)
        elif operation.kind is Operation.VOID and outcome is Outcome.SUCCEEDED:
            self._void(expired="expired" in operation.details)

    def _conclude_refund(self, operation: PaymentOperation, before: OperationState, code: str | None) -> None:
        event: Event | None = None
        if operation.state is OperationState.SUCCEEDED:
            self.refunded = self.refunded + operation.amount
            event = RefundSucceeded(self.id, self.order_id, self.method, operation.id, operation.amount)
        elif operation.state is OperationState.DECLINED:
            if before is OperationState.SUCCEEDED:
                self.refunded = self.refunded - operation.amount
            event = RefundFailed(self.id, self.order_id, self.method, operation.id, operation.amount, code)
        if event is not None:
            self.events.append(event)

    # -- what the provider tells ---------------------------------------------------------------------------

    def observe_waiting(self) -> None:
        """The provider waits for the money."""
        if PAYMENT_LIFECYCLE.allows(self.state, (Operation.AUTHORISE, Outcome.PENDING)):
            self._move(Operation.AUTHORISE, Outcome.PENDING)

    def observe_authorised(self, amount: Money) -> None:
        """`amount` is authorised and can be captured."""
        if self.state is PaymentState.AUTHORISED and self.authorised == amount:
            return
        if not PAYMENT_LIFECYCLE.allows(self.state, (Operation.AUTHORISE, Outcome.SUCCEEDED)):
            return
        self._move(Operation.AUTHORISE, Outcome.SUCCEEDED)
        self.authorised, self.decline_code = amount, None
        self.events.append(PaymentAuthorised(self.id, self.order_id, self.method, amount))

    def observe_declined(self, code: str | None) -> None:
        """The last try to pay was declined; another may follow."""
        if self.state is PaymentState.DECLINED and self.decline_code == code:
            return
        if not PAYMENT_LIFECYCLE.allows(self.state, (Operation.AUTHORISE, Outcome.DECLINED)):
            return
        self._move(Operation.AUTHORISE, Outcome.DECLINED)
        self.decline_code = code
        self.events.append(PaymentDeclinedByProvider(self.id, self.order_id, self.method, code))

    def observe_captured(self, total: Money, new_id: OperationId, at: datetime) -> bool:
        """The provider holds `total` captured so far. True when that is more than was known.

        What came on top of a request of ours, or without one, is an operation of its own.
        """
        more = total - self.captured
        if more.minor <= 0:
            return False
        asked = self.operations.in_flight(Operation.CAPTURE)
        if asked is None:
            key = f"{OBSERVED}{total.minor}"
            asked = PaymentOperation(new_id, Operation.CAPTURE, OperationState.REQUESTED, more, key, at)
            self.operations.append(asked)
        asked.amount, asked.state, asked.finished_at = more, OperationState.SUCCEEDED, at
        self._move(Operation.CAPTURE, Outcome.SUCCEEDED)
        self.captured, self.decline_code = total, None
        self.events.append(PaymentCaptured(self.id, self.order_id, self.method, asked.id, more))
        return True

    def observe_cancelled(self, at: datetime) -> None:
        """The tender is cancelled at the provider."""
        while asked := self.operations.in_flight(Operation.VOID):
            self.conclude(asked, Outcome.SUCCEEDED, at)
        self._void(expired=False)

    def _void(self, *, expired: bool) -> None:
        """Let go, unless it ended in another way before."""
        if expired:
            self.observe_expired()
        elif PAYMENT_LIFECYCLE.allows(self.state, (Operation.VOID, Outcome.SUCCEEDED)):
            self._move(Operation.VOID, Outcome.SUCCEEDED)
            self.events.append(PaymentVoided(self.id, self.order_id, self.method))

    def observe_expired(self) -> None:
        """The provider no longer takes money for this tender, or the shop stopped waiting."""
        if PAYMENT_LIFECYCLE.allows(self.state, (Operation.EXPIRE, Outcome.SUCCEEDED)):
            self._move(Operation.EXPIRE, Outcome.SUCCEEDED)
            self.events.append(PaymentExpired(self.id, self.order_id, self.method))

    def observe_refund(
        self,
        key: str | None,
        reference: str,
        amount: Money,
        outcome: Outcome,
        new_id: OperationId,
        at: datetime,
    ) -> None:
        """A refund as the provider tells it: ours by key (the id of our operation) or reference, or one made
        elsewhere."""
        known = self.operations.refund_told(key, reference)
        if known is None:
            known = PaymentOperation(
                new_id, Operation.REFUND, OperationState.REQUESTED, amount, f"{OBSERVED}{reference}", at
            )
            self.operations.append(known)
        self.conclude(known, outcome, at, reference=reference)

    def _move(self, operation: Operation, outcome: Outcome) -> None:
        self.state = PAYMENT_LIFECYCLE.after(self.state, (operation, outcome))
