"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency

from core.shared.money import Money, exponent


def money(amount: Money, region: Locale) -> str:
    """`amount` with its currency's sign in the manner of `region`: "R$ 1.234,56"."""
    digits = exponent(amount.currency)
    pattern = region.currency_formats["standard"].pattern.split(";")[0].replace(".00", "." + "0" * digits)
    value = Decimal(amount.minor).scaleb(-digits)
    return str(format_currency(value, amount.currency, pattern.rstrip("."), locale=region, currency_digits=False))
