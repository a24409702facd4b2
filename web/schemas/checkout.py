"""Payment sessions on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma

from core.payments.lifecycle import PaymentState
from core.payments.sessions import SessionState
from core.shared.money import Money
from web.pix import qr
from web.schemas.instants import instant_or_null
from web.schemas.money import MoneySchema, money
from web.schemas.shape import Shape, Text

STATUSES = (
    "requires_action",
    "processing",
    "authorised",
    "captured",
    "awaiting",
    "declined",
    "cancelled",
    "expired",
    "unknown",
)

# A card's money is there or not; of the other methods the shop waits for word.
_PAYMENT_STATUS = {
    PaymentState.CREATED: "requires_action",
    PaymentState.AWAITING: "awaiting",
    PaymentState.AUTHORISED: "authorised",
    PaymentState.CAPTURED: "captured",
    PaymentState.DECLINED: "declined",
    PaymentState.VOIDED: "cancelled",
    PaymentState.EXPIRED: "expired",
}

_SESSION_STATUS = {
    SessionState.OPENING: "unknown",
    SessionState.CLOSING: "processing",
    SessionState.CANCELLED: "cancelled",
    SessionState.EXPIRED: "expired",
}


class OpenSessionSchema(Shape):
    method = Text(required=True, least=1, most=40, metadata={"description": "One of the store's payment methods."})
    return_url = Text(
        required=True,
        least=1,
        most=2000,
        metadata={"description": "Where the shopper comes back to; of an origin of the key.", "format": "uri"},
    )


class CompleteSchema(Shape):
    """Nothing: the cart's session says it all."""


class NextActionSchema(Shape):
    type = ma.fields.String(required=True, validate=ma.validate.OneOf(("redirect", "pix", "boleto", "instructions")))
    url = ma.fields.String(
        metadata={"description": "The payment page; with `pix` and `boleto` only where the provider has one."}
    )
    qr = ma.fields.String(metadata={"description": "With `pix`: the QR code, an SVG in a data URI."})
    copy_paste = ma.fields.String(metadata={"description": "With `pix`: the code itself."})
    number = ma.fields.String(metadata={"description": "With `boleto`: the number under its bars, digits alone."})
    due_on = ma.fields.String(
        metadata={"description": "With `boleto`: the last day on which it can be paid.", "format": "date"}
    )
    text = ma.fields.String(metadata={"description": "With `instructions`: what to do, for people."})


class PaymentSessionSchema(Shape):
    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATUSES))
    amount = ma.fields.Nested(MoneySchema, required=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    next_action = ma.fields.Nested(NextActionSchema, required=True, allow_none=True)


class StillUnknownSchema(Shape):
    """What became of the money is not known yet: repeat with the same key after `Retry-After`."""

    status = ma.fields.String(required=True, validate=ma.validate.OneOf(("unknown",)))
    detail = ma.fields.String(required=True)


def payment_status(state: PaymentState, method: str) -> str:
    """A payment's state in the wire's words; a card whose issuer has not answered is being processed."""
    if state is PaymentState.AWAITING and method == "card":
        return "processing"
    return _PAYMENT_STATUS[state]


def session_status(session: SessionState, payment: PaymentState, method: str) -> str:
    """Where a session stands: its own end counts first, then its payment's state."""
    return _SESSION_STATUS.get(session) or payment_status(payment, method)


def stored_action(action: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a provider told the shopper to do, as it is shown: a Pix code gets its picture here."""
    if action is None:
        return None
    if action["type"] == "pix":
        return {**action, "qr": qr(action["copy_paste"])}
    return dict(action)


def session_body(
    *,
    id: UUID,  # the wire's own names
    method: str,
    state: SessionState,
    payment_state: PaymentState,
    amount: Money,
    expires_at: datetime | None,
    next_action: Mapping[str, Any] | None,
    page: Callable[[UUID], str],
) -> dict[str, Any]:
    """A payment session; `page` gives the address of its payment page."""
    status = session_status(state, payment_state, method)
    action = stored_action(next_action) if status in ("requires_action", "awaiting") else None
    if action is None and status in ("requires_action", "declined"):
        action = {"type": "redirect", "url": page(id)}
    return {
        "id": str(id),
        "method": method,
        "status": status,
        "amount": money(amount),
        "expires_at": instant_or_null(expires_at),
        "next_action": action if state is SessionState.OPEN else None,
    }
