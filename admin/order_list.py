"""A list of orders is its address: what is in the query narrows, pages and exports it, and leads through it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from admin import filters
from admin.context import store
from admin.desk import zone
from admin.status import STATUSES
from core.orders.axes import MAY_SHIP, FulfilmentStatus, PaymentStatus
from core.orders.lifecycle import OrderStatus
from ports.orders import OrderFilter

# Query parameter, axis of admin.status, what the filter is called, its states.
AXES: tuple[tuple[str, str, LazyString, tuple[str, ...]], ...] = (
    ("status", "order", _l("Order"), tuple(OrderStatus)),
    ("payment", "payment", _l("Payment"), tuple(PaymentStatus)),
    ("fulfilment", "fulfilment", _l("Fulfilment"), tuple(FulfilmentStatus)),
)

Narrowing = Mapping[str, tuple[str, ...]]

# As an address says it.
SHIPS: Narrowing = {
    "status": (OrderStatus.OPEN.value,),
    "payment": tuple(state.value for state in PaymentStatus if state in MAY_SHIP),
    "fulfilment": (FulfilmentStatus.UNFULFILLED.value,),
}

TABS: tuple[tuple[LazyString, Narrowing], ...] = (
    (_l("All"), {}),
    (_l("To ship"), SHIPS),
    (_l("Waiting for payment"), {"status": ("open",), "payment": ("awaiting",)}),
    (_l("Problems"), {"payment": ("partially_paid", "overpaid", "disputed")}),
    (lazy_pgettext("tab", "Cancelled"), {"status": ("cancelled",)}),
    (lazy_pgettext("tab", "Archived"), {"status": ("archived",)}),
)
TO_SHIP = 1

_MAX_SEARCH = 100
_SHOWN = 2


@dataclass(frozen=True, slots=True)
class OrderList:
    """What the address says. Values that are none of ours are left out, so an old link still shows a list."""

    search: str = ""
    axes: Narrowing = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    cursor: str | None = None

    @classmethod
    def from_request(cls) -> OrderList:
        """The list that the request's query names."""
        axes = {}
        for name, _axis, _label, states in AXES:
            asked = set(request.args.getlist(name))
            if chosen := tuple(state for state in states if state in asked):
                axes[name] = chosen
        return cls(
            search=request.args.get("q", "").strip()[:_MAX_SEARCH],
            axes=axes,
            since=_day(request.args.get("from")),
            until=_day(request.args.get("to")),
            cursor=request.args.get("cursor") or None,
        )

    @property
    def query(self) -> dict[str, Any]:
        """The list as query parameters, without the page."""
        said: dict[str, Any] = {"q": self.search, "from": self.since, "to": self.until}
        return {**{name: str(value) for name, value in said.items() if value}, **self.axes}

    @property
    def kept(self) -> dict[str, Any]:
        """Query parameters that a new search keeps."""
        return {name: value for name, value in self.query.items() if name != "q"}

    @property
    def filter(self) -> OrderFilter:
        """What the core is asked for. Days are the store's."""
        return OrderFilter(
            search=_without_prefix(self.search),
            status=self.axes.get("status", ()),
            payment_status=self.axes.get("payment", ()),
            fulfilment_status=self.axes.get("fulfilment", ()),
            travels=True if self.tab == TO_SHIP else None,
            placed_from=_midnight(self.since) if self.since else None,
            placed_to=_midnight(self.until + timedelta(days=1)) if self.until else None,
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.query)

    @property
    def tab(self) -> int | None:
        """Which of TABS this is: the one with the same states; None when somebody chose other states."""
        return next((at for at, (_label, axes) in enumerate(TABS) if dict(axes) == dict(self.axes)), None)

    def address(self, **changes: Any) -> str:
        """The address of the list with `changes`; the page begins anew."""
        return url_for("orders.index", **replace(self, cursor=None, **changes).query)

    def without(self, name: str) -> str:
        """The address without the filter of one axis."""
        return self.address(axes={key: value for key, value in self.axes.items() if key != name})


def _day(text: str | None) -> date | None:
    """A day of the query. Years are those that a calendar control offers; the last day has a tomorrow."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found < date(9999, 12, 31) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone()).astimezone(UTC)


def _without_prefix(search: str) -> str:
    """People type the number as they see it, "CI-10482"; what is searched is the number."""
    prefix = store().order_prefix
    if prefix and re.fullmatch(rf"{re.escape(prefix)}\s*\d+", search, re.IGNORECASE):
        return search[len(prefix) :].strip()
    return search


def tabs(shown: OrderList) -> list[dict[str, Any]]:
    """The views above the list; search and days go with them."""
    current = shown.tab
    return [
        {"label": label, "href": shown.address(axes=axes), "current": at == current}
        for at, (label, axes) in enumerate(TABS)
    ]


def chips(shown: OrderList) -> list[dict[str, Any]]:
    """The filters as they stand, each with the address without it."""
    found = []
    for name, axis, label, _states in AXES:
        if chosen := shown.axes.get(name):
            words = [STATUSES[axis][state].word for state in chosen[:_SHOWN]]
            found.append({"field": label, "values": words, "more": len(chosen) - len(words),
                          "without": shown.without(name)})  # fmt: skip
    if shown.since or shown.until:
        without = shown.address(since=None, until=None)
        found.append({"field": _("Placed"), "values": [_span(shown)], "without": without})
    return found


def _span(shown: OrderList) -> str:
    if shown.since and shown.until:
        if shown.since == shown.until:
            return filters.day(shown.since, year=True)
        return str(_("%(first)s to %(last)s", first=filters.day(shown.since), last=filters.day(shown.until, year=True)))
    if shown.since:
        return str(_("from %(day)s", day=filters.day(shown.since, year=True)))
    return str(_("until %(day)s", day=filters.day(shown.until, year=True))) if shown.until else ""


def adders(shown: OrderList) -> Sequence[dict[str, Any]]:
    """What can be narrowed, with what is chosen."""
    return [
        {
            "label": label,
            "name": name,
            "choices": [(state, STATUSES[axis][state].word, state in shown.axes.get(name, ())) for state in states],
        }
        for name, axis, label, states in AXES
    ]
