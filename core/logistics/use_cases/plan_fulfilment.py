"""Plan a fulfilment: which pieces of an order go together, and in which parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.logistics.errors import MoreThanLeft, NothingToFulfil, OrderNotOpen
from core.logistics.model import Fulfilment, FulfilmentLine, Measures, Parcel
from core.orders.axes import LineProgress
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, LineId, LocationId, OrderId, ParcelId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PlanFulfilment:
    """`quantities` are pieces by line, none of them: all that is left. `parcels` may be none where nothing is carried.

    `location_id` None is the default location.
    """

    order_id: OrderId
    quantities: Mapping[LineId, int] = field(default_factory=dict)
    parcels: tuple[Measures, ...] = ()
    location_id: LocationId | None = None


@permission("logistics.fulfilment.ship")
def plan_fulfilment(cmd: PlanFulfilment, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> FulfilmentId:
    """Plan it; nothing leaves yet. Of two people at once the second finds what the first left.

    Raises NotFound, OrderNotOpen, NothingToFulfil, MoreThanLeft.
    """
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True)
        if order.status is not OrderStatus.OPEN:
            raise OrderNotOpen()
        lines = _lines(order, tx.fulfilments.progress(order.id), cmd.quantities)
        before = tx.fulfilments.of_order(order.id)
        fulfilment = Fulfilment(
            id=FulfilmentId(ids.new()),
            order_id=order.id,
            number=1 + max((other.number for other in before), default=0),
            location_id=cmd.location_id or tx.stock.default_location(),
            lines=lines,
            parcels=[Parcel(ParcelId(ids.new()), at, size) for at, size in enumerate(cmd.parcels, start=1)],
            planned_at=clock.now(),
        )
        fulfilment.planned()
        tx.fulfilments.add(fulfilment)
        tx.answer(fulfilment_id=str(fulfilment.id))
    return fulfilment.id


def _lines(
    order: Order, progress: Mapping[LineId, LineProgress], wanted: Mapping[LineId, int]
) -> tuple[FulfilmentLine, ...]:
    asked = {line_id: count for line_id, count in wanted.items() if count}
    if not asked:
        asked = {line.id: progress[line.id].left for line in order.lines if progress[line.id].left}
    if not asked:
        raise NothingToFulfil()
    for line_id, count in asked.items():
        line = order.line(line_id)
        if line is None:
            raise NotFound("There is no such line.")
        if not 0 < count <= progress[line_id].left:
            raise MoreThanLeft(line.title, count, progress[line_id].left)
    return tuple(FulfilmentLine(line_id, count) for line_id, count in asked.items())
