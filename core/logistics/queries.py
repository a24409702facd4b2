"""Reading what is to be sent, what it costs and who carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.logistics.batch import Batch
from core.logistics.lifecycle import FulfilmentState
from core.orders.axes import LineProgress
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, LineId, OrderId, ParcelId, ShipmentId
from core.shared.permission import permission
from ports.batches import BatchGlance, BatchQueries
from ports.clock import Clock
from ports.dispatch import Box, DispatchQueries, WaitingOrder
from ports.logistics import StoredQuote
from ports.logistics_queries import CarrierAccountRow, LabelRow, LogisticsQueries, WorkRow
from ports.paging import Page, PageRequest

_BOXES = 6
_BATCHES = 8


@dataclass(frozen=True, slots=True)
class ListWork:
    states: tuple[FulfilmentState, ...] = (FulfilmentState.PLANNED,)
    page: PageRequest = field(default_factory=PageRequest)


@permission("logistics.fulfilment.read")
def list_work(filter_: ListWork, /, *, logistics_queries: LogisticsQueries) -> Page[WorkRow]:
    """Fulfilments, those planned last first. Raises Invalid for a cursor that is not one of ours."""
    return logistics_queries.worklist(filter_.states, filter_.page)


@dataclass(frozen=True, slots=True)
class GetWork:
    fulfilment_ids: tuple[FulfilmentId, ...]


@permission("logistics.fulfilment.read")
def get_work(filter_: GetWork, /, *, logistics_queries: LogisticsQueries) -> Sequence[WorkRow]:
    """These fulfilments with what is needed of their orders; unknown ones are left out."""
    return logistics_queries.work(filter_.fulfilment_ids)


@dataclass(frozen=True, slots=True)
class GetProgress:
    order_id: OrderId


@permission("logistics.fulfilment.read")
def get_progress(filter_: GetProgress, /, *, logistics_queries: LogisticsQueries) -> Mapping[LineId, LineProgress]:
    """How far each of the order's lines is, in pieces: what is `left` can be planned."""
    return logistics_queries.progress(filter_.order_id)


@dataclass(frozen=True, slots=True)
class GetQuotes:
    parcel_ids: tuple[ParcelId, ...]


@permission("logistics.fulfilment.read")
def get_quotes(filter_: GetQuotes, /, *, logistics_queries: LogisticsQueries, clock: Clock) -> Sequence[StoredQuote]:
    """The offers that can be bought now, cheapest first."""
    return logistics_queries.quotes(filter_.parcel_ids, clock.now())


@dataclass(frozen=True, slots=True)
class GetLabels:
    shipment_ids: tuple[ShipmentId, ...]


@permission("logistics.fulfilment.read")
def get_labels(filter_: GetLabels, /, *, logistics_queries: LogisticsQueries) -> Sequence[LabelRow]:
    """Where the papers are. Raises NotFound when one of them has no paper."""
    found = logistics_queries.labels(filter_.shipment_ids)
    if len(found) < len(filter_.shipment_ids):
        raise NotFound("There is no such label.")
    return found


@dataclass(frozen=True, slots=True)
class ListCarrierAccounts:
    """All of them, also those that are off."""


@permission("logistics.fulfilment.read")
def list_carrier_accounts(
    filter_: ListCarrierAccounts, /, *, logistics_queries: LogisticsQueries, clock: Clock
) -> Sequence[CarrierAccountRow]:
    """Accounts at carriers, what they may be asked and what of it was used today."""
    return logistics_queries.accounts(clock.now())


@dataclass(frozen=True, slots=True)
class ListWaiting:
    page: PageRequest = field(default_factory=PageRequest)


@permission("logistics.fulfilment.read")
def list_waiting(filter_: ListWaiting, /, *, dispatch_queries: DispatchQueries) -> Page[WaitingOrder]:
    """Orders to be sent, those placed first first. Raises Invalid for a cursor that is not one of ours."""
    return dispatch_queries.waiting(filter_.page)


@dataclass(frozen=True, slots=True)
class GetPackingHints:
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class PackingHints:
    """Grams of one piece by line, of lines that are carried; and the boxes in use, the one used last first."""

    weights: Mapping[LineId, int]
    boxes: Sequence[Box]


@permission("logistics.fulfilment.read")
def get_packing_hints(filter_: GetPackingHints, /, *, dispatch_queries: DispatchQueries) -> PackingHints:
    """What a form for a parcel begins with."""
    return PackingHints(dispatch_queries.weights(filter_.order_id), dispatch_queries.boxes(_BOXES))


@dataclass(frozen=True, slots=True)
class ListBoxes:
    """The sizes in use."""


@permission("logistics.fulfilment.read")
def list_boxes(filter_: ListBoxes, /, *, dispatch_queries: DispatchQueries) -> Sequence[Box]:
    """The one used last first."""
    return dispatch_queries.boxes(_BOXES)


@dataclass(frozen=True, slots=True)
class GetBatch:
    number: int


@permission("logistics.fulfilment.read")
def get_batch(filter_: GetBatch, /, *, batch_queries: BatchQueries) -> Batch:
    """The batch as it is now. Raises NotFound."""
    return batch_queries.batch(filter_.number)


@dataclass(frozen=True, slots=True)
class ListBatches:
    """The latest of them."""


@permission("logistics.fulfilment.read")
def list_batches(filter_: ListBatches, /, *, batch_queries: BatchQueries) -> Sequence[BatchGlance]:
    """Newest first."""
    return batch_queries.latest(_BATCHES)
