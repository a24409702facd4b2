"""Plan a fulfilment: which pieces of an order go together, and in which parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.logistics.model import Measures
from core.logistics.use_cases.planning import left_of, plan_pieces
from core.shared.ids import FulfilmentId, LineId, LocationId, OrderId
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
        wanted = {line_id: count for line_id, count in cmd.quantities.items() if count} or left_of(tx, order)
        fulfilment = plan_pieces(
            tx, order, wanted, ids=ids, now=clock.now(), parcels=cmd.parcels, location_id=cmd.location_id
        )
        tx.answer(fulfilment_id=str(fulfilment.id))
    return fulfilment.id
