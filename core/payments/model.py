"""A payment: one tender at one provider, its operations and the facts about its money.

Requests are guarded (never refund more than was captured, one capture at a time); facts the provider tells are
recorded whatever they are (`facts`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.payments.checking import FIRST_CHECK, OPEN_STATES, lapse_check, next_check
from core.payments.errors import (
    CaptureTooLarge,
    NothingReceived,
    NothingToCapture,
    OperationInFlight,
    OverRefund,
    ReceivedBefore,
)
from core.payments.events import PaymentCaptured, PaymentEvent, RefundRequested
from core.payments.facts import PaymentFacts
from core.payments.lifecycle import Operation, OperationState, Outcome, PaymentState
from core.payments.operations import PaymentOperation
from core.shared.ids import OperationId, OrderId
from core.shared.money import Money


@dataclass(slots=True)
class Payment(PaymentFacts):
    """One tender with what may be asked of its provider next."""

    # -- what is asked for ---------------------------------------------------------------------------------

    @property
    def refunding(self) -> Money:
        """What live refunds amount to, ours and those made elsewhere: given back or being given back."""
        return self.operations.refunding(self.amount.currency)

    @property
    def refundable(self) -> Money:
        """What may still be given back; never negative, whatever was given back elsewhere."""
        return max(self.captured - self.refunding, Money.zero(self.amount.currency))

    @property
    def letting_go(self) -> bool:
        """The provider is being asked to cancel and has not answered: what it tells of the tender may be over."""
        return self.operations.in_flight(Operation.VOID) is not None

    @property
    def capturable(self) -> Money:
        """What is authorised and not yet captured. Money that staff see come in is received, not captured."""
        if self.state is not PaymentState.AUTHORISED:
            return Money.zero(self.amount.currency)
        return self.authorised

    def request_capture(self, id_: OperationId, amount: Money, key: str, at: datetime) -> PaymentOperation:
        """Note the intent to capture `amount`. Raises NothingToCapture, CaptureTooLarge or OperationInFlight."""
        if same := self.operations.asked(Operation.CAPTURE, key):
            return same
        if not self.capturable:
            raise NothingToCapture()
        if amount.minor <= 0 or amount > self.capturable:
            raise CaptureTooLarge(f"At most {self.capturable.minor} minor units can be captured.")
        self._refuse_in_flight(Operation.CAPTURE, Operation.VOID)
        return self._request(id_, Operation.CAPTURE, amount, key, at)

    def receive(
        self, id_: OperationId, amount: Money, at: datetime, *, wish: str, reference: str = ""
    ) -> PaymentOperation:
        """Record money that staff saw come in: all of it, a part, more than was asked, or late. It is a fact, so the
        state refuses none of it.

        :param wish: names the recording: once more under the same name is the same recording
        :param reference: the bank's word for the transfer; the same one is the same money
        :raises NothingReceived: unless `amount` is more than nothing and this payment is confirmed by hand
        :raises ReceivedBefore: when the transfer of that reference is recorded already
        :raises OperationInFlight: while it is being let go
        """
        if not self.confirmed_by_hand or amount.minor <= 0:
            raise NothingReceived()
        if same := self.operations.received_as(wish):
            return same
        if self.operations.received_for(reference):
            raise ReceivedBefore()
        self._refuse_in_flight(Operation.VOID)
        operation = PaymentOperation.received(id_, amount, wish, reference, at)
        self.operations.append(operation)
        self._move(Operation.CAPTURE, Outcome.SUCCEEDED)
        self.captured = self.captured + amount
        self.events.append(PaymentCaptured(self.id, self.order_id, self.method, operation.id, amount))
        return operation

    def request_void(
        self, id_: OperationId, key: str, at: datetime, *, expired: bool = False, cancel_order: str | None = None
    ) -> PaymentOperation:
        """Note the intent to let an authorisation or an awaited payment go. Raises OperationInFlight.

        `expired`: because its time is over. `cancel_order`: the reason to cancel the order for, once it is let go;
        kept with the request, so that whoever learns the outcome finishes what was begun.
        """
        if same := self.operations.asked(Operation.VOID, key):
            return same
        self._refuse_in_flight(Operation.CAPTURE)
        operation = self._request(id_, Operation.VOID, Money.zero(self.amount.currency), key, at)
        operation.details = {"expired": True} if expired else {}
        if cancel_order is not None:
            operation.details["cancel_order"] = cancel_order
        return operation

    def request_close(self, id_: OperationId, at: datetime, *, expired: bool) -> PaymentOperation:
        """Note the intent to let a tender go because its session ends. One that was refused is asked for anew:
        under the old key the provider would repeat its refusal for ever."""
        return self.request_void(id_, self.operations.next_key(Operation.VOID, "close-session"), at, expired=expired)

    def request_refund(self, id_: OperationId, amount: Money, key: str, at: datetime) -> PaymentOperation:
        """Note the intent to give `amount` back. Raises OverRefund."""
        if same := self.operations.asked(Operation.REFUND, key):
            return same
        if amount.minor <= 0 or amount > self.refundable:
            raise OverRefund(f"At most {self.refundable.minor} minor units can be refunded.")
        operation = self._request(id_, Operation.REFUND, amount, key, at)
        self.events.append(RefundRequested(self.id, self.order_id, self.method, operation.id, amount))
        return operation

    def _refuse_in_flight(self, *kinds: Operation) -> None:
        if self.operations.in_flight(*kinds):
            raise OperationInFlight()

    def _request(self, id_: OperationId, kind: Operation, amount: Money, key: str, at: datetime) -> PaymentOperation:
        operation = PaymentOperation(id_, kind, OperationState.REQUESTED, amount, key, at)
        self.operations.append(operation)
        self.check_at, self.checks = at + FIRST_CHECK, 0
        return operation

    # -- when to ask again ---------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Nothing is open: no unsettled request, and the tender itself has come to rest."""
        if self.operations.in_flight():
            return False
        return self.confirmed_by_hand or self.state not in OPEN_STATES  # nobody but staff says more of money by hand

    def schedule_check(self, now: datetime) -> None:
        """Set when the janitor asks next: never once settled, but for an authorisation, which may lapse."""
        if self.settled:
            self.check_at = None if self.confirmed_by_hand else lapse_check(self.state, now)
            return
        self.checks += 1
        self.check_at = next_check(self.checks, now)

    def link(self, order_id: OrderId) -> None:
        """The order this payment pays; what was just learned of it belongs to that order too."""
        self.order_id = order_id
        self.events = [
            replace(event, order_id=order_id) if isinstance(event, PaymentEvent) else event for event in self.events
        ]
