"""The first page: what waits for somebody, and how the day goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from admin import filters, navigation
from admin.access import allows
from admin.context import person, read, staff_session, store
from admin.desk import now, zone
from admin.shell import exists
from core.home.queries import ShowToday, show_today
from core.orders.queries import ListOrders, list_orders
from core.shared.money import Money
from ports.home import MOST_TO_SHIP, Today
from ports.orders import OrderRow
from ports.paging import PageRequest

home = Blueprint("home", __name__)

_RECENT = 8  # rows; more is the order list's work


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: how many (`more` than that), what, why it matters, and the page where it is dealt with."""

    count: int
    title: str
    detail: str
    href: str | None
    action: str
    money_at_risk: bool = False
    more: bool = False
    primary: bool = False


def counts() -> dict[str, navigation.Waiting]:
    """What waits behind each entry of the menu, on every page; nothing while a page tells of a failure."""
    session = staff_session()
    if session is None or session.store_id is None or g.get("failed"):
        return {}
    found = _today()
    leaving = found.to_ship + found.part_shipped
    return {
        "orders.index": navigation.Waiting(min(found.to_ship, MOST_TO_SHIP), more=found.to_ship > MOST_TO_SHIP),
        "shipping.index": navigation.Waiting(min(leaving, MOST_TO_SHIP), more=leaving > MOST_TO_SHIP),
        "exceptions.index": navigation.Waiting(found.open_exceptions, money_at_risk=True),
        "deliveries.index": navigation.Waiting(found.dead_deliveries),
    }


def _today() -> Today:
    """The figures, asked for once per page."""
    if "today" not in g:
        g.today = read(show_today, ShowToday(store().time_zone))
    found = g.today
    assert isinstance(found, Today)  # noqa: S101 - put there just now
    return found


@home.get("/")
def index() -> str:
    """What needs doing, most urgent first."""
    today = _today()
    return render_template(
        "home.html",
        greeting=_greeting(person().name.split()[0]),
        today=today,
        now=now(),
        sales=today.sales or [Money.zero(store().currency)],
        waiting=[item for item in _waiting(today) if item.count],
        recent=_recent(),
        prefix=store().order_prefix,
    )


def _recent() -> Sequence[OrderRow]:
    if not allows(list_orders):
        return ()
    return read(list_orders, ListOrders(page=PageRequest(limit=_RECENT))).rows


def _greeting(name: str) -> str:
    hour = now().astimezone(zone()).hour
    if hour < 12:
        return str(_("Good morning, %(name)s", name=name))
    return str(_("Good afternoon, %(name)s", name=name) if hour < 18 else _("Good evening, %(name)s", name=name))


def _waiting(today: Today) -> list[Waiting]:
    exposed = ", ".join(filters.money(total) for total in today.exposed)
    found = [
        (
            "reconciliation.exception.read",
            Waiting(
                today.open_exceptions,
                ngettext("Exception to explain", "Exceptions to explain", today.open_exceptions),
                _("%(amount)s at risk.", amount=exposed),
                _address("exceptions.index"),
                _("Explain"),
                money_at_risk=True,
            ),
        ),
        (
            "messages.delivery.read",
            Waiting(
                today.dead_deliveries,
                ngettext("Job that gave up", "Jobs that gave up", today.dead_deliveries),
                _("Replay or discard each; nothing else waits for them."),
                _address("deliveries.index", state="dead"),
                _("Look"),
            ),
        ),
        (
            "orders.order.read",
            Waiting(
                min(today.to_ship, MOST_TO_SHIP),
                ngettext("Order to ship", "Orders to ship", today.to_ship),
                _("Paid or authorised, and nothing has left yet."),
                _address("shipping.index"),
                _("Ship"),
                more=today.to_ship > MOST_TO_SHIP,
                primary=True,
            ),
        ),
        (
            "orders.order.read",
            Waiting(
                today.awaiting_payment,
                ngettext("Order awaiting its payment", "Orders awaiting their payment", today.awaiting_payment),
                _("Each is cancelled by itself when its deadline passes."),
                _address("orders.index", status="open", payment="awaiting"),
                _("Show"),
            ),
        ),
    ]
    return [item for permission, item in found if allows(permission)]


def _address(endpoint: str, **query: Any) -> str | None:
    return url_for(endpoint, **query) if exists(endpoint) else None
