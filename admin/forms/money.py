"""A field for an amount of money, typed in the manner of the person's region and held as `Money`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, get_currency_symbol, get_decimal_symbol, parse_decimal
from flask_babel import gettext as _
from wtforms import StringField

from admin import formats
from admin.context import store
from admin.desk import region
from core.shared.money import Money, exponent

MAX_MINOR = 10**12
_ONE_SIGN = re.compile(r"(-?\d+)[.,](\d{1,2})")


def store_currency() -> str:
    """The currency that the store's prices are in."""
    return store().currency


class MoneyField(StringField):
    """`data` is Money in the store's currency, or None for an empty field."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return formats.amount(self.data, region()) if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = parse_money(text, store_currency()) if text else None


def parse_money(text: str, currency: str) -> Money:
    """`text` as it is written in the person's region ("1.289,90"). Raises ValueError in words for the person.

    A sign before one or two last digits can only be the decimal one, so "125.82" is understood in every region.
    """
    try:
        value: Decimal = parse_decimal(_regional(text, currency), locale=region(), strict=True)
    except NumberFormatError:
        value = Decimal("NaN")
    minor = value.scaleb(exponent(currency))
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
        example = formats.amount(Money(128990, currency), region())
        raise ValueError(_("Write an amount like %(example)s.", example=example))
    return Money(int(minor), currency)


def _regional(text: str, currency: str) -> str:
    """`text` without the currency's sign, its decimal sign that of the region."""
    bare = text.replace(get_currency_symbol(currency, locale=region()), "").replace("\xa0", "").strip()
    plain = _ONE_SIGN.fullmatch(bare)
    return f"{plain[1]}{get_decimal_symbol(region())}{plain[2]}" if plain else bare
