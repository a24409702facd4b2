"""A store: one merchant's shop and the settings that everything in it follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.shared.address import Address
from core.shared.ids import StoreId
from core.shared.money import Money


class CapturePolicy(StrEnum):
    """When authorised money is taken."""

    AT_ONCE = "at_once"
    AT_FULFILMENT = "at_fulfilment"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Store:
    """A merchant's settings. The first of `currencies` is the default; days in reports are in `time_zone`.

    `card_seconds`, `pix_minutes` and `bank_transfer_days` bound how long a payment session holds stock.
    `carrier_rates`: carriers' prices are offered beside the delivery table; `box` is what a parcel is taken to measure
    before it is packed: length, width, height in mm, None where nobody said.
    """

    id: StoreId
    name: str
    slug: str
    currency: str
    currencies: tuple[str, ...]
    locale: str
    locales: tuple[str, ...]
    countries: tuple[str, ...]
    time_zone: str
    prices_include_tax: bool
    order_prefix: str
    capture_policy: CapturePolicy
    card_seconds: int
    pix_minutes: int
    bank_transfer_days: int
    email: str
    origin: Address | None
    created_at: datetime
    version: int = 0
    carrier_rates: bool = True
    box: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class DeliveryRate:
    """One row of the delivery table: a price for a range of postal codes and a band of weight in grams.

    `postal_from` and `postal_to` are inclusive and compared as text of equal length; `weight_to` is exclusive.
    """

    id: str
    name: str
    country: str
    postal_from: str
    postal_to: str
    weight_from: int
    weight_to: int
    price: Money
    days_min: int
    days_max: int
    position: int
