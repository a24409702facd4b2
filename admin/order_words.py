"""Orders and their money in words: numbers, payment methods, providers, kinds of exceptions, reasons."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import get_currency_symbol
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from admin.context import store
from admin.desk import region
from core.reconciliation.model import MONEY_FITS, ORDER_CANCELLED, ExceptionKind
from ports.orders import PaymentRow

_BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "elo": "Elo",
    "hipercard": "Hipercard",
    "mastercard": "Mastercard",
    "visa": "Visa",
}

METHODS: Mapping[str, LazyString] = {
    "card": _l("Card"),
    "pix": _l("Pix"),
    "boleto": _l("Boleto"),
    "bank_transfer": _l("Bank transfer"),
    "cash_on_delivery": _l("Cash on delivery"),
}

_PROVIDERS = {"stripe": "Stripe"}

EXCEPTIONS: Mapping[ExceptionKind, LazyString] = {
    ExceptionKind.LATE_PAYMENT: _l("Money came late"),
    ExceptionKind.DUPLICATE_CHARGE: _l("Paid twice"),
    ExceptionKind.AMOUNT_OVER: _l("Paid more than asked"),
    ExceptionKind.AMOUNT_UNDER: _l("Paid less than asked"),
    ExceptionKind.MISSING_AT_PROVIDER: _l("Not at the provider"),
    ExceptionKind.MISSING_INTERNALLY: _l("Not in our books"),
    ExceptionKind.FEE_MISMATCH: _l("Fee not as agreed"),
    ExceptionKind.DUPLICATE_PROVIDER_LINE: _l("Line told twice"),
    ExceptionKind.REFUND_MISMATCH: _l("Refund of another amount"),
    ExceptionKind.REFUND_FAILED: _l("Refund came back"),
    ExceptionKind.DISPUTE_OPENED: _l("Payment disputed"),
    ExceptionKind.DISPUTE_WON: _l("Dispute won"),
    ExceptionKind.DISPUTE_LOST: _l("Dispute lost"),
    ExceptionKind.UNEXPECTED_ADJUSTMENT: _l("New kind of line"),
    ExceptionKind.PAYOUT_SHORT: _l("Payout too small"),
    ExceptionKind.PAYOUT_OVER: _l("Payout too large"),
    ExceptionKind.PAYOUT_FAILED: _l("Payout came back"),
}

_EXPLANATIONS: Mapping[str, LazyString] = {
    MONEY_FITS: _l("More money came in, so this figure no longer stands."),
    ORDER_CANCELLED: _l("The order was cancelled, so nothing more is asked for."),
}

_REASONS: Mapping[str, LazyString] = {"payment_deadline": _l("its payment did not come in time")}


def order_number(number: int) -> str:
    """{{ 10482|order_number }}: "CI-10482", with the store's prefix; the number alone is what the wire has."""
    return f"{store().order_prefix}{number}"


def method(name: str) -> str:
    """A payment method by its wire name; one of a later plugin shows its own."""
    return str(METHODS.get(name, name.replace("_", " ").capitalize()))


def sign(currency: str) -> str:
    """{{ "BRL"|sign }}: "R$", as it stands before a field."""
    return str(get_currency_symbol(currency, locale=region()))


def tender(payment: PaymentRow) -> str:
    """What somebody pays with: "Visa ending 4242", "Pix"."""
    last4 = payment.details.get("last4")
    if payment.method == "card" and last4:
        brand = str(payment.details.get("brand") or "")
        shown = _BRANDS.get(brand, brand.capitalize()) or method("card")
        return str(_("%(brand)s ending %(last4)s", brand=shown, last4=last4))
    return method(payment.method)


def provider(name: str) -> str:
    """Who moves the money, by the provider's wire name; money by hand is moved by the shop itself."""
    return str(_("your shop")) if name == "manual" else _PROVIDERS.get(name, name.capitalize())


def reason(text: str) -> str:
    """Why an order was cancelled: what staff wrote, or the words for what the machine did."""
    return str(_REASONS.get(text, text))


def explanation(text: str) -> str:
    """What became of the money of an exception: what somebody wrote, or the words for what explained itself."""
    return str(_EXPLANATIONS.get(text, text))
