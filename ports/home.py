"""The figures of the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class Today:
    """`placed` counts orders placed, cancelled ones too; `sales` are their totals, one per currency.

    `exposed` is the money of open exceptions, one per currency.
    """

    placed: int
    sales: Sequence[Money]
    awaiting_payment: int
    open_exceptions: int
    exposed: Sequence[Money]
    dead_deliveries: int


class HomeQueries(Protocol):
    def today(self, since: datetime) -> Today:
        """What waits now, and what was placed since `since`."""
        ...
