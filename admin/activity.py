"""The activity log: who changed what, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from admin.access import requires
from admin.activity_words import Change, acted, changes_of
from admin.context import read
from admin.desk import zone
from admin.jobs import job_word
from core.activity.queries import ListActivity, list_activity
from ports.activity import ActivityFilter, ActivityRow
from ports.paging import PageRequest

activity = Blueprint("activity", __name__, url_prefix="/activity")

WHO: Mapping[str, LazyString] = {
    "staff": _l("People"),
    "shopper": _l("Customers"),
    "key": _l("Keys"),
    "job": _l("Jobs"),
}

# Machines write far more rows than people do, so the log shows people until it is asked for everybody.
PEOPLE = ("staff", "shopper")
EVERYBODY = "all"

VIEWS: Mapping[str, tuple[LazyString, tuple[str, ...]]] = {
    "": (_l("Everything"), ()),
    "money": (_l("Money"), ("payments", "aftersales", "checkout", "reconciliation")),
    "stock": (_l("Prices and stock"), ("catalog", "inventory", "imports")),
    "access": (_l("Access"), ("identity", "stores")),
    "system": (_l("Jobs and messages"), ("messages",)),
}
_OF_MACHINES = "system"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is shown."""

    row: ActivityRow
    said: str
    changes: Sequence[Change]


@activity.get("/")
@requires("activity.entry.read")
def index() -> str:
    """The log of the store, newest first, grouped by day."""
    view = request.args.get("view", "")
    who, default = _who(view)
    filter_ = ActivityFilter(
        actor_kinds=who,
        contexts=VIEWS.get(view, VIEWS[""])[1],
        request_id=request.args.get("request") or None,
        target_id=_id("target"),
        since=_midnight("from"),
        until=_midnight("to", days=1),
    )
    page = read(list_activity, ListActivity(filter_, PageRequest(50, request.args.get("cursor"))))
    return render_template(
        "activity/index.html",
        page=page,
        days=_by_day(page.rows),
        view=view,
        views=VIEWS,
        who=who,
        whos=WHO,
        job_word=job_word,
        chips=_chips(who),
        without=_without,
        keep=_keep("who"),
        asked=request.args.getlist("who"),
        include=_address(who=EVERYBODY) if default and who else None,
        hide=_without("who") if request.args.get("who") == EVERYBODY and not _traced(view) else None,
    )


def _traced(view: str) -> bool:
    """Whether the address asks for what machines did, or for all that belongs to one request or thing."""
    return view == _OF_MACHINES or any(request.args.get(name) for name in ("request", "target"))


def _who(view: str) -> tuple[tuple[str, ...], bool]:
    """Whose rows are shown, none named means everybody's, and whether that is so because nothing was asked."""
    asked = request.args.getlist("who")
    chosen = tuple(kind for kind in asked if kind in WHO)
    if chosen or EVERYBODY in asked:
        return chosen, False
    return (() if _traced(view) else PEOPLE), True


def _by_day(rows: Sequence[ActivityRow]) -> list[tuple[date, list[Line]]]:
    lines = [Line(row, acted(row), changes_of(row)) for row in rows]
    days = groupby(lines, key=lambda line: line.row.occurred_at.astimezone(zone()).date())
    return [(day, list(group)) for day, group in days]


def _midnight(name: str, days: int = 0) -> datetime | None:
    """The store's midnight of the day that a parameter names."""
    told = request.args.get(name)
    if not told:
        return None
    try:
        day = date.fromisoformat(told) + timedelta(days=days)
    except (ValueError, OverflowError):
        abort(404)
    return datetime.combine(day, time(), zone()).astimezone(UTC)


def _id(name: str) -> UUID | None:
    told = request.args.get(name)
    try:
        return UUID(told) if told else None
    except ValueError:
        abort(404)


def _keep(*leave_out: str) -> dict[str, list[str]]:
    """The address's other parameters, without the page."""
    return {name: values for name, values in request.args.lists() if name not in (*leave_out, "cursor") and any(values)}


def _without(*names: str) -> str:
    kept: dict[str, Any] = _keep(*names)
    return url_for(".index", **kept)


def _address(**changes: str) -> str:
    """The address with other parameters, from its first page on."""
    kept: dict[str, Any] = {**_keep(*changes), **changes}
    return url_for(".index", **kept)


def _chips(who: tuple[str, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if who:
        without = _address(who=EVERYBODY)
        found.append({"field": _l("Who"), "values": [WHO[kind] for kind in who], "without": without})
    for name, word in (
        ("request", _l("Request")),
        ("target", lazy_pgettext("activity", "Subject")),
        ("from", _l("From")),
        ("to", _l("Until")),
    ):
        if value := request.args.get(name):
            short = value if len(value) <= 12 else f"{value[:8]}…"
            found.append({"field": word, "values": [short], "without": _without(name)})
    return found
