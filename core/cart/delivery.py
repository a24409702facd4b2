"""Delivery options from a table of zones and weights. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.cart.model import ShippingOption
from core.shared.address import Address, without_punctuation
from core.stores.model import DeliveryRate

# How long a quoted delivery price holds.
QUOTE_HOLDS = timedelta(hours=24)


def options(
    rates: Sequence[DeliveryRate], address: Address, weight_grams: int, currency: str, now: datetime
) -> list[ShippingOption]:
    """The options that the table offers for `address` and `weight_grams`, in the table's order."""
    code = without_punctuation(address.postal_code)
    return [
        ShippingOption(rate.id, rate.name, rate.price, (rate.days_min, rate.days_max), now + QUOTE_HOLDS)
        for rate in rates
        if rate.country == address.country
        and rate.price.currency == currency
        and rate.postal_from <= code <= rate.postal_to
        and rate.weight_from <= weight_grams < rate.weight_to
    ]
