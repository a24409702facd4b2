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

# Pieces that go together, their postage, and where their parcel is: three machines (core/logistics).
_SHIPMENT = {
    "planned": _quiet("box-seam", _l("Prepared")),
    "shipped": _quiet("truck", lazy_pgettext("shipment", "Left"), "ok"),
    "cancelled": _quiet("x-circle", _l("Called off")),
    "reversed": _quiet("arrow-counterclockwise", _l("Taken back")),
}

_LABEL = {
    "draft": _quiet("circle", _l("Queued")),
    "purchasing": _loud("info", "arrow-repeat", _l("Buying")),
    "purchased": _quiet("check-circle-fill", _l("Bought"), "ok"),
    "refused": _loud("crit", "exclamation-octagon-fill", _l("Not sold")),
    "unknown": _loud("warn", "question-diamond-fill", _l("No answer yet")),
    "voiding": _quiet("arrow-repeat", _l("Being given back")),
    "voided": _quiet("arrow-counterclockwise", _l("Given back")),
    "void_refused": _quiet("slash-circle", _l("Not taken back")),
    "expired": _quiet("clock", _l("Too old to give back")),
}

_BATCH = {
    "quoting": _loud("info", "arrow-repeat", _l("Asking for prices")),
    "open": _quiet("circle", lazy_pgettext("batch", "Open")),
    "buying": _loud("info", "arrow-repeat", _l("Buying labels")),
    "closed": _quiet("check-circle-fill", _l("Handed over"), "ok"),
}

_PARCEL = {
    "unknown": _quiet("circle", _l("Not seen yet")),
    "label_created": _quiet("upc-scan", _l("Announced")),
    "accepted": _quiet("inbox", _l("Posted")),
    "in_transit": _quiet("truck", _l("In transit")),
    "customs_hold": _quiet("hourglass-split", _l("At customs")),
    "out_for_delivery": _quiet("truck", _l("Out for delivery")),
    "available_for_pickup": _quiet("shop", _l("To be picked up")),
    "delivery_attempted": _loud("warn", "exclamation-triangle-fill", _l("Nobody there")),
    "delayed": _loud("warn", "alarm-fill", _l("Late")),
    "exception": _loud("crit", "exclamation-triangle-fill", _l("Delivery problem")),
    "returning": _loud("crit", "arrow-return-left", _l("Coming back")),
    "returned": _loud("crit", "arrow-return-left", _l("Sent back")),
    "delivered": _quiet("check-circle-fill", _l("Delivered"), "ok"),
    "lost": _loud("crit", "question-diamond-fill", _l("Lost")),
    "cancelled": _quiet("x-circle", _l("Cancelled")),
}

_PAYOUT = {
    "announced": _quiet("hourglass-split", lazy_pgettext("payout", "Announced")),
    "in_transit": _quiet("truck", _l("On its way to the bank")),
    "paid": _quiet("check-circle-fill", _l("Paid out"), "ok"),
    "failed": _loud("crit", "exclamation-octagon-fill", _l("Came back")),
    "cancelled": _quiet("slash-circle", lazy_pgettext("payout", "Called off")),
}

_RUN = {
    "pulling": _loud("info", "arrow-repeat", _l("Asking the provider")),
    "matched": _loud("info", "arrow-repeat", _l("Posting to the books")),
    "done": _quiet("check-circle-fill", _l("Done"), "ok"),
    "failed": _loud("crit", "exclamation-octagon-fill", _l("Failed")),
}

_APPROVAL = {
    "asked": _loud("warn", "people-fill", _l("To approve")),
    "approved": _quiet("check2", _l("Approved")),
    "refused": _quiet("x-circle", lazy_pgettext("approval", "Refused")),
    "used": _quiet("check-circle-fill", _l("Approved and done"), "ok"),
}

STATUSES: Mapping[str, Mapping[str, Status]] = {
    "order": _ORDER,
    "payment": _PAYMENT,
    "fulfilment": _FULFILMENT,
    "return": _RETURN,
    "shipment": _SHIPMENT,
    "label": _LABEL,
    "parcel": _PARCEL,
    "batch": _BATCH,
    "exception": _EXCEPTION,
    "operation": _OPERATION,
    "delivery": _DELIVERY,
    "product": _PRODUCT,
    "import": _IMPORT,
    "payout": _PAYOUT,
    "run": _RUN,
    "approval": _APPROVAL,
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


def shown_fulfilment(fulfilment: str, *, order: str, payment: str, travels: bool = True) -> str:
    """The key under which a fulfilment state is shown: unfulfilled, open and paid for is `to_ship`, where some of it
    goes in a parcel (`travels`)."""
    ships = travels and fulfilment == "unfulfilled" and order == "open" and payment in MAY_SHIP
    return "to_ship" if ships else fulfilment
