"""Until when a boleto can be paid, and until when its money is waited for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.shared.business_days import business_days_after

METHOD = "boleto"
DUE_DAYS = 3  # calendar days a boleto can be paid, counted from the day it is made

# One that is due on a day off is paid the next business day, and word of the payment comes a business day late.
WORD_DAYS = 3


def boleto_deadline(time_zone: str, now: datetime) -> datetime:
    """The end, in UTC, of the third business day after the due date of a boleto that is made `now`.

    :param time_zone: the store's
    """
    zone = ZoneInfo(time_zone)
    due = now.astimezone(zone).date() + timedelta(days=DUE_DAYS)
    last = datetime.combine(business_days_after(due, WORD_DAYS), time(23, 59, 59), zone)
    return last.astimezone(UTC)
