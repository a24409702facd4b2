"""The areas of the back office, in the order in which the menu lists them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: where it leads, what it needs, and the key that follows `g` to go there.

    An endpoint that does not exist, or a permission that the person lacks, leaves the entry out.
    `permission` None: for everybody who is signed in.
    """

    endpoint: str
    icon: str
    label: LazyString
    permission: str | None = None
    jump: str = ""
    children: tuple[Item, ...] = ()

    @property
    def area(self) -> str:
        """The blueprint whose pages belong to this entry."""
        return self.endpoint.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait behind an entry, or `more` than that; `money_at_risk` makes the number red."""

    count: int
    money_at_risk: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it is drawn for this person on this page."""

    item: Item
    current: bool
    inside: bool
    waiting: Waiting | None
    children: tuple[Entry, ...] = field(default=())


_IMPORTS = Item("imports.index", "upload", _l("Imports"), "imports.import.read")

# The area leads to what waits in it, so its number is that of the exceptions.
_FINANCE = (
    Item("payouts.index", "arrow-down-up", _l("Payouts"), "reconciliation.payout.read"),
    Item("exceptions.index", "exclamation-diamond", _l("Exceptions"), "reconciliation.exception.read"),
    Item("approvals.index", "people", _l("Approvals"), "reconciliation.exception.read"),
    Item("settlements.index", "hourglass-split", _l("Not paid out, fees"), "reconciliation.payout.read"),
    Item("runs.index", "arrow-repeat", _l("Comparisons"), "reconciliation.payout.read"),
    Item("ledger.index", "journal-text", _l("Ledger"), "ledger.entry.read"),
    Item("periods.index", "calendar-check", _l("Days and trial balance"), "ledger.entry.read"),
)

NAVIGATION: tuple[tuple[Item, ...], ...] = (
    (
        Item("home.index", "house", _l("Home"), jump="h"),
        Item("orders.index", "inbox", _l("Orders"), "orders.order.read", "o"),
        Item("products.index", "tag", _l("Products"), "catalog.product.read", "p", (_IMPORTS,)),
        Item("inventory.index", "boxes", _l("Inventory"), "inventory.stock.read", "i"),
    ),
    (
        Item("shipping.index", "truck", _l("Shipping"), "logistics.fulfilment.read", "s"),
        Item("exceptions.index", "bank", _l("Finance"), "reconciliation.exception.read", "f", _FINANCE),
    ),
    (
        Item("mailbox.index", "envelope", _l("Mailbox"), "messages.message.read", "m"),
        Item("activity.index", "clock-history", _l("Activity"), "activity.entry.read", "a"),
        Item("deliveries.index", "arrow-repeat", _l("Jobs and deliveries"), "messages.delivery.read", "j"),
        Item("settings.index", "gear", _l("Settings"), "stores.store.read", "t"),
    ),
)


def _entry(
    item: Item, area: str, endpoints: Collection[str], granted: Collection[str], counts: Mapping[str, Waiting]
) -> Entry | None:
    if item.endpoint not in endpoints or (item.permission is not None and item.permission not in granted):
        return None
    drawn = (_entry(child, area, endpoints, granted, counts) for child in item.children)
    children = tuple(child for child in drawn if child is not None)
    inside = any(child.current for child in children)
    return Entry(item, item.area == area or inside, inside, counts.get(item.endpoint), children)


def entries(
    area: str, endpoints: Collection[str], granted: Collection[str], counts: Mapping[str, Waiting]
) -> list[list[Entry]]:
    """The menu for somebody who holds `granted`, on a page of blueprint `area`; no group is empty."""
    groups = ([_entry(item, area, endpoints, granted, counts) for item in group] for group in NAVIGATION)
    filled = ([entry for entry in group if entry is not None] for group in groups)
    return [group for group in filled if group]
