"""Which offer to take: by price and by the day that the customer was promised. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from core.shared.money import Money


class Choice(StrEnum):
    """How offers are chosen for many parcels at once."""

    CHEAPEST_IN_TIME = "cheapest_in_time"
    CHEAPEST = "cheapest"
    FASTEST = "fastest"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an offer is chosen by. `days` from pick-up to the door, at least and at most; None: nobody says."""

    price: Money
    days: tuple[int, int] | None


T = TypeVar("T")
_LATER_THAN_ANY = timedelta(days=10_000)


def promised_on(placed: date, days: tuple[int, int] | None) -> date | None:
    """The last day of the delivery that the customer chose, counted from the day of the order; None: none was said.

    Calendar days, as the checkout says them.
    """
    return None if days is None else placed + timedelta(days=days[1])


def arrives_on(today: date, days: tuple[int, int] | None) -> date | None:
    """The last day on which a parcel arrives that is handed over today."""
    return None if days is None else today + timedelta(days=days[1])


def in_time(today: date, days: tuple[int, int] | None, promise: date | None) -> bool:
    """Whether it keeps the promise. Where the carrier says no days, nothing is kept; without a promise all is."""
    if promise is None:
        return True
    arrives = arrives_on(today, days)
    return arrives is not None and arrives <= promise


def choose(offers: Iterable[tuple[T, Offer]], choice: Choice, today: date, promise: date | None) -> T | None:
    """The offer to take of `offers`; None of none. Where none keeps the promise, the fastest misses it least."""
    known = list(offers)
    if not known:
        return None
    if choice is Choice.CHEAPEST_IN_TIME:
        kept = [one for one in known if in_time(today, one[1].days, promise)]
        return _cheapest(kept) if kept else _fastest(known, today)
    return _cheapest(known) if choice is Choice.CHEAPEST else _fastest(known, today)


def _cheapest(offers: list[tuple[T, Offer]]) -> T:
    return min(offers, key=lambda one: (one[1].price.minor, one[1].days or (10_000, 10_000)))[0]


def _fastest(offers: list[tuple[T, Offer]], today: date) -> T:
    return min(offers, key=lambda one: (arrives_on(today, one[1].days) or today + _LATER_THAN_ANY, one[1].price.minor))[
        0
    ]
