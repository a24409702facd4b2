"""Stripe's words and ours: pure translation. States: https://docs.stripe.com/payments/paymentintents/lifecycle

An unknown state counts as pending: only what is said outright is final.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.payments.lifecycle import Outcome
from core.shared.ids import PaymentId
from core.shared.money import Money
from ports.payments import OpenRequest, RefundSeen, Tender, TenderStatus

_EXPIRED = "payment_intent_payment_attempt_expired"

_AWAITED = frozenset({"pix", "boleto"})
_BANKS_ZONE = ZoneInfo("America/Sao_Paulo")

_REFUNDS = {
    "succeeded": Outcome.SUCCEEDED,
    "failed": Outcome.DECLINED,
    "canceled": Outcome.DECLINED,
    "pending": Outcome.PENDING,
    "requires_action": Outcome.PENDING,
}


def open_parameters(request: OpenRequest) -> dict[str, Any]:
    """What a payment intent is made of. Pix and boleto are confirmed at once, so that they answer with their code."""
    parameters: dict[str, Any] = {
        "amount": request.amount.minor,
        "currency": request.amount.currency.lower(),
        "capture_method": "automatic" if request.capture_at_once else "manual",
        "payment_method_types": [request.method],
        "description": request.description,
        "metadata": {"payment_id": str(request.payment_id)},
    }
    if request.method == "pix":
        parameters |= {"confirm": True, "payment_method_data": {"type": "pix", "billing_details": _payer(request)}}
        if request.expires_at is not None:
            options = {"pix": {"expires_at": int(request.expires_at.timestamp())}}
            parameters["payment_method_options"] = options
    elif request.method == "boleto":
        parameters |= {"confirm": True, "payment_method_data": _boleto(request)}
        if request.due_days is not None:
            parameters["payment_method_options"] = {"boleto": {"expires_after_days": request.due_days}}
    return parameters


def _payer(request: OpenRequest) -> dict[str, Any]:
    billing: dict[str, Any] = {"email": request.email, "name": request.name}
    if request.tax_id:
        billing["tax_id"] = request.tax_id
    return billing


def _boleto(request: OpenRequest) -> dict[str, Any]:
    """Banks register a boleto with its payer's tax id and address:
    https://docs.stripe.com/payments/boleto/accept-a-payment"""
    billing, where = _payer(request), request.address
    tax_id = billing.pop("tax_id", None) or (where.tax_id if where else None)
    if where is not None:
        billing["address"] = {
            "line1": f"{where.street}, {where.number}",
            **({"line2": where.complement} if where.complement else {}),
            "city": where.city,
            "state": where.region,
            "postal_code": where.postal_code,
            "country": where.country,
        }
    return {"type": "boleto", "billing_details": billing, **({"boleto": {"tax_id": tax_id}} if tax_id else {})}


def tender(intent: Any, charge: Any, refunds: Sequence[Any]) -> Tender:
    """A payment intent with its latest charge and refunds as the facts of a tender."""
    currency = intent["currency"].upper()
    zero = Money.zero(currency)
    status = _status(intent)
    return Tender(
        reference=intent["id"],
        status=status,
        amount=Money(intent["amount"], currency),
        authorised=Money(intent["amount_capturable"], currency) if status is TenderStatus.AUTHORISED else zero,
        captured=Money(intent["amount_received"], currency),
        refunds=tuple(refund(item) for item in _given_back(charge, refunds)),
        payment_id=_payment_id(intent.get("metadata") or {}),
        decline_code=_decline_code(intent.get("last_payment_error")),
        details=_details(charge) if charge is not None else {},
        next_action=_next_action(intent),
    )


def _given_back(charge: Any, refunds: Sequence[Any]) -> list[Any]:
    """The refunds that gave money back. What a partial capture let go of stands in Stripe's list too, as a refund
    without a reason that nobody asked for; it was never captured, so it is none to us."""
    released = 0 if charge is None else charge["amount"] - charge["amount_captured"]
    kept = []
    for item in sorted(refunds, key=lambda item: item["created"]):
        asked_for = item.get("reason") or "operation_id" in (item.get("metadata") or {})
        if released and not asked_for and item["amount"] == released:
            released = 0
            continue
        kept.append(item)
    return kept


def refund(item: Any) -> RefundSeen:
    metadata = item.get("metadata") or {}
    return RefundSeen(
        reference=item["id"],
        amount=Money(item["amount"], item["currency"].upper()),
        outcome=_REFUNDS.get(item["status"], Outcome.PENDING),
        key=metadata.get("operation_id"),
        reason=item.get("failure_reason"),
    )


def _status(intent: Any) -> TenderStatus:
    error = intent.get("last_payment_error")
    match intent["status"]:
        case "succeeded":
            return TenderStatus.CAPTURED
        case "requires_capture":
            return TenderStatus.AUTHORISED
        case "canceled":
            return TenderStatus.CANCELLED
        case "requires_payment_method" if error is not None:
            return TenderStatus.EXPIRED if error.get("code") == _EXPIRED else TenderStatus.DECLINED
        case "requires_payment_method" | "requires_confirmation":
            return TenderStatus.NEEDS_SHOPPER
        case "requires_action" if _AWAITED & set(intent["payment_method_types"]):
            return TenderStatus.AWAITING
        case "requires_action":
            return TenderStatus.NEEDS_SHOPPER
    return TenderStatus.PENDING


def _payment_id(metadata: Mapping[str, str]) -> PaymentId | None:
    try:
        return PaymentId(UUID(metadata["payment_id"]))
    except (KeyError, ValueError):
        return None


def _decline_code(error: Any) -> str | None:
    return None if error is None else error.get("decline_code") or error.get("code")


def _details(charge: Any) -> dict[str, Any]:
    """What people want to see of a card, and nothing a card could be used with."""
    details: dict[str, Any] = {"charge": charge["id"]}
    card = (charge.get("payment_method_details") or {}).get("card")
    if card:
        details |= {"brand": card.get("brand"), "last4": card.get("last4"), "funding": card.get("funding")}
        secure = card.get("three_d_secure")
        details["three_d_secure"] = secure.get("result") if secure else None
    return details


def _next_action(intent: Any) -> dict[str, Any] | None:
    action = intent.get("next_action") or {}
    pix = action.get("pix_display_qr_code")
    if pix:
        page = pix.get("hosted_instructions_url")
        return {"type": "pix", "copy_paste": pix["data"], **({"url": page} if page else {})}
    boleto = action.get("boleto_display_details")
    return _boleto_action(boleto) if boleto else None


def _boleto_action(boleto: Mapping[str, Any]) -> dict[str, Any]:
    """The number to type, the day it is due in São Paulo, and where the boleto itself is."""
    shown = {"number": boleto.get("number"), "url": boleto.get("hosted_voucher_url")}
    if boleto.get("expires_at"):
        last = datetime.fromtimestamp(boleto["expires_at"], UTC)
        shown["due_on"] = last.astimezone(_BANKS_ZONE).date().isoformat()
    return {"type": "boleto", **{name: value for name, value in shown.items() if value}}
