"""Days of the books as an address says them: the store's days, read back with care."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import request

from admin.desk import now, zone


def today() -> date:
    """The store's day."""
    return now().astimezone(zone()).date()


def asked(name: str, default: date) -> date:
    """The day in the query parameter `name`; `default` where it is missing, no day, or one to come."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default
    return found if date(2000, 1, 1) <= found <= today() else default


def end_of(day: date) -> datetime:
    """The first moment after the store's day."""
    return datetime.combine(day + timedelta(days=1), time(), zone())
