"""Time. Only this port tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Two readings, both aware and in UTC."""

    def now(self) -> datetime:
        """The business time: deadlines, orders, parcels. Moved by `ecommerce clock` outside production."""
        ...

    def wall(self) -> datetime:
        """The wall's time: sessions, tokens, signatures. Never moved."""
        ...
