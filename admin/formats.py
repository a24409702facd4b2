"""Money, numbers and times as people read them.

Language and region are two settings: words and month names follow the language; separators, currency signs
and the clock follow the region, so an English interface in a Brazilian shop shows "23 Nov 22:14" and
"R$ 1.289,00". Patterns are CLDR's (https://cldr.unicode.org), through Babel.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from flask_babel import gettext as _

from core.shared.money import exponent

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class MoneyLike(Protocol):
    """Anything with an amount in minor units and an ISO 4217 code."""

    @property
    def minor(self) -> int: ...
    @property
    def currency(self) -> str: ...


def _scaled(amount: MoneyLike) -> Decimal:
    return Decimal(amount.minor).scaleb(-exponent(amount.currency))


def _parenthesised(text: str, negative: bool) -> str:
    return f"({text})" if negative else text


def _fraction(currency: str) -> str:
    digits = exponent(currency)
    return "." + "0" * digits if digits else ""


def money(amount: MoneyLike, region: Locale) -> str:
    """`amount` with its currency's sign in the manner of `region`; negative in parentheses: "(R$ 62,91)"."""
    value = _scaled(amount)
    pattern = region.currency_formats["standard"].pattern.split(";")[0]
    pattern = pattern.replace(".00", _fraction(amount.currency))
    text = format_currency(abs(value), amount.currency, pattern, locale=region, currency_digits=False)
    return _parenthesised(text, value < 0)


def amount(value: MoneyLike, region: Locale) -> str:
    """`value` without its currency, for columns whose head names it: "1.289,00", "(62,91)"."""
    scaled = _scaled(value)
    text = format_decimal(abs(scaled), "#,##0" + _fraction(value.currency), locale=region)
    return _parenthesised(text, scaled < 0)


def number(value: int | Decimal, region: Locale) -> str:
    """A count or a measure with the separators of `region`."""
    return format_decimal(value, locale=region)


def percent(basis_points: int, region: Locale, digits: int = 1) -> str:
    """Hundredths of a percent as a percentage of `digits` decimals, a gap before the sign: "41,1 %"."""
    pattern = "0." + "0" * digits if digits else "0"
    return format_decimal(Decimal(basis_points).scaleb(-2), pattern, locale=region) + _NO_BREAK_SPACE + "%"


def calendar(language: Locale, region: Locale) -> Locale:
    """The locale that dates are written in: the words of `language`, the order of `region` where both exist.

    English outside the countries that have their own English takes "world English" (day before month).
    """
    for territory in (region.territory, "001" if language.language == "en" else None):
        if territory is None:
            continue
        try:
            return Locale(language.language, territory)
        except UnknownLocaleError:
            continue
    return language


def day(value: date, language: Locale, region: Locale, *, year: bool = False) -> str:
    """A date without its time: "23 Nov", with `year` "23 Nov 2026"."""
    return format_skeleton("yMMMd" if year else "MMMd", value, locale=calendar(language, region))


def long_day(value: date, language: Locale, region: Locale) -> str:
    """A date in words, for headings: "Monday, 23 November"."""
    written = calendar(language, region)
    return f"{format_date(value, 'EEEE', locale=written)}, {format_skeleton('MMMMd', value, locale=written)}"


def clock(value: datetime, zone: tzinfo, language: Locale, region: Locale) -> str:
    """The time of day in `zone`, to the minute, in the clock (24 or 12 hours) of `region`."""
    pattern = str(region.time_formats["short"].pattern)
    return format_time(value, pattern, tzinfo=zone, locale=calendar(language, region))


def moment(
    value: datetime, now: datetime, zone: tzinfo, language: Locale, region: Locale, *, within: bool = False
) -> str:
    """An instant as lists show it: "Today 09:07", "23 Nov 22:14", "3 Feb 2025" in another year.

    `value` and `now` are aware; days are those of `zone`, the store's. `within` a sentence it is "today 09:07".
    """
    local, today = value.astimezone(zone).date(), now.astimezone(zone).date()
    time = clock(value, zone, language, region)
    if local == today:
        return str(_("today %(time)s", time=time) if within else _("Today %(time)s", time=time))
    if local.year != today.year:
        return day(local, language, region, year=True)
    return f"{day(local, language, region)} {time}"


def exact(value: datetime, zone: tzinfo, language: Locale, region: Locale) -> str:
    """An instant in full, for titles of shortened times and for error reports: "24 Nov 2026 09:12"."""
    local = value.astimezone(zone).date()
    return f"{day(local, language, region, year=True)} {clock(value, zone, language, region)}"


# A Brazilian number is an area code of two digits and eight digits, nine for a mobile phone, which begins with 9.
# https://www.gov.br/anatel/pt-br/regulado/numeracao
_BRAZILIAN = re.compile(r"(?:\+?55)?0?([1-9]{2})(9?[0-9]{4})([0-9]{4})")
_BETWEEN = re.compile(r"[\s().\-/]")


def phone(number: str, country: str) -> str:
    """A telephone number for people: a Brazilian one as "+55 (11) 98765-4321", any other as it was typed.

    :param number: as typed, or digits
    :param country: ISO 3166 of who has it; a number with another country's prefix is never taken for Brazilian
    """
    digits = _BETWEEN.sub("", number)
    found = _BRAZILIAN.fullmatch(digits) if country == "BR" or digits.startswith("+55") else None
    return f"+55 ({found[1]}) {found[2]}-{found[3]}" if found else number
