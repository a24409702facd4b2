"""Days as Brazilian banks count them: in São Paulo's zone, Monday to Friday.

National bank holidays are not known here: the provider's dates are a day early around them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=-3))  # Brasília, without summer time since 2019
SATURDAY = 5


def day_of(instant: int) -> date:
    """The day in São Paulo of an instant in seconds since 1970."""
    return datetime.fromtimestamp(instant, ZONE).date()


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """An instant, in seconds since 1970, by the clocks of São Paulo."""
    return int(datetime.combine(day, time(hour, minute, second), ZONE).timestamp())


def utc_midnight(day: date) -> int:
    """The instant by which the provider names a day (`available_on`, `arrival_date`)."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def is_business(day: date) -> bool:
    """Whether banks settle on this day."""
    return day.weekday() < SATURDAY


def rolled(day: date) -> date:
    """The day itself, or the next one on which banks settle."""
    while not is_business(day):
        day += timedelta(days=1)
    return day


def later(day: date, days: int) -> date:
    """So many business days after `day`."""
    for _ in range(days):
        day = rolled(day + timedelta(days=1))
    return day
