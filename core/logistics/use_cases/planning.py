"""Which pieces of an order go together, worked out under the order's lock by whoever plans them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.logistics.errors import MoreThanLeft, NothingToFulfil, OrderNotOpen
from core.logistics.model import Fulfilment, FulfilmentLine, Measures, Parcel
from core.orders.axes import LineProgress
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, LineId, LocationId, ParcelId
from ports.ids import Ids
from ports.unit_of_work import Transaction


def plan_pieces(
    tx: Transaction,
    order: Order,
    pieces: Mapping[LineId, int],
    *,
    ids: Ids,
    now: datetime,
    parcels: Sequence[Measures] = (),
    location_id: LocationId | None = None,
) -> Fulfilment:
    """Plan `pieces` of the locked order, from `location_id` or the default location; nothing leaves yet.

    :param parcels: none where nothing is carried
    :raises OrderNotOpen: when the order was cancelled or put away
    :raises NothingToFulfil: when no piece is asked for
    :raises MoreThanLeft: of a line
    """
    if order.status is not OrderStatus.OPEN:
        raise OrderNotOpen()
    lines = _lines(order, tx.fulfilments.progress(order.id), pieces)
    before = tx.fulfilments.of_order(order.id)
    fulfilment = Fulfilment(
        id=FulfilmentId(ids.new()),
        order_id=order.id,
        number=1 + max((other.number for other in before), default=0),
        location_id=location_id or tx.stock.default_location(),
        lines=lines,
        parcels=[Parcel(ParcelId(ids.new()), at, size) for at, size in enumerate(parcels, start=1)],
        planned_at=now,
    )
    fulfilment.planned()
    tx.fulfilments.add(fulfilment)
    return fulfilment


def left_of(tx: Transaction, order: Order, *, carried: bool | None = None) -> Mapping[LineId, int]:
    """Pieces by line that nobody has planned yet; `carried` narrows them to what goes in a parcel, or what doesn't."""
    progress = tx.fulfilments.progress(order.id)
    return {
        line.id: progress[line.id].left
        for line in order.lines
        if progress[line.id].left and carried in (None, line.requires_shipping)
    }


def _lines(
    order: Order, progress: Mapping[LineId, LineProgress], wanted: Mapping[LineId, int]
) -> tuple[FulfilmentLine, ...]:
    asked = {line_id: count for line_id, count in wanted.items() if count}
    if not asked:
        raise NothingToFulfil()
    for line_id, count in asked.items():
        line = order.line(line_id)
        if line is None:
            raise NotFound("There is no such line.")
        if not 0 < count <= progress[line_id].left:
            raise MoreThanLeft(line.title, count, progress[line_id].left)
    return tuple(FulfilmentLine(line_id, count) for line_id, count in asked.items())
