"""Getting goods out of the door: what is packed, in what, and how far orders are that wait to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from core.orders.axes import FulfilmentStatus, PaymentStatus
from core.shared.ids import FulfilmentId, LineId, OrderId
from core.shared.money import Money
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class Box:
    """The outer size of a parcel in millimetres."""

    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class PackedLine:
    """`quantity` pieces of an order's line that lie in a fulfilment."""

    variant_id: UUID
    sku: str | None
    title: str
    options: Mapping[str, str]
    quantity: int


@dataclass(frozen=True, slots=True)
class PackRow:
    """A fulfilment as it is packed. `part` is its number in the order; `rest` are pieces of the order, not refunded,
    that are not in it."""

    fulfilment_id: FulfilmentId
    part: int
    order_number: int
    placed_at: datetime
    address: Mapping[str, Any] | None
    location: str
    parcels: int
    rest: int
    lines: Sequence[PackedLine]


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An open order of which pieces are left to be sent and whose money allows it. `quantity` are all its pieces.

    `planned` counts its fulfilments that are prepared and have not left; `option` is the delivery that was chosen.
    """

    id: OrderId
    number: int
    placed_at: datetime
    customer_name: str
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None
    option: Mapping[str, Any] | None
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    quantity: int
    planned: int
    total: Money


class DispatchQueries(Protocol):
    """What staff who pack and send must know."""

    def packing(self, fulfilment_ids: Sequence[FulfilmentId]) -> Sequence[PackRow]:
        """These fulfilments, by the number of their order and their own; unknown ones are left out."""
        ...

    def weights(self, order_id: OrderId) -> Mapping[LineId, int]:
        """Grams of one piece of each of the order's lines that is carried; 0: nobody knows."""
        ...

    def boxes(self, limit: int) -> Sequence[Box]:
        """Sizes of parcels in use, the one used last first."""
        ...

    def waiting(self, page: PageRequest) -> Page[WaitingOrder]:
        """Orders to be sent, those placed first first. Raises Invalid for a cursor that is not one of ours."""
        ...
