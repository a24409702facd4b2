"""Boletos: the number that a payer types, and the days until which it can be paid and may still come to nothing.

Number (linha digitável), 47 digits: Febraban, "Layout padrão de arrecadação/recebimento" and Carta-circular BACEN
2.926: bank, currency 9, free field and its check digits by module 10, general check digit by module 11, due factor,
amount. The factor counts days from 1997-10-07 and began again at 1000 on 2025-02-22.
Days: https://docs.stripe.com/payments/boleto (a voucher lapses at 23:59 in São Paulo, and a payment on the last day
is heard of on the business day after).
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from sandbox.payments.business_days import at, day_of, later, rolled

BANK = "999"  # a number that no bank has
FACTOR_1000 = date(2025, 2, 22)
WORD_HOUR = 8  # of São Paulo, when banks tell of the day before
DEFAULT_DAYS = 3


def expires_at(now: int, days: int) -> int:
    """The last second of a voucher made now and valid for so many calendar days."""
    return at(day_of(now) + timedelta(days=days), 23, 59, 59)


def lapses_at(expires: int) -> int:
    """When nothing can come of a voucher any more: due on a day off it is paid the next business day, and word of it
    takes one more."""
    return at(later(rolled(day_of(expires)), 1), 23, 59, 59)


def word_at(paid: int) -> int:
    """When word comes of a payment at a bank: the morning of the next business day."""
    return at(later(rolled(day_of(paid)), 1), WORD_HOUR)


def number(identifier: str, amount: int, due: date) -> str:
    """The 47 digits of a voucher. identifier: what the free field is made of; amount: BRL in cents."""
    free = f"{int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % 10**25:025}"
    factor = f"{1000 + (due - FACTOR_1000).days % 9000:04}"
    value = f"{amount:010}"
    general = _module_11(BANK + "9" + factor + value + free)
    fields = (BANK + "9" + free[:5], free[5:15], free[15:])
    return "".join(each + _module_10(each) for each in fields) + general + factor + value


def _module_10(digits: str) -> str:
    products = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(product // 10 + product % 10 for product in products) % 10)


def _module_11(digits: str) -> str:
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(digits)))
    remainder = 11 - total % 11
    return "1" if remainder in {10, 11} else str(remainder)
