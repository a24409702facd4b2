"""What happened to an order, each fact as a sentence: what, how it came about, who or what did it, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from admin import filters
from admin.order_words import method, reason
from core.orders.events import OrderArchived, OrderCancelled, OrderPlaced, OrderReopened
from core.payments.events import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentDeclinedByProvider,
    PaymentExpired,
    PaymentVoided,
    RefundFailed,
    RefundRequested,
    RefundSucceeded,
)
from core.shared.money import Money
from ports.orders import TimelineRow

Payload = Mapping[str, Any]
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Sentence:
    """How a fact is told: `say` makes the sentence, `more` the circumstance beside it."""

    say: Callable[[Payload], str]
    icon: str
    tone: str = ""
    more: Callable[[Payload], str] = lambda payload: ""


def _money(payload: Payload, name: str = "amount") -> str:
    value = payload[name]
    return filters.money(Money(value["amount"], value["currency"]))


def _by(payload: Payload) -> str:
    return method(payload["method"])


def _code(payload: Payload) -> str:
    return f"{method(payload['method'])}, {payload['code']}" if payload.get("code") else method(payload["method"])


SENTENCES: Mapping[str, Sentence] = {
    OrderPlaced.name: Sentence(
        lambda p: _("The order was placed"), "bag", more=lambda p: _money(p, "total")
    ),
    OrderCancelled.name: Sentence(
        lambda p: _("The order was cancelled"), "x-circle", more=lambda p: reason(p["reason"])
    ),
    OrderArchived.name: Sentence(lambda p: _("The order was archived"), "archive"),
    OrderReopened.name: Sentence(lambda p: _("The order was taken out of the archive"), "circle"),
    PaymentAuthorised.name: Sentence(
        lambda p: _("%(amount)s authorised", amount=_money(p)), "shield-check", more=_by
    ),
    PaymentCaptured.name: Sentence(
        lambda p: _("%(amount)s came in", amount=_money(p)), "credit-card", "ok", more=_by
    ),
    PaymentDeclinedByProvider.name: Sentence(
        lambda p: _("A payment was declined"), "x-circle", more=_code
    ),
    PaymentVoided.name: Sentence(lambda p: _("The payment was let go"), "slash-circle", more=_by),
    PaymentExpired.name: Sentence(lambda p: _("The payment expired"), "clock", more=_by),
    RefundRequested.name: Sentence(
        lambda p: _("Refund of %(amount)s asked for", amount=_money(p)), "arrow-counterclockwise", more=_by
    ),
    RefundSucceeded.name: Sentence(
        lambda p: _("Refund of %(amount)s succeeded", amount=_money(p)), "arrow-counterclockwise", "ok", more=_by
    ),
    RefundFailed.name: Sentence(
        lambda p: _("Refund of %(amount)s failed", amount=_money(p)), "exclamation-octagon-fill", "crit", more=_code
    ),
}  # fmt: skip


def entry(row: TimelineRow) -> dict[str, Any]:
    """One line of the timeline, as the macro takes it. A fact of a later version shows its wire name."""
    when = filters.moment(row.occurred_at)
    if row.name == NOTE:
        name = row.actor_label or _("Somebody")
        return {"fact": _("%(name)s commented", name=name), "person": name, "comment": row.payload.get("text", ""),
                "when": when}  # fmt: skip
    told = SENTENCES.get(row.name)
    if told is None:
        return {"fact": row.name, "icon": "circle", "circumstance": _actor(row), "when": when}
    circumstance = ", ".join(part for part in (told.more(row.payload), _actor(row)) if part)
    return {"fact": told.say(row.payload), "circumstance": circumstance, "icon": told.icon, "tone": told.tone,
            "when": when}  # fmt: skip


def _actor(row: TimelineRow) -> str:
    """Who did it, in the words that follow a fact."""
    if row.actor_kind == "staff":
        return str(_("by %(name)s", name=row.actor_label or _("staff")))
    if row.actor_kind in ("shopper", "key"):
        return str(_("in the web shop"))
    return str(_("by itself"))
