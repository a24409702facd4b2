"""Shipping as staff and shoppers see it: fulfilments, parcels and what was seen of them, postage, offers, accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.model import Measures
from core.logistics.tracking import ParcelStatus
from core.orders.axes import LineProgress
from core.shared.ids import CarrierAccountId, FulfilmentId, LineId, OrderId, ParcelId, ShipmentId
from core.shared.money import Money
from ports.logistics import StoredQuote
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class TrackingRow:
    """One thing seen of a parcel. `local_time` is the carrier's own clock, `at` UTC where it is known."""

    status: ParcelStatus
    text: str
    place: str | None
    at: datetime | None
    local_time: str
    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """One purchase of postage. `paid` None: not bought or not told; `label_sha256` None: no label yet."""

    id: ShipmentId
    parcel_id: ParcelId
    account_id: CarrierAccountId
    state: LabelState
    carrier: str
    service: str
    quoted: Money
    paid: Money | None
    days: tuple[int, int] | None
    tracking_number: str | None
    label_sha256: str | None
    label_media_type: str | None
    reason: str | None
    unwanted: bool
    requested_at: datetime
    purchased_at: datetime | None

    @property
    def live(self) -> bool:
        """It is or may be paid for."""
        return self.state not in (LabelState.REFUSED, LabelState.VOIDED)


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel with what was seen of it (newest first) and its postage (oldest first)."""

    id: ParcelId
    position: int
    measures: Measures
    carrier: str | None
    service: str | None
    tracking_number: str | None
    status: ParcelStatus
    status_at: datetime | None
    doubtful: bool
    next_poll_at: datetime | None
    events: Sequence[TrackingRow]
    shipments: Sequence[ShipmentRow]

    @property
    def postage(self) -> ShipmentRow | None:
        """The postage that is or may be paid for."""
        return next((row for row in reversed(self.shipments) if row.live), None)


@dataclass(frozen=True, slots=True)
class FulfilmentRow:
    """A fulfilment as pages show it; `lines` are pieces by the order's line."""

    id: FulfilmentId
    number: int
    state: FulfilmentState
    planned_at: datetime
    shipped_at: datetime | None
    ended_at: datetime | None
    lines: Mapping[LineId, int]
    parcels: Sequence[ParcelRow]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A fulfilment on the list of what is to be sent, with what is needed of its order.

    `option` is the delivery option that the customer chose: name, price in minor units, days.
    """

    order_id: OrderId
    order_number: int
    placed_at: datetime
    customer_name: str
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None
    currency: str
    option: Mapping[str, object] | None
    fulfilment: FulfilmentRow


@dataclass(frozen=True, slots=True)
class CarrierAccountRow:
    """An account at a carrier with what tracking used of it today."""

    id: CarrierAccountId
    carrier: str
    name: str
    enabled: bool
    requests_per_second: int
    requests_per_day: int
    used_today: int
    paused_until: datetime | None
    overdue: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class LabelRow:
    """Where the paper of a label is."""

    shipment_id: ShipmentId
    order_number: int
    sha256: str
    media_type: str


class LogisticsQueries(Protocol):
    """What staff see of shipping."""

    def worklist(self, states: Sequence[FulfilmentState], page: PageRequest) -> Page[WorkRow]:
        """Fulfilments in `states`, those planned last first. Raises Invalid for a cursor that is not one of ours."""
        ...

    def work(self, fulfilment_ids: Sequence[FulfilmentId]) -> Sequence[WorkRow]:
        """These fulfilments, by the number of their order and their own."""
        ...

    def progress(self, order_id: OrderId) -> Mapping[LineId, LineProgress]:
        """How far each of the order's lines is, in pieces: what is `left` can be planned."""
        ...

    def quotes(self, parcel_ids: Sequence[ParcelId], now: datetime) -> Sequence[StoredQuote]:
        """Offers of each parcel as it is measured now that are still good at `now`: of each account and service the
        latest; cheapest first."""
        ...

    def labels(self, shipment_ids: Sequence[ShipmentId]) -> Sequence[LabelRow]:
        """The papers of these, in the order asked for; those without one are left out."""
        ...

    def accounts(self, now: datetime) -> Sequence[CarrierAccountRow]:
        """All accounts in the order in which they are offered."""
        ...
