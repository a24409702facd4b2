"""Spans of days that screens of settlements are narrowed to: read from the address with care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request
from flask_babel import gettext as _

from admin.desk import zone
from admin.ledger_span import today

_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` to `until`, both included; None where nothing was asked."""

    since: date | None = None
    until: date | None = None

    @property
    def before(self) -> date | None:
        """The first day after it."""
        return None if self.until is None else self.until + timedelta(days=1)

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """When it begins and what it ends before, by the store's days."""
        return _midnight(self.since), _midnight(self.before)

    @property
    def query(self) -> dict[str, str]:
        """What says it in an address."""
        told = {"since": self.since, "until": self.until}
        return {name: day.isoformat() for name, day in told.items() if day is not None}


def asked_span(default: Span | None = None) -> Span:
    """The span in `since` and `until` of the address: `default` where neither is a day, turned when it runs back."""
    since, until = _day("since"), _day("until")
    if since is None and until is None:
        return default or Span()
    if since is not None and until is not None and since > until:
        since, until = until, since
    return Span(since, until)


def this_month() -> Span:
    """From the first of the month to today."""
    return Span(today().replace(day=1), today())


def last_month() -> Span:
    """The whole month before this one."""
    last = today().replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


def choices(current: Span) -> list[tuple[str, Span, bool]]:
    """Spans that are asked for again and again: word, span, whether it is the one shown."""
    found = ((_("This month"), this_month()), (_("Last month"), last_month()))
    return [(word, span, span == current) for word, span in found]


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone())


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if _FIRST <= found < _LAST else None
