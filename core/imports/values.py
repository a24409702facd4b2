"""Cells as values: prices, weights, counts, yes and no. Integers only; no float is ever made."""

from __future__ import annotations

import re

from core.imports.problems import BadValue
from core.shared.money import exponent, round_half_even

MAX_PRICE_DIGITS = 13
MAX_GRAMS = 1_000_000
MAX_QUANTITY = 1_000_000_000

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_CURRENCY_SIGN = re.compile(r"^(?:R\$|US\$|[$€£¥]|[A-Z]{3}(?=[ 0-9]))|(?:€|R\$)$")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_LOOK_ALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "S": "5"})

# Grams in one unit, as a fraction: the avoirdupois pound is 453.59237 g by definition (1959).
_GRAMS = {
    "": (1, 1), "g": (1, 1), "kg": (1000, 1),
    "lb": (45_359_237, 100_000), "lbs": (45_359_237, 100_000),
    "oz": (45_359_237, 1_600_000),
}  # fmt: skip
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_WEIGHT = re.compile(r"([0-9.,]+)\s*([A-Za-z]*)")

_TRUE = frozenset({"true", "yes", "1", "t", "y", "sim", "verdadeiro"})
_FALSE = frozenset({"false", "no", "0", "f", "n", "nao", "não", "falso"})


def decimal(text: str, *, point_is_decimal: bool = False) -> tuple[int, int]:
    """A written number, with a decimal point or comma, as (digits, number of decimals): "1.289,90" is (128990, 2).

    One separator before exactly three digits could mean either, so it is refused, unless `point_is_decimal` says
    that whoever wrote the column means a decimal point. Raises BadValue.
    """
    if not _NUMBER.fullmatch(text):
        repaired = text.translate(_LOOK_ALIKES)
        repair = repaired if _NUMBER.fullmatch(repaired) else None
        raise BadValue("not_a_number", "Is not a number.", repair)
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return int_of(text), 0
    last = marks[-1]
    whole, _, fraction = text.rpartition(last)
    if len(marks) > 1:
        if marks.count(last) > 1 or last in marks[:-1]:
            if not _GROUPED.fullmatch(text):
                raise BadValue("not_a_number", "Is not a number.")
            return int_of(re.sub("[.,]", "", text)), 0
        if not _GROUPED.fullmatch(whole):
            raise BadValue("not_a_number", "Is not a number.")
        whole = re.sub("[.,]", "", whole)
    elif len(fraction) == 3 and whole != "0" and not (point_is_decimal and last == "."):
        raise BadValue("ambiguous_number", "Could be thousands or decimals; write it without a separator.")
    return int_of(whole + fraction), len(fraction)


def int_of(digits: str) -> int:
    """`digits` as an integer. Raises BadValue beyond 30 of them."""
    if len(digits) > 30:
        raise BadValue("out_of_range", "The number is too large.")
    return int(digits)


def price(text: str, currency: str) -> int:
    """A price in minor units of `currency`: "89,90", "R$ 1.289,00", "50". Raises BadValue."""
    stripped = _CURRENCY_SIGN.sub("", _SPACES.sub("", text))
    negative = stripped.startswith(("-", "\N{MINUS SIGN}")) or (stripped[:1] == "(" and stripped[-1:] == ")")
    bare = stripped.strip("-\N{MINUS SIGN}()+")
    places = exponent(currency)
    digits, decimals = decimal(_CURRENCY_SIGN.sub("", bare), point_is_decimal=places == 3)
    if negative and digits:
        raise BadValue("negative", "A price is zero or more.", bare)
    while decimals > places and digits % 10 == 0:
        digits, decimals = digits // 10, decimals - 1
    if decimals > places:
        raise BadValue("too_precise", f"{currency} has {places} decimals.")
    minor: int = digits * 10 ** (places - decimals)
    if len(str(minor)) > MAX_PRICE_DIGITS:
        raise BadValue("out_of_range", "The price is too large.")
    return minor


def grams(text: str, unit: str = "") -> int:
    """A weight in whole grams. `unit` (g, kg, lb, oz; "" is g) counts unless the cell names one itself: "1,2 kg".

    Raises BadValue.
    """
    found = _WEIGHT.fullmatch(text.strip())
    if found is None:
        if text.strip().startswith(("-", "\N{MINUS SIGN}")):
            raise BadValue("negative", "A weight is zero or more.")
        raise BadValue("not_a_number", "Is not a weight.")
    number, own_unit = found[1], found[2] or unit
    try:
        numerator, denominator = _GRAMS[own_unit.strip().lower()]
    except KeyError:
        raise BadValue("unknown_unit", "A weight is in g, kg, lb or oz.") from None
    digits, decimals = decimal(number, point_is_decimal=True)
    result = round_half_even(digits * numerator, denominator * 10**decimals)
    if result > MAX_GRAMS:
        raise BadValue("out_of_range", "A weight is between 0 g and 1,000 kg.")
    return result


def quantity(text: str) -> int:
    """A count of units, zero or more. Raises BadValue."""
    stripped = text.strip()
    if stripped.startswith(("-", "\N{MINUS SIGN}")):
        raise BadValue("negative", "Stock is zero or more.", "0")
    digits, decimals = decimal(stripped, point_is_decimal=True)
    units, rest = divmod(digits, int(10**decimals))
    if rest:
        raise BadValue("not_whole", "Stock is counted in whole units.")
    if units > MAX_QUANTITY:
        raise BadValue("out_of_range", "The count is too large.")
    return units


def yes_or_no(text: str) -> bool:
    """true or false, in the words that spreadsheets write. Raises BadValue."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue("not_true_or_false", "Is neither true nor false.")


def web_address(text: str) -> str:
    """An address of a picture: http or https with a host. Raises BadValue."""
    stripped = text.strip()
    if len(stripped) > 2048:
        raise BadValue("too_long", "An address has at most 2,048 characters.")
    if not _ADDRESS.fullmatch(stripped):
        raise BadValue("not_an_address", "Is not an address that begins with http:// or https://.")
    return stripped
