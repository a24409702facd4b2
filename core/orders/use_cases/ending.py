"""What ends with an order, and what comes back to it, in the transaction of whoever learns of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core.inventory.model import ReservationOwner
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.shared.ids import OperationId
from ports.unit_of_work import Transaction


def call_off(tx: Transaction, order: Order, reason: str, now: datetime) -> None:
    """Cancel a locked order, unless that was done before, and free its stock. One that was put away comes out of the
    archive for it: its money can't come any more."""
    if order.status is OrderStatus.ARCHIVED:
        order.reopen()
    if order.status is not OrderStatus.CANCELLED:
        order.cancel(reason, now)
        tx.orders.save(order)
    tx.stock.release(ReservationOwner.ORDER, order.id)


def take_back_refunds(tx: Transaction, order: Order, refused: Collection[OperationId]) -> None:
    """These refunds moved no money: their pieces are as refundable as before."""
    if not refused:
        return
    for refund in tx.orders.refunds(order.id):
        if refund.operation_id in refused:
            order.give_back({line_id: quantity for line_id, quantity, _ in refund.lines})
    tx.orders.save(order)
