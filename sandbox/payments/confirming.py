"""Confirming an intent: the attempt to pay it with its method, by the API or on the payment page."""

from __future__ import annotations

from typing import Any

from sandbox.payments import charging, vouchers
from sandbox.payments.accounts import merchant
from sandbox.payments.cards import APPROVE, CHALLENGE, DECLINES
from sandbox.payments.errors import Answer, invalid, refused
from sandbox.payments.pix import copy_and_paste
from sandbox.payments.records import Intent, PaymentMethod, find
from sandbox.payments.store import Call
from sandbox.payments.wire import intent_json

PIX_SECONDS = 14_400  # default life of a code: https://docs.stripe.com/payments/pix/accept-a-payment
PIX_LONGEST = 14 * 86_400


def confirm(call: Call, intent: Intent, given: dict[str, Any]) -> Answer:
    """Attempt the payment; 402 when the issuer refuses, which leaves the failed attempt in the books.

    Raises ApiError 400 when there is no method or it is not one of the intent's types.
    """
    if intent.payment_method is None:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise refused(message, code="payment_intent_unexpected_state", payment_intent=intent_json(intent))
    method = find(call, PaymentMethod, intent.payment_method)
    if method.type not in intent.payment_method_types:
        raise refused(
            f"The PaymentMethod provided ({method.type}) is not allowed for this PaymentIntent.",
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )
    intent.return_url = given.get("return_url", intent.return_url)
    if method.type == "pix":
        show_pix(call, intent, method)
    elif method.type == "boleto":
        vouchers.show(call, intent, method)
    else:
        error = _attempt_card(call, intent, method)
        if error is not None:
            return Answer(402, {"error": {**error, "payment_intent": intent_json(intent)}})
    return Answer(200, intent_json(intent))


def _attempt_card(call: Call, intent: Intent, method: PaymentMethod) -> dict[str, Any] | None:
    wanted = intent.payment_method_options.get("card", {}).get("request_three_d_secure", "automatic")
    if method.behaviour in DECLINES:
        return charging.decline(call, intent, method, DECLINES[method.behaviour])
    if method.behaviour == CHALLENGE or wanted in {"any", "challenge"}:
        charging.challenge(call, intent, method, intent.return_url)
    elif method.behaviour == APPROVE:
        charging.approve(call, intent, method)
    else:
        raise RuntimeError(f"no issuer behaves like {method.behaviour}")
    return None


def _pix_deadline(call: Call, intent: Intent) -> int:
    options = intent.payment_method_options.get("pix", {})
    if "expires_at" in options and "expires_after_seconds" in options:
        raise invalid("Give expires_at or expires_after_seconds, not both", param="payment_method_options[pix]")
    deadline = int(options.get("expires_at", call.now + options.get("expires_after_seconds", PIX_SECONDS)))
    if not call.now + 10 <= deadline <= call.now + PIX_LONGEST:
        message = "A Pix code lives for 10 seconds to 14 days."
        raise invalid(message, param="payment_method_options[pix][expires_at]")
    return deadline


def show_pix(call: Call, intent: Intent, method: PaymentMethod) -> None:
    """Make the code that the payer's bank reads. Raises ApiError 400 for manual capture or a bad deadline."""
    if intent.capture_method == "manual":
        raise invalid("The payment method type pix does not support manual capture.", param="capture_method")
    seller = merchant(call.books, call.account)
    intent.expires_at = _pix_deadline(call, intent)
    location = f"pix.sandbox.example/v2/{intent.id.removeprefix('pi_')}"
    page = f"{call.public_url}/pay/{intent.id}?client_secret={intent.client_secret}"
    image = f"{call.public_url}/pix/{intent.id}"
    code = {
        "data": copy_and_paste(location, intent.amount, seller.name, seller.city),
        "expires_at": intent.expires_at,
        "hosted_instructions_url": page,
        "image_url_png": f"{image}.png",
        "image_url_svg": f"{image}.svg",
    }
    intent.next_action = {"type": "pix_display_qr_code", "pix_display_qr_code": code}
    intent.status, intent.payment_method, intent.last_payment_error = "requires_action", method.id, None
    charging.tell(call, intent, "requires_action")
