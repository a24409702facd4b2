"""The figures of the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.shared.money import Money

# More is told as "more than": the figure is asked for with every page, so its cost has a bound.
MOST_TO_SHIP = 5_000


@dataclass(frozen=True, slots=True)
class Today:
    """`placed` counts orders placed, cancelled ones too; `sales` are their totals, one per currency.

    `to_ship` counts open, unfulfilled orders whose money lets goods leave, up to `MOST_TO_SHIP`, and `part_shipped`
    those of which a part has left. `exposed` is the money of open exceptions, one per currency.
    """

    placed: int
    sales: Sequence[Money]
    awaiting_payment: int
    to_ship: int
    part_shipped: int
    open_exceptions: int
    exposed: Sequence[Money]
    dead_deliveries: int


class HomeQueries(Protocol):
    def today(self, since: datetime) -> Today:
        """What waits now, and what was placed since `since`."""
        ...
