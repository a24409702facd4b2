"""How figures, dates and numbers of documents are written in Brazilian Portuguese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

# ISO 4217: currencies whose minor unit is not a hundredth.
EXPONENTS = {"CLP": 0, "JPY": 0, "KRW": 0, "PYG": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "TND": 3}
SYMBOLS = {"BRL": "R$", "USD": "US$", "EUR": "€", "GBP": "£"}
MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
NBSP = "\u00a0"
MINUS = "\u2212"


def money(value: dict[str, Any]) -> str:
    """`{"amount": 12990, "currency": "BRL"}` as "R$ 129,90", from minor units and without floats."""
    minor, currency = int(value["amount"]), str(value["currency"])
    places = EXPONENTS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**places)
    figure = f"{whole:,}".replace(",", ".") + (f",{part:0{places}d}" if places else "")
    sign = MINUS if minor < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency)}{NBSP}{figure}"


def less(value: dict[str, Any]) -> str:
    """An amount that is taken away, whichever sign it came with: "−R$ 12,48"."""
    return money({**value, "amount": -abs(int(value["amount"]))})


def percent_off(price: dict[str, Any], before: dict[str, Any] | None) -> int:
    """By how many whole per cent `price` is below `before`, rounded down; 0 when it is not."""
    if not before or int(before["amount"]) <= int(price["amount"]):
        return 0
    return (int(before["amount"]) - int(price["amount"])) * 100 // int(before["amount"])


def instant(value: str) -> datetime:
    """An RFC 3339 time of the wire as an aware datetime."""
    return datetime.fromisoformat(value.replace("Z", "+00:00"))


def day(value: str, zone: str) -> str:
    """The day of an instant in the store's zone: "18 nov"."""
    local = instant(value).astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1]}"


def date(value: str) -> str:
    """A day of the wire: "27 nov"."""
    _, month, number = value.split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]}"


def boleto(number: str) -> str:
    """The number of a boleto in the groups that banks print: "99991.23456 78901.234567 ..."; any other as it is."""
    if len(number) != 47:
        return number
    fields = (number[:10], number[10:21], number[21:32])
    return " ".join([*(f"{each[:5]}.{each[5:]}" for each in fields), number[32], number[33:]])


def clock(value: str, zone: str) -> str:
    """The time of an instant in the store's zone: "09:28"."""
    return f"{instant(value).astimezone(ZoneInfo(zone)):%H:%M}"


def moment(value: str, zone: str) -> str:
    """Day and time of an instant in the store's zone: "18 nov, 10:37"."""
    return f"{day(value, zone)}, {clock(value, zone)}"


def deadline(value: str, zone: str, now: datetime) -> str:
    """A deadline as people say it: "hoje, 09:28", "amanhã, 09:28" or "18 nov, 10:37"."""
    local = instant(value).astimezone(ZoneInfo(zone))
    ahead = (local.date() - now.astimezone(ZoneInfo(zone)).date()).days
    words = {0: "hoje", 1: "amanhã"}.get(ahead, day(value, zone))
    return f"{words}, {local:%H:%M}"


def transit(days: Sequence[int] | None) -> str:
    """Days of transit as a promise: "chega em 3 a 5 dias"."""
    if not days:
        return "prazo a combinar"
    first, last = days[0], days[-1]
    if last == 0:
        return "chega hoje"
    if first == last:
        return f"chega em {last} {'dia' if last == 1 else 'dias'}"
    return f"chega em {first} a {last} dias"


def pieces(count: int) -> str:
    """A number of pieces in words: "1 peça", "2 peças"."""
    return f"{count} {'peça' if count == 1 else 'peças'}"


def postal_code(value: str | None) -> str:
    """A CEP with its hyphen; anything that is not eight digits as it is."""
    text = value or ""
    return f"{text[:5]}-{text[5:]}" if len(text) == 8 and text.isdigit() else text


def phone(value: str | None) -> str:
    """A Brazilian telephone number as it is written; any other as it is."""
    text = value or ""
    if text.isdigit() and len(text) in (10, 11):
        return f"({text[:2]}) {text[2:-4]}-{text[-4:]}"
    return text
