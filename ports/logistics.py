"""Shipping: fulfilments, parcels, postage, what was seen of parcels, accounts at carriers; and what staff see of it.

What carriers can be asked is `ports.carriers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.logistics.budget import Budget
from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.model import Fulfilment, Measures, Parcel
from core.logistics.shipment import Shipment
from core.logistics.tracking import ParcelStatus, TrackingEvent
from core.orders.axes import LineProgress
from core.shared.ids import (
    CarrierAccountId,
    FulfilmentId,
    LineId,
    OrderId,
    ParcelId,
    ShipmentId,
    WebhookId,
)
from core.shared.money import Money
from ports.carriers import CarrierAccount, CarrierNotice, Tracked
from ports.paging import Page, PageRequest
from ports.payments import Due


class FulfilmentRepository(Protocol):
    """Fulfilments of the bound store. An order is locked before its fulfilments."""

    def get(self, fulfilment_id: FulfilmentId, *, lock: bool = False) -> Fulfilment:
        """A fulfilment with its lines and parcels. Raises NotFound."""
        ...

    def of_parcel(self, parcel_id: ParcelId) -> Fulfilment:
        """The fulfilment that the parcel belongs to. Raises NotFound."""
        ...

    def place_of(self, parcel_id: ParcelId) -> tuple[OrderId, FulfilmentId]:
        """To what the parcel belongs: that never changes. Raises NotFound."""
        ...

    def of_order(self, order_id: OrderId, *, lock: bool = False) -> Sequence[Fulfilment]:
        """The order's fulfilments by number."""
        ...

    def progress(self, order_id: OrderId) -> Mapping[LineId, LineProgress]:
        """How far each of the order's lines is, in pieces."""
        ...

    def add(self, fulfilment: Fulfilment) -> None: ...

    def save(self, fulfilment: Fulfilment) -> None:
        """Save state and parcels. Raises WriteConflict when the version is stale."""
        ...


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """An offer for one parcel as it was measured then; it can be bought until `expires_at`. `days` may be unknown."""

    id: UUID
    parcel_id: ParcelId
    account_id: CarrierAccountId
    carrier: str
    service: str
    price: Money
    days: tuple[int, int] | None
    shipment_reference: str
    rate_id: str
    measures: Measures
    quoted_at: datetime
    expires_at: datetime


class ShipmentRepository(Protocol):
    """Postage of the bound store, and the offers it is bought from."""

    def get(self, shipment_id: ShipmentId, *, lock: bool = False) -> Shipment:
        """Raises NotFound."""
        ...

    def by_key(self, key: str) -> Shipment | None: ...

    def by_reference(self, account_id: CarrierAccountId, shipment_reference: str) -> Shipment | None:
        """The last purchase under the carrier's own name for it."""
        ...

    def of_fulfilment(self, fulfilment_id: FulfilmentId, *, lock: bool = False) -> Sequence[Shipment]:
        """Oldest first."""
        ...

    def of_order(self, order_id: OrderId, *, lock: bool = False) -> Sequence[Shipment]:
        """Oldest first."""
        ...

    def add(self, shipment: Shipment) -> None:
        """Raises LabelInProgress when the parcel has postage already."""
        ...

    def save(self, shipment: Shipment) -> None:
        """Raises WriteConflict when the version is stale."""
        ...

    def add_quotes(self, quotes: Sequence[StoredQuote]) -> None: ...

    def quote(self, quote_id: UUID) -> StoredQuote:
        """Raises NotFound."""
        ...


class CarrierAccountRepository(Protocol):
    """Accounts at carriers of the bound store."""

    def add(self, account: CarrierAccount, created_at: datetime, position: int) -> None: ...

    def get(self, account_id: CarrierAccountId) -> CarrierAccount:
        """Raises NotFound."""
        ...

    def enabled(self) -> Sequence[CarrierAccount]:
        """Enabled accounts in the order in which they are offered."""
        ...

    def set_enabled(self, account_id: CarrierAccountId, enabled: bool) -> None:
        """Raises NotFound."""
        ...

    def budget(self, account: CarrierAccount, wall: datetime) -> Budget:
        """How often the account may still be asked, locked until the transaction ends; full when it was never asked."""
        ...

    def save_budget(self, budget: Budget) -> None: ...


@dataclass(frozen=True, slots=True)
class ClaimedParcel:
    """A parcel that is due to be asked about, claimed until its lease runs out."""

    order_id: OrderId
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """What a carrier told, as it was kept."""

    id: WebhookId
    account_id: CarrierAccountId
    kind: str
    state: str
    tracking_number: str | None
    shipment_reference: str | None
    tracked: Tracked | None


class TrackingRepository(Protocol):
    """What was seen of parcels, and how it came to be known."""

    def add_events(self, parcel_id: ParcelId, events: Sequence[TrackingEvent], at: datetime) -> int:
        """Keep what is new. Returns how many were: 0 when all of it was told before."""
        ...

    def events(self, parcel_id: ParcelId, since: datetime | None) -> Sequence[TrackingEvent]:
        """What came to be known of a parcel at `since` or later: from before, it is another number's."""
        ...

    def find_parcel(self, folded_number: str, account_id: CarrierAccountId) -> ParcelId | None:
        """The parcel that has the number now; one that the account tracks before others."""
        ...

    def claim(
        self, account_id: CarrierAccountId, limit: int, now: datetime, until: datetime
    ) -> Sequence[ClaimedParcel]:
        """Claim the parcels of an account that are due longest, passing over what others have locked.

        Until `until` nobody else is given them; a claim that is lost costs that time and nothing more.
        """
        ...

    def reschedule(self, parcels: Sequence[Parcel]) -> None:
        """Nothing new about these: only when they are asked about next moves, in one statement."""
        ...

    def put_off(self, account_id: CarrierAccountId, parcels: Sequence[ParcelId], until: datetime) -> None:
        """The carrier did not answer: ask about these again at `until`."""
        ...

    def receive_webhook(
        self, webhook_id: WebhookId, account: CarrierAccount, notice: CarrierNotice, body: bytes, at: datetime
    ) -> bool:
        """Store a verified webhook. False when it was received before."""
        ...

    def webhook(self, webhook_id: WebhookId) -> StoredWebhook:
        """Locked. Raises NotFound."""
        ...

    def park_webhook(self, webhook_id: WebhookId) -> None:
        """It is about a parcel that nobody knows yet."""
        ...

    def webhook_processed(self, webhook_id: WebhookId, at: datetime) -> None: ...

    def parked(self, folded_number: str) -> Sequence[tuple[WebhookId, CarrierAccountId]]:
        """Webhooks that wait for a parcel of that number."""
        ...


class LogisticsDeadlines(Protocol):
    """What is due, over all stores: runs as the platform, reads ids only. Times are business times."""

    def accounts_to_poll(self, now: datetime, limit: int) -> Sequence[Due]:
        """Accounts with parcels that are due."""
        ...

    def labels_to_settle(self, now: datetime, limit: int) -> Sequence[Due]:
        """Postage of which it is to be asked what became of it."""
        ...

    def voids_to_settle(self, now: datetime, limit: int) -> Sequence[Due]:
        """Postage that is being given back."""
        ...


# -- what staff and shoppers see ---------------------------------------------------------------------------------------


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
