"""Days on which banks settle: Monday to Friday.

National bank holidays are not known: around them a deadline that is counted in business days comes a day early, which
is why deadlines leave days to spare.
"""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Whether banks settle on `day`."""
    return day.weekday() < _SATURDAY


def business_days_after(day: date, days: int) -> date:
    """The day that comes `days` business days after `day`, which need not be one itself."""
    for _ in range(days):
        day += timedelta(days=1)
        while not is_business_day(day):
            day += timedelta(days=1)
    return day
