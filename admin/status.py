"""The one table from (axis, state) to how a state looks: tone, icon, word, loud.

A badge is loud when somebody has to act and quiet otherwise. Axes and states are those of docs/domain.md; the
words under DERIVED are made from a state and a fact beside it, they are never states of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from core.orders.axes import MAY_SHIP

Tone = Literal["ok", "warn", "crit", "info", "neu"]


class UnknownStatus(LookupError):
    """A screen shows a state that the table does not know."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a state looks: colour, icon (Bootstrap Icons), word, and whether somebody has to act."""

    tone: Tone
    icon: str
    word: LazyString
    loud: bool = False


def _quiet(icon: str, word: LazyString, tone: Tone = "neu") -> Status:
    return Status(tone, icon, word)


def _loud(tone: Tone, icon: str, word: LazyString) -> Status:
    return Status(tone, icon, word, loud=True)


_ORDER = {
    "draft": _quiet("pencil", _l("Draft")),
    "open": _quiet("circle", _l("Open")),
    "archived": _quiet("archive", _l("Archived")),
    "cancelled": _quiet("x-circle", _l("Cancelled")),
}

_PAYMENT = {
    "awaiting": _quiet("hourglass-split", _l("Awaiting payment")),
    "authorised": _loud("info", "shield-check", _l("Authorised")),
    "partially_paid": _loud("info", "circle-half", _l("Part paid")),
    "paid": _quiet("check-circle-fill", _l("Paid"), "ok"),
    "overpaid": _loud("warn", "plus-circle-fill", _l("Overpaid")),
    "partially_refunded": _quiet("arrow-counterclockwise", _l("Part refunded")),
    "refunded": _quiet("arrow-counterclockwise", _l("Refunded")),
    "disputed": _loud("crit", "shield-exclamation", _l("Disputed")),
    "voided": _quiet("slash-circle", _l("Voided")),
    "expired": _quiet("clock", _l("Expired")),
}

_FULFILMENT = {
    "unfulfilled": _quiet("circle", _l("Unfulfilled")),
    "partially_fulfilled": _loud("info", "circle-half", _l("Part shipped")),
    "fulfilled": _quiet("check2", _l("Fulfilled")),
    "in_transit": _quiet("truck", _l("In transit")),
    "delivered": _quiet("check-circle-fill", _l("Delivered"), "ok"),
}

_RETURN = {
    "none": _quiet("dash", _l("No return")),
    "requested": _loud("warn", "box-arrow-in-left", _l("Requested")),
    "in_transit": _quiet("truck", _l("On its way back")),
    "received": _loud("warn", "inbox-fill", _l("Inspect")),
    "closed": _quiet("check2-circle", _l("Closed")),
}

_EXCEPTION = {
    "open": _loud("warn", "exclamation-circle", lazy_pgettext("exception", "Open")),
    "waiting": _quiet("hourglass-split", _l("Waiting")),
    "resolved": _quiet("check2-circle", _l("Resolved"), "ok"),
    "to_approve": _loud("warn", "people-fill", _l("To approve")),
    "reopened": _loud("warn", "arrow-repeat", _l("Reopened")),
    "closed": _quiet("magic", _l("Closed by itself")),
}

_OPERATION = {
    "pending": _quiet("hourglass-split", _l("Pending")),
    "succeeded": _quiet("check-circle-fill", _l("Succeeded"), "ok"),
    "declined": _quiet("x-circle", _l("Declined")),
    "unknown": _loud("warn", "question-diamond-fill", _l("Outcome unknown")),
    "failed": _loud("crit", "exclamation-octagon-fill", _l("Failed")),
    "cancelled": _quiet("slash-circle", _l("Cancelled")),
}

_DELIVERY = {
    "waiting": _quiet("circle", _l("Queued")),
    "leased": _quiet("arrow-repeat", _l("Running")),
    "done": _quiet("check-circle-fill", _l("Done"), "ok"),
    "dead": _loud("crit", "exclamation-octagon-fill", _l("Dead")),
    "discarded": _quiet("x-circle", _l("Discarded")),
}

_PRODUCT = {
    "draft": _quiet("pencil", _l("Draft")),
    "published": _quiet("check-circle-fill", _l("On sale"), "ok"),
    "archived": _quiet("archive", _l("Archived")),
}

_IMPORT = {
    "uploaded": _quiet("circle", _l("Queued")),
    "checking": _loud("info", "arrow-repeat", _l("Checking")),
    "checked": _loud("warn", "clipboard-check", _l("Checked, nothing written yet")),
    "applying": _loud("info", "arrow-repeat", _l("Running")),
    "done": _quiet("check-circle-fill", _l("Done"), "ok"),
    "failed": _loud("crit", "exclamation-octagon-fill", _l("Failed")),
    "cancelled": _quiet("slash-circle", _l("Stopped")),
}

STATUSES: Mapping[str, Mapping[str, Status]] = {
    "order": _ORDER,
    "payment": _PAYMENT,
    "fulfilment": _FULFILMENT,
    "return": _RETURN,
    "exception": _EXCEPTION,
    "operation": _OPERATION,
    "delivery": _DELIVERY,
    "product": _PRODUCT,
    "import": _IMPORT,
}

DERIVED: Mapping[str, Mapping[str, Status]] = {
    "order": {"on_hold": _loud("warn", "pause-circle-fill", _l("On hold"))},
    "payment": {
        "awaiting_pix": _quiet("hourglass-split", _l("Awaiting Pix")),
        "awaiting_boleto": _quiet("hourglass-split", _l("Awaiting boleto")),
        "awaiting_bank_transfer": _quiet("hourglass-split", _l("Awaiting transfer")),
        "awaiting_cash_on_delivery": _quiet("hourglass-split", _l("Pays on delivery")),
    },
    "fulfilment": {
        "to_ship": _loud("warn", "box-seam", _l("To ship")),
        "delivery_problem": _loud("crit", "exclamation-triangle-fill", _l("Delivery problem")),
    },
    "exception": {
        "due_today": _loud("warn", "alarm", _l("Due today")),
        "overdue": _loud("crit", "alarm-fill", _l("Overdue")),
    },
}


def status(axis: str, state: str) -> Status:
    """How `state` of `axis` looks. Raises UnknownStatus for a pair that neither table has."""
    for table in (STATUSES, DERIVED):
        found = table.get(axis, {}).get(state)
        if found is not None:
            return found
    raise UnknownStatus(f"{axis}: {state}")


def shown_payment(state: str, method: str | None) -> str:
    """The key under which a payment state is shown: an awaited payment says by which `method`."""
    named = f"awaiting_{method}"
    return named if state == "awaiting" and named in DERIVED["payment"] else state


def shown_fulfilment(fulfilment: str, *, order: str, payment: str) -> str:
    """The key under which a fulfilment state is shown: unfulfilled, open and paid for is `to_ship`."""
    ships = fulfilment == "unfulfilled" and order == "open" and payment in MAY_SHIP
    return "to_ship" if ships else fulfilment
