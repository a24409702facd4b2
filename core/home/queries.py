"""What waits for somebody in a store, and how the day goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from core.shared.permission import permission
from ports.clock import Clock
from ports.home import HomeQueries, Today


@dataclass(frozen=True, slots=True)
class ShowToday:
    """`time_zone` is the store's (IANA): its midnight began the day."""

    time_zone: str


@permission("stores.store.read")
def show_today(filter_: ShowToday, /, *, home_queries: HomeQueries, clock: Clock) -> Today:
    """What waits now, and the orders placed since the store's midnight."""
    here = clock.now().astimezone(ZoneInfo(filter_.time_zone))
    midnight = datetime.combine(here.date(), time(), here.tzinfo)
    return home_queries.today(midnight.astimezone(UTC))
