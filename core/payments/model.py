"""A payment: one tender at one provider, its operations and the facts about its money.

Requests are guarded (never refund more than was captured, one capture at a time); facts the provider tells are
recorded whatever they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.payments.errors import (
    CaptureTooLarge,
    NothingReceived,
    NothingToCapture,
    OperationInFlight,
    OverRefund,
    ReceivedBefore,
)
from core.payments.events import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentDeclinedByProvider,
    PaymentEvent,
    PaymentExpired,
    PaymentVoided,
    RefundFailed,
    RefundRequested,
    RefundSucceeded,
)
from core.payments.lifecycle import (
    PAYMENT_LIFECYCLE,
    Operation,
    OperationState,
    Outcome,
    PaymentState,
)
from core.payments.operations import OBSERVED, PaymentOperation
from core.shared.events import Event
from core.shared.ids import CartId, OperationId, OrderId, PaymentAccountId, PaymentId
from core.shared.money import Money
from core.shared.text import fold


def _bank_key(reference: str) -> str:
    """Keys are unique per payment and kind, so the database holds a transfer to one recording."""
    return f"bank:{fold(reference)}"


@dataclass(slots=True)
class Payment:
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
    operations: list[PaymentOperation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        zero = Money.zero(self.amount.currency)
        for name in ("authorised", "captured", "refunded"):
            if getattr(self, name).currency == "XXX":
                setattr(self, name, zero)

    # -- what is asked for ---------------------------------------------------------------------------------

    @property
    def refunding(self) -> Money:
        """What live refunds amount to, ours and those made elsewhere: given back or being given back."""
        live = (o.amount for o in self.operations if o.kind is Operation.REFUND and o.live)
        return Money.total(live, self.amount.currency)

    @property
    def refundable(self) -> Money:
        """What may still be given back; never negative, whatever was given back elsewhere."""
        return max(self.captured - self.refunding, Money.zero(self.amount.currency))

    @property
    def letting_go(self) -> bool:
        """The provider is being asked to cancel and has not answered: what it tells of the tender may be over."""
        return any(o.kind is Operation.VOID and o.unsettled for o in self.operations)

    @property
    def refused_refunds(self) -> frozenset[OperationId]:
        """The refunds that moved no money in the end."""
        refused = OperationState.DECLINED
        return frozenset(o.id for o in self.operations if o.kind is Operation.REFUND and o.state is refused)

    @property
    def cancel_reason(self) -> str | None:
        """Why the order was to be cancelled by the void that succeeded; None when none was asked for that."""
        done = (o for o in self.operations if o.kind is Operation.VOID and o.state is OperationState.SUCCEEDED)
        return next((o.details["cancel_order"] for o in done if "cancel_order" in o.details), None)

    @property
    def capturable(self) -> Money:
        """What is authorised and not yet captured. Money that staff see come in is received, not captured."""
        if self.state is not PaymentState.AUTHORISED:
            return Money.zero(self.amount.currency)
        return self.authorised

    def request_capture(self, id_: OperationId, amount: Money, key: str, at: datetime) -> PaymentOperation:
        """Note the intent to capture `amount`. Raises NothingToCapture, CaptureTooLarge or OperationInFlight."""
        if same := self._same_request(Operation.CAPTURE, key):
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
        if same := self.received_as(wish):
            return same
        if self.received_for(reference):
            raise ReceivedBefore()
        self._refuse_in_flight(Operation.VOID)
        reference = reference.strip()
        key = _bank_key(reference) if reference else f"hand:{wish}"
        operation = PaymentOperation(
            id_, Operation.CAPTURE, OperationState.SUCCEEDED, amount, key, at, reference or None, finished_at=at
        )
        operation.details = {"wish": wish}
        self.operations.append(operation)
        self._move(Operation.CAPTURE, Outcome.SUCCEEDED)
        self.captured = self.captured + amount
        self.events.append(PaymentCaptured(self.id, self.order_id, self.method, operation.id, amount))
        return operation

    def received_as(self, wish: str) -> PaymentOperation | None:
        """What was recorded by hand under that name."""
        return next((o for o in self.operations if o.details.get("wish") == wish), None)

    def received_for(self, reference: str) -> PaymentOperation | None:
        """What was recorded by hand with the bank's `reference`; None for an empty one."""
        return self._same_request(Operation.CAPTURE, _bank_key(reference)) if reference.strip() else None

    def request_void(
        self, id_: OperationId, key: str, at: datetime, *, expired: bool = False, cancel_order: str | None = None
    ) -> PaymentOperation:
        """Note the intent to let an authorisation or an awaited payment go. Raises OperationInFlight.

        `expired`: because its time is over. `cancel_order`: the reason to cancel the order for, once it is let go;
        kept with the request, so that whoever learns the outcome finishes what was begun.
        """
        if same := self._same_request(Operation.VOID, key):
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
        return self.request_void(id_, self.void_key("close-session"), at, expired=expired)

    def void_key(self, wish: str) -> str:
        """The key of the next attempt to let the tender go: the same until that one was refused."""
        refused = sum(o.kind is Operation.VOID and o.state is OperationState.DECLINED for o in self.operations)
        return f"{wish}-{refused + 1}"

    def request_refund(self, id_: OperationId, amount: Money, key: str, at: datetime) -> PaymentOperation:
        """Note the intent to give `amount` back. Raises OverRefund."""
        if same := self._same_request(Operation.REFUND, key):
            return same
        if amount.minor <= 0 or amount > self.refundable:
            raise OverRefund(f"At most {self.refundable.minor} minor units can be refunded.")
        operation = self._request(id_, Operation.REFUND, amount, key, at)
        self.events.append(RefundRequested(self.id, self.order_id, self.method, operation.id, amount))
        return operation

    def _same_request(self, kind: Operation, key: str) -> PaymentOperation | None:
        return next((o for o in self.operations if o.kind is kind and o.key == key), None)

    def _refuse_in_flight(self, *kinds: Operation) -> None:
        if any(o.kind in kinds and o.unsettled for o in self.operations):
            raise OperationInFlight()

    def _request(self, id_: OperationId, kind: Operation, amount: Money, key: str, at: datetime) -> PaymentOperation:
        operation = PaymentOperation(id_, kind, OperationState.REQUESTED, amount, key, at)
        self.operations.append(operation)
        self.check_at, self.checks = at + timedelta(minutes=1), 0
        return operation

    def operation(self, operation_id: UUID) -> PaymentOperation:
        return next(o for o in self.operations if o.id == operation_id)

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
        asked = next((o for o in self.operations if o.kind is Operation.CAPTURE and o.unsettled), None)
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
        for asked in [o for o in self.operations if o.kind is Operation.VOID and o.unsettled]:
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
        known = next(
            (
                o
                for o in self.operations
                if o.kind is Operation.REFUND and (o.provider_reference == reference or str(o.id) == key)
            ),
            None,
        )
        if known is None:
            known = PaymentOperation(
                new_id, Operation.REFUND, OperationState.REQUESTED, amount, f"{OBSERVED}{reference}", at
            )
            self.operations.append(known)
        self.conclude(known, outcome, at, reference=reference)

    def _move(self, operation: Operation, outcome: Outcome) -> None:
        self.state = PAYMENT_LIFECYCLE.after(self.state, (operation, outcome))

    # -- when to ask again ---------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Nothing is open: no unsettled request, and the tender itself has come to rest."""
        if any(o.unsettled for o in self.operations):
            return False
        if self.confirmed_by_hand:
            return True  # nobody but staff will ever say more
        return self.state not in (PaymentState.CREATED, PaymentState.AWAITING, PaymentState.DECLINED)

    def schedule_check(self, now: datetime) -> None:
        """Set when the janitor asks next: soon at first, then ever more rarely, never once settled. An authorisation
        is looked at once a day, because it lapses at the provider by itself and word of that may get lost."""
        if self.settled:
            lapses = self.state is PaymentState.AUTHORISED and not self.confirmed_by_hand
            self.check_at = now + timedelta(days=1) if lapses else None
            return
        self.checks += 1
        self.check_at = now + timedelta(seconds=min(3600, 30 * 2 ** min(self.checks, 7)))

    def link(self, order_id: OrderId) -> None:
        """The order this payment pays; what was just learned of it belongs to that order too."""
        self.order_id = order_id
        self.events = [
            replace(event, order_id=order_id) if isinstance(event, PaymentEvent) else event for event in self.events
        ]
