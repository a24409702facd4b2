"""Test cards: what an issuer does with each (numbers: https://docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.ids import new_id
from sandbox.payments.errors import ApiError, invalid
from sandbox.payments.records import PaymentMethod, find, insert
from sandbox.payments.store import Call

APPROVE = "approve"
CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True)
class Decline:
    """An issuer's refusal, as codes and a sentence for the cardholder."""

    code: str
    message: str
    decline_code: str | None = None


DECLINES = {
    "generic_decline": Decline("card_declined", "Your card was declined.", "generic_decline"),
    "insufficient_funds": Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds"),
    "lost_card": Decline("card_declined", "Your card was declined.", "lost_card"),
    "test_mode_live_card": Decline(
        "card_declined",
        "Your card was declined. Your request was in test mode, but used a non test card.",
        "test_mode_live_card",
    ),
    "expired_card": Decline("expired_card", "Your card has expired."),
    "incorrect_cvc": Decline("incorrect_cvc", "Your card's security code is incorrect."),
    "processing_error": Decline(
        "processing_error", "An error occurred while processing your card. Try again in a little bit."
    ),
    "authentication": Decline(
        "payment_intent_authentication_failure",
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    ),
}

NUMBERS = {
    "4242424242424242": ("visa", "credit", "US", APPROVE),
    "4000056655665556": ("visa", "debit", "US", APPROVE),
    "4000000760000002": ("visa", "credit", "BR", APPROVE),
    "5555555555554444": ("mastercard", "credit", "US", APPROVE),
    "378282246310005": ("amex", "credit", "US", APPROVE),
    "4000000000000002": ("visa", "credit", "US", "generic_decline"),
    "4000000000009995": ("visa", "credit", "US", "insufficient_funds"),
    "4000000000009987": ("visa", "credit", "US", "lost_card"),
    "4000000000000069": ("visa", "credit", "US", "expired_card"),
    "4000000000000127": ("visa", "credit", "US", "incorrect_cvc"),
    "4000000000000119": ("visa", "credit", "US", "processing_error"),
    "4000002500003155": ("visa", "credit", "US", CHALLENGE),
    "4000002760003184": ("visa", "credit", "DE", CHALLENGE),
}

NAMED = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_br": "4000000760000002",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_threeDSecure2Required": "4000002500003155",
}


def luhn(number: str) -> bool:
    """Whether the check digit holds (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _card(number: str, month: int, year: int) -> tuple[dict[str, Any], str]:
    brand, funding, country, behaviour = NUMBERS.get(number, ("unknown", "unknown", None, "test_mode_live_card"))
    card = {
        "brand": brand,
        "display_brand": brand,
        "checks": {"cvc_check": "pass"},
        "country": country,
        "exp_month": month,
        "exp_year": year,
        "funding": funding,
        "last4": number[-4:],
        "fingerprint": None,
        "generated_from": None,
        "networks": {"available": [brand], "preferred": None},
        "wallet": None,
        "three_d_secure_usage": {"supported": True},
    }
    return card, behaviour


def _billing(given: dict[str, Any]) -> dict[str, Any]:
    address = given.get("address")
    if address is not None:
        names = ("city", "country", "line1", "line2", "postal_code", "state")
        address = {name: address.get(name) or None for name in names}
    plain = {name: given.get(name) or None for name in ("email", "name", "phone", "tax_id")}
    return {"address": address, **plain}


def make_method(call: Call, data: dict[str, Any]) -> PaymentMethod:
    """Keep a new payment method; card data come only by POST /v1/payment_methods, as the provider describes.

    Raises ApiError: 402 for a number that is no card number, 400 when its details are missing.
    """
    card, behaviour = None, APPROVE
    billing = _billing(data.get("billing_details") or {})
    if data.get("boleto"):
        billing["tax_id"] = data["boleto"]["tax_id"]
    if data["type"] == "card":
        details = data.get("card")
        if not details:
            raise invalid("Missing required param: card.", param="card", code="parameter_missing")
        number = details["number"].replace(" ", "")
        if not number.isascii() or not number.isdigit() or not 12 <= len(number) <= 19 or not luhn(number):
            raise ApiError(402, "card_error", "Your card number is incorrect.", code="incorrect_number", param="number")
        card, behaviour = _card(number, details["exp_month"], details["exp_year"])
    method = PaymentMethod(
        id=new_id("pm"),
        account=call.account,
        created=call.now,
        type=data["type"],
        card=card,
        billing_details=billing,
        behaviour=behaviour,
    )
    insert(call.books, method)
    return method


def named_method(call: Call, identifier: str) -> PaymentMethod:
    """A stored payment method, or a new one from a name such as `pm_card_visa`.

    Raises ApiError 404 `resource_missing`.
    """
    number = NAMED.get(identifier)
    if number is None:
        return find(call, PaymentMethod, identifier, param="payment_method")
    details = {"number": number, "exp_month": 12, "exp_year": 2034}
    return make_method(call, {"type": "card", "card": details})
