"""What happens to goods, postage and parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import BatchId, CarrierAccountId, FulfilmentId, OrderId, ParcelId, ShipmentId, WebhookId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class FulfilmentPlanned(Event):
    name: ClassVar[str] = "logistics.fulfilment_planned.v1"
    aggregate: ClassVar[str] = "fulfilment"

    fulfilment_id: FulfilmentId
    order_id: OrderId
    number: int


@dataclass(frozen=True, slots=True)
class FulfilmentCancelled(Event):
    name: ClassVar[str] = "logistics.fulfilment_cancelled.v1"
    aggregate: ClassVar[str] = "fulfilment"

    fulfilment_id: FulfilmentId
    order_id: OrderId
    number: int


@dataclass(frozen=True, slots=True)
class GoodsLeft(Event):
    """The goods of a fulfilment left the house: stock fell, and what they are worth is earned."""

    name: ClassVar[str] = "logistics.goods_left.v1"
    aggregate: ClassVar[str] = "fulfilment"

    fulfilment_id: FulfilmentId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class FulfilmentReversed(Event):
    """The goods had not left after all; nobody had scanned them."""

    name: ClassVar[str] = "logistics.fulfilment_reversed.v1"
    aggregate: ClassVar[str] = "fulfilment"

    fulfilment_id: FulfilmentId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class TrackingEntered(Event):
    """Staff typed a parcel's number."""

    name: ClassVar[str] = "logistics.tracking_entered.v1"
    aggregate: ClassVar[str] = "fulfilment"

    parcel_id: ParcelId
    order_id: OrderId
    carrier: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class LabelPurchased(Event):
    """`amount` is what the carrier says it takes."""

    name: ClassVar[str] = "logistics.label_purchased.v1"
    aggregate: ClassVar[str] = "shipment"

    shipment_id: ShipmentId
    order_id: OrderId
    amount: Money


@dataclass(frozen=True, slots=True)
class LabelVoided(Event):
    """The carrier gives `amount` back."""

    name: ClassVar[str] = "logistics.label_voided.v1"
    aggregate: ClassVar[str] = "shipment"

    shipment_id: ShipmentId
    order_id: OrderId
    amount: Money


@dataclass(frozen=True, slots=True)
class LabelRefused(Event):
    """The carrier did not sell the postage, for `reason` in its own words."""

    name: ClassVar[str] = "logistics.label_refused.v1"
    aggregate: ClassVar[str] = "shipment"

    shipment_id: ShipmentId
    order_id: OrderId
    reason: str


@dataclass(frozen=True, slots=True)
class ParcelMoved(Event):
    """A parcel came to a canonical status for the first time."""

    name: ClassVar[str] = "logistics.parcel_moved.v1"
    aggregate: ClassVar[str] = "fulfilment"

    parcel_id: ParcelId
    order_id: OrderId
    status: str


@dataclass(frozen=True, slots=True)
class CarrierWebhookReceived(Event):
    """A carrier told something; it is kept and worked on apart."""

    name: ClassVar[str] = "logistics.carrier_webhook_received.v1"
    aggregate: ClassVar[str] = "carrier_webhook"

    webhook_id: WebhookId
    account_id: CarrierAccountId


@dataclass(frozen=True, slots=True)
class BatchWorkRequested(Event):
    """A batch waits for prices to be asked for, or for labels to be bought."""

    name: ClassVar[str] = "logistics.batch_work_requested.v1"
    aggregate: ClassVar[str] = "batch"

    batch_id: BatchId
