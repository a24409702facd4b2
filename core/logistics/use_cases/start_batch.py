"""Put goods of many orders together: plan what is left of each, and have prices asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from core.logistics.batch import Batch, BatchRow
from core.logistics.choosing import Choice
from core.logistics.errors import NothingToBatch, NothingToFulfil
from core.logistics.lifecycle import FulfilmentState
from core.logistics.packing import measures_of, packed_grams
from core.logistics.use_cases.plan_fulfilment import PlanFulfilment, plan_fulfilment
from core.logistics.use_cases.planning import left_of
from core.shared.errors import Conflict, CoreError, NotFound, Rejected
from core.shared.ids import BatchId, BatchRowId, FulfilmentId, OrderId, ParcelId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import Transaction, UnitOfWork

Place: TypeAlias = "tuple[OrderId, FulfilmentId, ParcelId]"


@dataclass(frozen=True, slots=True)
class StartBatch:
    """`box` is length, width and height in mm for parcels that are planned now; None takes the store's."""

    order_ids: tuple[OrderId, ...]
    created_by: str
    choice: Choice = Choice.CHEAPEST_IN_TIME
    box: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The batch, and why orders are not in it."""

    number: int
    refused: Mapping[OrderId, CoreError] = field(default_factory=dict)


@permission("logistics.fulfilment.ship")
def start_batch(cmd: StartBatch, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> Started:
    """Each order for itself: one that can't be sent stops no other. What is planned already and has no label comes
    along; a parcel is in one open batch at most.

    Raises NothingToBatch when none is left.
    """
    places: list[Place] = []
    refused: dict[OrderId, CoreError] = {}
    for order_id in cmd.order_ids:
        try:
            places += _prepare(order_id, cmd.box, uow, clock, ids)
        except (Conflict, Rejected, NotFound) as refusal:
            refused[order_id] = refusal
    with uow() as tx:
        rows = _rows(tx, places, ids)
        if not rows:
            raise NothingToBatch()
        batch = Batch(BatchId(ids.new()), 0, rows, cmd.created_by, clock.now(), cmd.choice)
        batch.announce()
        tx.batches.add(batch)
    return Started(batch.number, refused)


def _prepare(
    order_id: OrderId, box: tuple[int, int, int] | None, uow: UnitOfWork, clock: Clock, ids: Ids
) -> Sequence[Place]:
    """Plan what is left of an order, unless no parcel carries any of that; all its parcels that could be labelled."""
    with uow() as tx:
        order = tx.orders.get(order_id)
        left = left_of(tx, order) if left_of(tx, order, carried=True) else {}
        size = box or tx.stores.current().box
        known = {
            (fulfilment.id, parcel.id)
            for fulfilment in tx.fulfilments.of_order(order_id)
            if fulfilment.state is FulfilmentState.PLANNED
            for parcel in fulfilment.parcels
            if parcel.tracking_number is None
        }
    if not left and not known:
        raise NothingToFulfil()
    if left:
        weights = {line.id: line.weight_grams for line in order.lines}
        parcels = (measures_of(packed_grams(left, weights), size),)
        planned = plan_fulfilment(PlanFulfilment(order_id, left, parcels), uow=uow, clock=clock, ids=ids)
        with uow() as tx:
            known |= {(planned, parcel.id) for parcel in tx.fulfilments.get(planned).parcels}
    return [(order_id, fulfilment_id, parcel_id) for fulfilment_id, parcel_id in sorted(known)]


def _rows(tx: Transaction, places: Sequence[Place], ids: Ids) -> list[BatchRow]:
    taken = tx.batches.in_open_batches([parcel_id for _, _, parcel_id in places])
    free = [place for place in places if place[2] not in taken]
    return [BatchRow(BatchRowId(ids.new()), at, *place) for at, place in enumerate(free, start=1)]
