"""What is planned comes to nothing: pieces are free to be planned again, postage is given back."""

from __future__ import annotations

from datetime import datetime

from core.logistics.errors import FulfilmentsPlanned, GoodsHaveLeft
from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.model import Fulfilment
from core.shared.ids import FulfilmentId, OrderId
from ports.unit_of_work import Transaction


def give_up_postage(tx: Transaction, fulfilment_id: FulfilmentId, now: datetime) -> None:
    """Nobody wants the labels of a fulfilment any more: what is bought is given back by the janitor, and what may be
    bought as soon as that is known."""
    for shipment in tx.shipments.of_fulfilment(fulfilment_id, lock=True):
        if shipment.state is LabelState.PURCHASED or shipment.unsettled:
            shipment.give_up(now)
            tx.shipments.save(shipment)


def call_off_fulfilment(tx: Transaction, fulfilment: Fulfilment, now: datetime, *, void_postage: bool) -> None:
    """Cancel a locked fulfilment. Raises TransitionRefused unless it is planned."""
    fulfilment.cancel(now)
    tx.fulfilments.save(fulfilment)
    if void_postage:
        give_up_postage(tx, fulfilment.id, now)


def refuse_to_cancel(tx: Transaction, order_id: OrderId, *, confirmed: bool) -> None:
    """Whether an order, locked, can be cancelled for all that its goods say.

    :param confirmed: somebody saw that parcels are prepared and agreed that they are cancelled, too
    :raises GoodsHaveLeft: when pieces have left
    :raises FulfilmentsPlanned: when parcels are prepared and nobody agreed
    """
    fulfilments = tx.fulfilments.of_order(order_id)
    if any(one.state is FulfilmentState.SHIPPED for one in fulfilments):
        raise GoodsHaveLeft()
    planned = [one for one in fulfilments if one.state is FulfilmentState.PLANNED]
    if planned and not confirmed:
        labels = [one for one in tx.shipments.of_order(order_id) if one.state is LabelState.PURCHASED]
        raise FulfilmentsPlanned(len(planned), len(labels))


def call_off_planned(tx: Transaction, order_id: OrderId, now: datetime) -> None:
    """The order, locked, is cancelled: so is what was planned for it."""
    for fulfilment in tx.fulfilments.of_order(order_id, lock=True):
        if fulfilment.state is FulfilmentState.PLANNED:
            call_off_fulfilment(tx, fulfilment, now, void_postage=True)


def goods_have_left(tx: Transaction, order_id: OrderId) -> bool:
    """Whether pieces of the order are gone, so that nothing but a person may end it."""
    return any(one.state is FulfilmentState.SHIPPED for one in tx.fulfilments.of_order(order_id))
