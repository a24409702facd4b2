"""Take an order out of the archive."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import OrderId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReopenOrder:
    order_id: OrderId


@permission("orders.order.archive")
def reopen_order(cmd: ReopenOrder, /, *, uow: UnitOfWork) -> None:
    """Make an archived order open again. Raises NotFound, TransitionRefused unless it is archived."""
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True)
        order.reopen()
        tx.orders.save(order)
