"""Tracking numbers as people type them, and the check digit of those that have the postal unions' form.

S10 (Universal Postal Union, standard S10-12: identification of postal items): two letters, eight digits, a check digit,
the country's two letters. Weights 8 6 4 2 3 5 9 7; 11 minus the sum modulo 11; 10 counts as 0 and 11 as 5. The service
letters are not judged: the Correios use some that the standard reserves.
"""

from __future__ import annotations

import re

from core.logistics.errors import WrongTrackingNumber

MAX_LENGTH = 60
_NOT_IN_NUMBERS = re.compile(r"[\s.\-]+")
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_FORM = re.compile(r"[0-9A-Z/_:]+")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def fold_number(typed: str) -> str:
    """`typed` without spaces, dots and hyphens and in capitals: how numbers are compared."""
    return _NOT_IN_NUMBERS.sub("", typed).upper()


def s10_check_digit(digits: str) -> int:
    """The check digit of an S10 item's eight digits."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def checked_number(typed: str) -> str:
    """`typed`, trimmed. Raises WrongTrackingNumber for none, an odd one, or a wrong check digit of an S10 number."""
    number = typed.strip()
    folded = fold_number(number)
    if not folded or len(number) > MAX_LENGTH or not _FORM.fullmatch(folded):
        raise WrongTrackingNumber(f"A tracking number has letters and digits, at most {MAX_LENGTH}.")
    if (form := _S10.fullmatch(folded)) and int(form[2]) != s10_check_digit(form[1]):
        raise WrongTrackingNumber(f"The check digit of {folded} is wrong; look at the number again.")
    return number
