"""Hand over what no parcel carries: a voucher, a lesson, a file. A fulfilment like any other, without a parcel.

An order of nothing else is handed over by itself once it is paid; beside goods that are carried, staff say it or let
it go along with them.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.aftersales.use_cases.ship_fulfilment import send
from core.logistics.use_cases.leaving import send_off
from core.logistics.use_cases.planning import left_of, plan_pieces
from core.orders.axes import PAID_UP, Tender, payment_status
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.shared.ids import FulfilmentId, OrderId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import PaymentGateways
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class HandOver:
    """Staff say that the customer has all that is left of the order and that no parcel carries."""

    order_id: OrderId


@permission("logistics.fulfilment.ship")
def hand_over(cmd: HandOver, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids) -> FulfilmentId:
    """Plan it and let it leave, the money first where the store takes it then. Of two at once the second finds
    nothing left; where the money is refused it stays planned, to be sent like any other.

    Raises NotFound, OrderNotOpen, NothingToFulfil, OrderEnding, NotCaptured.
    """
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True)
        planned = plan_pieces(tx, order, left_of(tx, order, carried=False), ids=ids, now=clock.now())
    send(planned.id, uow=uow, gateways=gateways, clock=clock, ids=ids, whole=True)
    return planned.id


@dataclass(frozen=True, slots=True)
class HandOverPaid:
    """The order was placed, or money came for it; None: for no order."""

    order_id: OrderId | None


@permission("logistics.fulfilment.hand_over")
def hand_over_paid(cmd: HandOverPaid, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> None:
    """Hand over an order of which nothing is carried and everything is paid, unless staff have begun with it.

    Called again it does nothing. Raises NotFound.
    """
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True) if cmd.order_id is not None else None
        if order is not None and _goes_by_itself(tx, order):
            planned = plan_pieces(tx, order, left_of(tx, order), ids=ids, now=clock.now())
            send_off(tx, order, planned, clock.now())
        tx.finish()


def _goes_by_itself(tx: Transaction, order: Order) -> bool:
    if order.status is not OrderStatus.OPEN or order.travels or tx.fulfilments.of_order(order.id):
        return False
    tenders = [
        Tender(payment.state.value, payment.authorised.minor, payment.captured.minor, payment.refunded.minor)
        for payment in tx.payments.of_order(order.id)
    ]
    return payment_status(order.total.minor, tenders) in PAID_UP and bool(left_of(tx, order))
