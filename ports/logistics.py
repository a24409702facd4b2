"""Shipping: fulfilments, parcels, postage, what was seen of parcels, accounts at carriers.

What carriers can be asked is `ports.carriers`, what staff see `ports.logistics_queries`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.logistics.budget import Budget
from core.logistics.model import Fulfilment, Measures, Parcel
from core.logistics.shipment import Shipment
from core.logistics.tracking import TrackingEvent
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
from ports.deadlines import Due


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
