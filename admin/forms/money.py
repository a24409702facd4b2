"""A field for an amount of money, typed in the manner of the person's region and held as `Money`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import gettext as _
from wtforms import StringField

from admin import formats
from admin.context import store
from admin.desk import region
from core.shared.money import Money, exponent

MAX_MINOR = 10**12


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
    """`text` as it is written in the person's region ("1.289,90"). Raises ValueError in words for the person."""
    try:
        value: Decimal = parse_decimal(text, locale=region(), strict=True)
    except NumberFormatError:
        value = Decimal("NaN")
    minor = value.scaleb(exponent(currency))
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
        example = formats.amount(Money(128990, currency), region())
        raise ValueError(_("Write an amount like %(example)s.", example=example))
    return Money(int(minor), currency)
