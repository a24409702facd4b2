"""Goods leave, or come back before anybody scanned them, in the transaction of whoever says so."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from core.logistics.errors import LabelUnsettled, MoreThanLeft, OrderNotOpen
from core.logistics.lifecycle import FULFILMENT_LIFECYCLE, FulfilmentStep, LabelState
from core.logistics.model import Fulfilment
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from ports.unit_of_work import Transaction

_NOT_KNOWN = (LabelState.DRAFT, LabelState.PURCHASING, LabelState.UNKNOWN)


def refuse_to_send(tx: Transaction, order: Order, fulfilment: Fulfilment) -> None:
    """Whether these goods may leave now.

    :raises TransitionRefused: unless it is planned
    :raises OrderNotOpen: when the order was cancelled or put away
    :raises MoreThanLeft: when pieces of it were refunded since
    :raises LabelUnsettled: while it is not known whether a label was bought
    """
    FULFILMENT_LIFECYCLE.after(fulfilment.state, FulfilmentStep.SHIP)
    if order.status is not OrderStatus.OPEN:
        raise OrderNotOpen()
    progress = tx.fulfilments.progress(order.id)
    for piece in fulfilment.lines:
        line, at = order.line(piece.line_id), progress[piece.line_id]
        left = at.quantity - at.shipped - at.withdrawn
        if line is not None and piece.quantity > left:
            raise MoreThanLeft(line.title, piece.quantity, left)
    if any(one.state in _NOT_KNOWN for one in tx.shipments.of_fulfilment(fulfilment.id)):
        raise LabelUnsettled()


def send_off(tx: Transaction, order: Order, fulfilment: Fulfilment, now: datetime) -> None:
    """The goods of a locked fulfilment leave: stock falls, the order's hold on it ends, the order says so."""
    refuse_to_send(tx, order, fulfilment)
    fulfilment.ship(now)
    tx.fulfilments.save(fulfilment)
    pieces = _pieces(order, fulfilment)
    tx.stock.ship(pieces, order.id, fulfilment.location_id, fulfilment.id, _reason(order, fulfilment))
    tx.orders.refresh_axes(order.id)


def bring_back(tx: Transaction, order: Order, fulfilment: Fulfilment, now: datetime) -> None:
    """The goods of a locked fulfilment had not left after all. Raises TransitionRefused, AlreadyScanned."""
    fulfilment.reverse(now)
    tx.fulfilments.save(fulfilment)
    pieces = _pieces(order, fulfilment)
    tx.stock.take_back(pieces, order.id, fulfilment.location_id, fulfilment.id, _reason(order, fulfilment))
    tx.orders.refresh_axes(order.id)


def _pieces(order: Order, fulfilment: Fulfilment) -> Counter[UUID]:
    """Pieces by variant: two lines may hold the same."""
    pieces: Counter[UUID] = Counter()
    for piece in fulfilment.lines:
        line = order.line(piece.line_id)
        if line is not None:
            pieces[line.variant_id] += piece.quantity
    return pieces


def _reason(order: Order, fulfilment: Fulfilment) -> str:
    """What the movement says of itself: number of order and fulfilment."""
    return f"{order.number}-F{fulfilment.number}"
