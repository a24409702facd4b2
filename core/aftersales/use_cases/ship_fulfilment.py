"""Send goods off. Where the store takes the money as goods leave, it is taken first; without it they stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.logistics.errors import NotCaptured
from core.logistics.lifecycle import FulfilmentState
from core.logistics.use_cases.leaving import refuse_to_send, send_off
from core.logistics.use_cases.locking import lock_fulfilment
from core.payments.errors import OperationInFlight
from core.payments.lifecycle import Operation, Outcome, PaymentState
from core.payments.model import Payment
from core.payments.use_cases.capture_payment import CapturePayment, CaptureRefused, capture
from core.shared.errors import Conflict, CoreError
from core.shared.ids import FulfilmentId, OrderId
from core.shared.permission import permission
from core.stores.model import CapturePolicy
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import PaymentGateways
from ports.unit_of_work import Transaction, UnitOfWork


class OrderEnding(Conflict):
    """The order is being cancelled: the provider is asked to let the money go."""

    code = "order_ending"


@dataclass(frozen=True, slots=True)
class ShipFulfilment:
    """Staff say that the goods of a planned fulfilment leave."""

    fulfilment_id: FulfilmentId


@permission("logistics.fulfilment.ship")
def ship_fulfilment(
    cmd: ShipFulfilment, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> FulfilmentState:
    """The goods leave: stock falls, the order says so.

    Of two people at once one sends, the other is told that it is shipped.
    Raises NotFound, TransitionRefused unless it is planned, OrderNotOpen, OrderEnding, MoreThanLeft, LabelUnsettled,
    and NotCaptured when the money to be taken first was declined or nobody knows yet whether it was.
    """
    return send(cmd.fulfilment_id, uow=uow, gateways=gateways, clock=clock, ids=ids, whole=True)


@dataclass(frozen=True, slots=True)
class ShipMany:
    """The goods of several planned fulfilments leave, each for itself."""

    fulfilment_ids: tuple[FulfilmentId, ...]


@permission("logistics.fulfilment.ship")
def ship_many(
    cmd: ShipMany, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> Mapping[FulfilmentId, CoreError | None]:
    """Send one after the other; why each of them stays, None where it left. What one refuses stops no other."""
    ended: dict[FulfilmentId, CoreError | None] = {}
    for fulfilment_id in cmd.fulfilment_ids:
        try:
            send(fulfilment_id, uow=uow, gateways=gateways, clock=clock, ids=ids, whole=False)
            ended[fulfilment_id] = None
        except CoreError as refusal:
            ended[fulfilment_id] = refusal
    return ended


def send(
    fulfilment_id: FulfilmentId,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    whole: bool,
) -> FulfilmentState:
    """`ship_fulfilment`; `whole` tells that it is all that was asked for, so that a repeat of the request is answered
    with it."""
    with uow() as tx:
        order, fulfilment = lock_fulfilment(tx, fulfilment_id)
        refuse_to_send(tx, order, fulfilment)
        payments = _payments(tx, order.id)
        first = tx.stores.current().capture_policy is CapturePolicy.AT_FULFILMENT
        captures = [_wish(payment, fulfilment.id) for payment in payments if first and _authorised(payment)]
    for wish in captures:
        _capture(wish, uow=uow, gateways=gateways, clock=clock, ids=ids)
    with uow() as tx:
        order, fulfilment = lock_fulfilment(tx, fulfilment_id)
        _payments(tx, order.id)
        send_off(tx, order, fulfilment, clock.now())
        if whole:
            tx.answer(fulfilment_id=str(fulfilment.id))
    return fulfilment.state


def _payments(tx: Transaction, order_id: OrderId) -> Sequence[Payment]:
    """The order's payments. Raises OrderEnding while one is being let go: then the order is about to be cancelled."""
    payments = tx.payments.of_order(order_id)
    if any(payment.letting_go for payment in payments):
        raise OrderEnding()
    return payments


def _authorised(payment: Payment) -> bool:
    return payment.state is PaymentState.AUTHORISED and payment.manual_capture


def _wish(payment: Payment, fulfilment_id: FulfilmentId) -> CapturePayment:
    """All of the tender, with the first goods: what is left of an authorisation lapses."""
    return CapturePayment(payment.id, payment.operations.next_key(Operation.CAPTURE, f"fulfilment-{fulfilment_id}"))


def _capture(wish: CapturePayment, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids) -> None:
    """Take the money. Raises NotCaptured."""
    try:
        outcome = capture(wish, uow=uow, gateways=gateways, clock=clock, ids=ids, whole=False)
    except CaptureRefused as refusal:
        raise NotCaptured(f"The goods stay: {refusal.message}", declined=True) from refusal
    except OperationInFlight as flight:
        raise NotCaptured("The goods stay: an earlier capture is not answered yet.", declined=False) from flight
    if outcome is Outcome.DECLINED:
        raise NotCaptured("The goods stay: the provider refuses to capture.", declined=True)
    if outcome is not Outcome.SUCCEEDED:
        raise NotCaptured("The goods stay: the provider does not say yet whether the money came.", declined=False)
