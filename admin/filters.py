"""Template filters: `admin/formats.py` bound to the language, region and zone of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zlib import crc32

from markupsafe import Markup

from admin import desk, formats
from core.shared.address import without_punctuation

_PERSON_TONES = 4


def money(value: formats.MoneyLike) -> str:
    """{{ order.total|money }}: "R$ 1.289,00"."""
    return formats.money(value, desk.region())


def amount(value: formats.MoneyLike) -> str:
    """{{ line.total|amount }}: "1.289,00", where the head names the currency."""
    return formats.amount(value, desk.region())


def number(value: int | Decimal) -> str:
    """{{ 1306|number }}: "1.306"."""
    return formats.number(value, desk.region())


def percent(basis_points: int, digits: int = 1) -> str:
    """{{ 4110|percent }}: "41,1 %"; {{ 6500|percent(0) }}: "65 %"."""
    return formats.percent(basis_points, desk.region(), digits)


def _local(value: date | datetime) -> date:
    return value.astimezone(desk.zone()).date() if isinstance(value, datetime) else value


def day(value: date | datetime, year: bool = False) -> str:
    """{{ order.placed_at|day }}: "23 Nov", in the store's zone."""
    return formats.day(_local(value), desk.language(), desk.region(), year=year)


def long_day(value: date | datetime) -> str:
    """{{ row.day|long_day }}: "Monday, 23 November"."""
    return formats.long_day(_local(value), desk.language(), desk.region())


def moment(value: datetime, within: bool = False) -> Markup:
    """{{ order.placed_at|moment }}: "Today 09:07", "23 Nov 22:14", with the exact time as a title.

    In the middle of a sentence: {{ message.sent_at|moment(within=True) }}: "today 09:07".
    """
    words = formats.moment(value, desk.now(), desk.zone(), desk.language(), desk.region(), within=within)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), exact(value), words)


def exact(value: datetime) -> str:
    """{{ error.at|exact }}: "24 Nov 2026 09:12"."""
    return formats.exact(value, desk.zone(), desk.language(), desk.region())


def clock(value: datetime) -> str:
    """{{ job.started_at|clock }}: "09:21", in the store's zone."""
    return formats.clock(value, desk.zone(), desk.language(), desk.region())


def initials(name: str) -> str:
    """{{ person.name|initials }}: the first letters of the first and the last name, "JP"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def person_tone(name: str) -> int:
    """Which of the four grounds a person's initials stand on; the same for the same name."""
    return crc32(name.encode()) % _PERSON_TONES


def cep(postal_code: str, country: str = "BR") -> str:
    """{{ address.postal_code|cep(address.country) }}: "05422-012" for Brazil, as it is elsewhere."""
    digits = without_punctuation(postal_code)
    return f"{digits[:5]}-{digits[5:]}" if country == "BR" and len(digits) == 8 else postal_code


def phone(number: str, country: str | None = None) -> str:
    """{{ address.phone|phone(address.country) }}: "+55 (11) 98765-4321"; the region's country when none is given."""
    return formats.phone(number, country or desk.region().territory or "")


FILTERS: Mapping[str, Callable[..., object]] = {
    function.__name__: function
    for function in (
        *(money, amount, number, percent),
        *(day, long_day, moment, exact, clock),
        *(initials, person_tone, cep, phone),
    )
}
