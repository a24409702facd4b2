"""What happened to an order, each fact as a sentence: what, how it came about, who or what did it, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from admin import filters
from admin.order_words import method, provider, reason
from admin.parcel_words import parcel_status
from core.logistics.events import (
    FulfilmentCancelled,
    FulfilmentPlanned,
    FulfilmentReversed,
    GoodsLeft,
    LabelPurchased,
    LabelRefused,
    LabelVoided,
    ParcelMoved,
    TrackingEntered,
)
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
from ports.orders import OrderDetail, PaymentRow, TimelineRow

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
    FulfilmentPlanned.name: Sentence(
        lambda p: _("Shipment %(number)s was planned", number=p["number"]), "box-seam"
    ),
    FulfilmentCancelled.name: Sentence(
        lambda p: _("Shipment %(number)s was called off", number=p["number"]), "x-circle"
    ),
    GoodsLeft.name: Sentence(lambda p: _("Goods left"), "truck", "ok"),
    FulfilmentReversed.name: Sentence(lambda p: _("Goods had not left after all"), "arrow-counterclockwise"),
    TrackingEntered.name: Sentence(
        lambda p: _("Tracking number %(number)s", number=p["tracking_number"]), "upc-scan",
        more=lambda p: str(p["carrier"]),
    ),
    LabelPurchased.name: Sentence(lambda p: _("A label was bought for %(amount)s", amount=_money(p)), "printer"),
    LabelVoided.name: Sentence(
        lambda p: _("A label was given back: %(amount)s", amount=_money(p)), "arrow-counterclockwise"
    ),
    LabelRefused.name: Sentence(
        lambda p: _("The carrier did not sell the label"), "exclamation-octagon-fill", "crit",
        more=lambda p: str(p["reason"]),
    ),
    ParcelMoved.name: Sentence(lambda p: parcel_status(p["status"]), "truck"),
    RefundFailed.name: Sentence(
        lambda p: _("Refund of %(amount)s failed", amount=_money(p)), "exclamation-octagon-fill", "crit", more=_code
    ),
}  # fmt: skip


def entries(order: OrderDetail) -> list[dict[str, Any]]:
    """The order's timeline, newest first. What its payments did before there was an order is told with it."""
    rows = sorted([*_before(order), *order.timeline], key=lambda row: row.occurred_at, reverse=True)
    providers = {str(payment.id): payment.provider for payment in order.payments}
    return [entry(row, providers) for row in rows]


def _before(order: OrderDetail) -> Sequence[TimelineRow]:
    """Authorisations and captures that no line of the timeline tells: they came in with the checkout."""
    placed = max((row.occurred_at for row in order.timeline if row.name == OrderPlaced.name), default=order.placed_at)
    told = {row.payload.get("operation_id") for row in order.timeline if row.name == PaymentCaptured.name}
    authorised = {row.payload.get("payment_id") for row in order.timeline if row.name == PaymentAuthorised.name}
    captures = [
        _from_checkout(PaymentCaptured.name, payment, operation.amount, operation.finished_at or placed, placed)
        for payment in order.payments
        for operation in payment.operations
        if operation.kind == "capture" and operation.state == "succeeded" and str(operation.id) not in told
    ]
    return captures + [
        _from_checkout(PaymentAuthorised.name, payment, payment.authorised, payment.created_at, placed)
        for payment in order.payments
        if payment.authorised.minor > 0 and str(payment.id) not in authorised
    ]


def _from_checkout(name: str, payment: PaymentRow, amount: Money, at: datetime, placed: datetime) -> TimelineRow:
    """A line for what a payment did while there was no order yet; it stands right after the order was placed."""
    payload = {
        "method": payment.method,
        "payment_id": str(payment.id),
        "amount": {"amount": amount.minor, "currency": amount.currency},
    }
    return TimelineRow(payment.id, name, payload, "job", "", max(at, placed))


def entry(row: TimelineRow, providers: Mapping[str, str]) -> dict[str, Any]:
    """One line of the timeline, as the macro takes it; `providers` names who moves which payment (by its id).

    A fact of a later version shows its wire name.
    """
    when = filters.moment(row.occurred_at)
    if row.name == NOTE:
        name = row.actor_label or _("Somebody")
        return {"fact": _("%(name)s commented", name=name), "person": name, "comment": row.payload.get("text", ""),
                "when": when}  # fmt: skip
    told = SENTENCES.get(row.name)
    if told is None:
        return {"fact": row.name, "icon": "circle", "circumstance": _actor(row, providers), "when": when}
    circumstance = ", ".join(part for part in (told.more(row.payload), _actor(row, providers)) if part)
    return {"fact": told.say(row.payload), "circumstance": circumstance, "icon": told.icon, "tone": told.tone,
            "when": when}  # fmt: skip


def _actor(row: TimelineRow, providers: Mapping[str, str]) -> str:
    """Who did it, in the words that follow a fact."""
    if row.actor_kind == "staff":
        return str(_("by %(name)s", name=row.actor_label or _("staff")))
    if row.actor_kind in ("shopper", "key"):
        return str(_("in the web shop"))
    moved_by = providers.get(str(row.payload.get("payment_id")))
    return str(_("by %(provider)s", provider=provider(moved_by)) if moved_by else _("automatically"))
