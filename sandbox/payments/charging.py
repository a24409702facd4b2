"""Effects on money: each writes rows, entries and events together, on an intent locked by the caller."""

from __future__ import annotations

from typing import Any

from sandbox.ids import new_id
from sandbox.payments import balance
from sandbox.payments.books import enter
from sandbox.payments.cards import Decline
from sandbox.payments.events import emit
from sandbox.payments.records import Charge, Intent, PaymentMethod, insert, save
from sandbox.payments.store import Call
from sandbox.payments.wire import charge_json, intent_json, method_json

AUTHORISATION_SECONDS = 7 * 86_400  # https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def tell(call: Call, intent: Intent, happening: str) -> None:
    """Save the intent and emit `payment_intent.<happening>`."""
    save(call.books, intent)
    emit(call, f"payment_intent.{happening}", intent_json(intent))


def _details(call: Call, intent: Intent, method: PaymentMethod, *, authenticated: bool) -> dict[str, Any]:
    if method.type == "pix":
        return {"type": "pix", "pix": {"bank_transaction_id": new_id("E", 31)}}
    if method.type == "boleto":
        return {"type": "boleto", "boleto": {"tax_id": method.billing_details.get("tax_id") or ""}}
    card = method.card or {}
    same = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    secure = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("ds", 20),
        "version": "2.2.0",
    }
    details = {name: card[name] for name in same} | {
        "amount_authorized": intent.amount,
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "checks": {"address_line1_check": None, "address_postal_code_check": None, **card["checks"]},
        "three_d_secure": secure if authenticated else None,
        "wallet": None,
    }
    if intent.capture_method == "manual":
        details["capture_before"] = call.now + AUTHORISATION_SECONDS
    return {"type": "card", "card": details}


def _new_charge(
    call: Call,
    intent: Intent,
    method: PaymentMethod,
    status: str,
    *,
    amount: int | None = None,
    authenticated: bool = False,
    **more: Any,
) -> Charge:
    prefix = "ch" if method.type == "card" else "py"
    charge = Charge(
        id=new_id(prefix),
        account=call.account,
        created=call.now,
        payment_intent=intent.id,
        amount=intent.amount if amount is None else amount,
        currency=intent.currency,
        status=status,
        payment_method=method.id,
        billing_details=method.billing_details,
        description=intent.description,
        payment_method_details=_details(call, intent, method, authenticated=authenticated),
        metadata=intent.metadata,
        **{"captured": False, **more},
    )
    insert(call.books, charge)
    enter(call, intent, charge.id, "charged", charge.amount)
    intent.latest_charge, intent.payment_method = charge.id, method.id
    return charge


def approve(
    call: Call,
    intent: Intent,
    method: PaymentMethod,
    *,
    authenticated: bool = False,
    charge: Charge | None = None,
) -> None:
    """The issuer agrees: money is held, and taken at once unless capture is manual.

    charge: the pending charge that this settles, when there is one.
    """
    charge = charge or _new_charge(call, intent, method, "succeeded", authenticated=authenticated)
    charge.status, charge.outcome = "succeeded", dict(APPROVED)
    enter(call, intent, charge.id, "authorised", charge.amount)
    intent.next_action, intent.last_payment_error, intent.expires_at = None, None, None
    if intent.capture_method == "manual":
        intent.status, intent.amount_capturable = "requires_capture", charge.amount
        intent.expires_at = call.now + AUTHORISATION_SECONDS
    else:
        charge.captured, charge.amount_captured = True, charge.amount
        intent.status, intent.amount_received = "succeeded", intent.amount_received + charge.amount
        taken(call, intent, charge)
    save(call.books, charge)
    emit(call, "charge.succeeded", charge_json(charge))
    tell(call, intent, "succeeded" if charge.captured else "amount_capturable_updated")


def taken(call: Call, intent: Intent, charge: Charge) -> None:
    """Money was taken: enter it, and book it on the account's balance."""
    enter(call, intent, charge.id, "captured", charge.amount_captured)
    balance.captured(call, intent, charge)
    save(call.books, charge)


def decline(
    call: Call, intent: Intent, method: PaymentMethod, refusal: Decline, charge: Charge | None = None
) -> dict[str, Any]:
    """The issuer refuses: the intent wants another method. Returns the error as told to the caller."""
    charge = charge or _new_charge(call, intent, method, "failed")
    charge.status, charge.failure_code, charge.failure_message = "failed", refusal.code, refusal.message
    charge.outcome = {
        **APPROVED,
        "network_status": "declined_by_network",
        "reason": refusal.decline_code or refusal.code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
    enter(call, intent, charge.id, "declined", charge.amount)
    save(call.books, charge)
    emit(call, "charge.failed", charge_json(charge))
    return attempt_failed(call, intent, method, refusal, charge.id)


def attempt_failed(
    call: Call,
    intent: Intent,
    method: PaymentMethod | None,
    refusal: Decline,
    charge: str | None = None,
    type_: str = "card_error",
) -> dict[str, Any]:
    """An attempt came to nothing: back to `requires_payment_method` with the reason. Returns that reason."""
    given = {
        "type": type_,
        "code": refusal.code,
        "decline_code": refusal.decline_code,
        "message": refusal.message,
        "charge": charge,
        "payment_method": method_json(method) if method else None,
    }
    error = {name: value for name, value in given.items() if value is not None}
    intent.status, intent.last_payment_error = "requires_payment_method", error
    intent.next_action, intent.payment_method, intent.expires_at = None, None, None
    tell(call, intent, "payment_failed")
    return error


def challenge(call: Call, intent: Intent, method: PaymentMethod, return_url: str | None) -> None:
    """The issuer wants the cardholder to prove who they are (3-D Secure)."""
    page = f"{call.public_url}/pay/{intent.id}/challenge?client_secret={intent.client_secret}"
    if return_url is None:
        intent.next_action = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page},
        }
    else:
        intent.next_action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": page}}
    intent.status, intent.payment_method, intent.return_url = "requires_action", method.id, return_url
    intent.last_payment_error, intent.expires_at = None, None
    tell(call, intent, "requires_action")


def pend(call: Call, intent: Intent, method: PaymentMethod) -> None:
    """The issuer has not said yet."""
    charge = _new_charge(call, intent, method, "pending")
    intent.status, intent.next_action, intent.last_payment_error = "processing", None, None
    intent.expires_at = None
    emit(call, "charge.pending", charge_json(charge))
    tell(call, intent, "processing")


def receive(call: Call, intent: Intent, method: PaymentMethod, amount: int) -> Charge:
    """Money arrives by Pix or boleto, whatever the intent's state; a cancelled one stays so, with the money."""
    charge = _new_charge(
        call,
        intent,
        method,
        "succeeded",
        amount=amount,
        captured=True,
        amount_captured=amount,
        outcome=dict(APPROVED),
    )
    taken(call, intent, charge)
    intent.amount_received += amount
    emit(call, "charge.succeeded", charge_json(charge))
    if intent.status in {"canceled", "succeeded"}:
        save(call.books, intent)
        return charge
    intent.status, intent.expires_at = "succeeded", None
    intent.next_action, intent.last_payment_error = None, None
    tell(call, intent, "succeeded")
    return charge


def late_card_money(call: Call, intent: Intent, method: PaymentMethod) -> Charge:
    """A planted fault: a card is charged for an intent that was cancelled before, and stays so."""
    charge = _new_charge(
        call,
        intent,
        method,
        "succeeded",
        captured=True,
        amount_captured=intent.amount,
        outcome=dict(APPROVED),
    )
    taken(call, intent, charge)
    intent.amount_received += charge.amount
    emit(call, "charge.succeeded", charge_json(charge))
    save(call.books, intent)
    return charge


def expire(call: Call, intent: Intent) -> None:
    """The code's or voucher's time is over: https://docs.stripe.com/payments/pix/accept-a-payment, expiry."""
    lapsed = Decline(
        "payment_intent_payment_attempt_expired",
        "The latest payment attempt for the PaymentIntent has expired.",
    )
    enter(call, intent, intent.id, "expired", intent.amount)
    attempt_failed(call, intent, None, lapsed, type_="invalid_request_error")
