"""Close a day, with every open day before it: nothing is posted there any more, and what is there is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.ledger.errors import DayAlreadyClosed, DayNotOver, ExceptionsOpen, PostingsPending
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CloseDay:
    """`day` in the store's time zone, `by`: who closes it, for people."""

    day: date
    by: str


@permission("ledger.day.close")
def close_day(cmd: CloseDay, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Raises DayNotOver, DayAlreadyClosed, PostingsPending, ExceptionsOpen."""
    with uow() as tx:
        tx.ledger.hold()
        end = end_of(cmd.day, tx.stores.current().time_zone)
        if clock.now() < end:
            raise DayNotOver()
        through = tx.ledger_days.closed_through()
        if through is not None and cmd.day <= through:
            raise DayAlreadyClosed(f"The days up to {through.isoformat()} are closed.")
        facts = tx.ledger_days.facts(end)
        if facts.pending:
            raise PostingsPending(f"{facts.pending} facts up to that day wait to be posted.")
        if facts.exceptions:
            raise ExceptionsOpen(f"{facts.exceptions} exceptions above the limit are open.")
        tx.ledger_days.close(cmd.day, cmd.by)


def end_of(day: date, time_zone: str) -> datetime:
    """The first moment after the day in that zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
