"""Put an order away: it leaves the lists of what is to be done and stays found by search."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import OrderId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ArchiveOrder:
    order_id: OrderId


@permission("orders.order.archive")
def archive_order(cmd: ArchiveOrder, /, *, uow: UnitOfWork) -> None:
    """Archive an open order. Payments, stock and what is still to be done with it stay as they are.

    Raises NotFound, TransitionRefused unless it is open.
    """
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True)
        order.archive()
        tx.orders.save(order)
