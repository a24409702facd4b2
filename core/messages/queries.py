"""What staff see of messages, deliveries and the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.messages.deliveries import DeliveryState
from core.messages.model import Message
from core.shared.ids import DeliveryId, MessageId, OrderId
from core.shared.permission import permission
from ports.messages import (
    DeliveryDetail,
    DeliveryQueries,
    DeliveryRow,
    MessageQueries,
    MessageRow,
    QueueRow,
    ScheduleRow,
)
from ports.paging import Page, PageRequest


class DeliveryTab(StrEnum):
    """The views of the deliveries page. `retrying`: failed at least once and will be tried again."""

    DEAD = "dead"
    RETRYING = "retrying"
    WAITING = "waiting"
    DONE = "done"


_STATES: Mapping[DeliveryTab, tuple[tuple[DeliveryState, ...], bool]] = {
    DeliveryTab.DEAD: ((DeliveryState.DEAD,), False),
    DeliveryTab.RETRYING: ((DeliveryState.WAITING, DeliveryState.LEASED), True),
    DeliveryTab.WAITING: ((DeliveryState.WAITING, DeliveryState.LEASED), False),
    DeliveryTab.DONE: ((DeliveryState.DONE, DeliveryState.DISCARDED), False),
}


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    tab: DeliveryTab = DeliveryTab.DEAD
    page: PageRequest = field(default_factory=PageRequest)


@permission("messages.delivery.read")
def list_deliveries(filter_: ListDeliveries, /, *, delivery_queries: DeliveryQueries) -> Page[DeliveryRow]:
    """Deliveries of one view, newest first. Raises Invalid for a cursor that is none."""
    states, failed = _STATES[filter_.tab]
    return delivery_queries.list(states, failed, filter_.page)


@dataclass(frozen=True, slots=True)
class GetDelivery:
    delivery_id: DeliveryId


@permission("messages.delivery.read")
def get_delivery(filter_: GetDelivery, /, *, delivery_queries: DeliveryQueries) -> DeliveryDetail:
    """One delivery with its payload. Raises NotFound."""
    return delivery_queries.get(filter_.delivery_id)


@dataclass(frozen=True, slots=True)
class WatchQueues:
    """Asks for what waits."""


@dataclass(frozen=True, slots=True)
class Queues:
    """What waits: `dead` and `retrying` deliveries, and the rest by subscriber."""

    dead: int
    retrying: int
    rows: Sequence[QueueRow]


@permission("messages.delivery.read")
def watch_queues(_: WatchQueues, /, *, delivery_queries: DeliveryQueries) -> Queues:
    """Counts of what waits or is dead in the bound store."""
    counts = delivery_queries.counts()
    return Queues(counts["dead"], counts["retrying"], delivery_queries.queues())


@dataclass(frozen=True, slots=True)
class ListSchedules:
    """Asks for the whole schedule."""


@permission("messages.delivery.read")
def list_schedules(_: ListSchedules, /, *, delivery_queries: DeliveryQueries) -> Sequence[ScheduleRow]:
    """The scheduled jobs of the deployment with their last run."""
    return delivery_queries.schedules()


@dataclass(frozen=True, slots=True)
class ListMessages:
    """The mailbox; `recipient` is a complete address."""

    recipient: str | None = None
    page: PageRequest = field(default_factory=PageRequest)


@permission("messages.message.read")
def list_messages(filter_: ListMessages, /, *, message_queries: MessageQueries) -> Page[MessageRow]:
    """Messages to customers, newest first. Raises Invalid for a cursor that is none."""
    return message_queries.list(filter_.recipient, filter_.page)


@dataclass(frozen=True, slots=True)
class ListOrderMessages:
    order_id: OrderId


@permission("messages.message.read")
def list_order_messages(filter_: ListOrderMessages, /, *, message_queries: MessageQueries) -> Sequence[MessageRow]:
    """What the customer was told about an order, newest first."""
    return message_queries.of_order(filter_.order_id)


@dataclass(frozen=True, slots=True)
class GetMessage:
    message_id: MessageId


@permission("messages.message.read")
def get_message(filter_: GetMessage, /, *, message_queries: MessageQueries) -> Message:
    """One message in full. Raises NotFound."""
    return message_queries.get(filter_.message_id)
