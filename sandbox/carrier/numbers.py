"""Tracking numbers as the carriers make them."""

from __future__ import annotations

import secrets

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10(letters: str, serial: int, country: str = "BR") -> str:
    """A postal item identifier by UPU standard S10: two letters, eight digits, check digit, country.

    serial: 0 to 99,999,999.
    """
    digits = f"{serial:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(digits, S10_WEIGHTS, strict=True)) % 11
    check = {10: 0, 11: 5}.get(rest, rest)
    return f"{letters}{digits}{check}{country}"


def new_number(carrier: str, service: str) -> str:
    """A number that nobody has had, in the carrier's own form."""
    if carrier == "Correios":
        return s10("QB" if service == "PAC" else "OV", secrets.randbelow(10**8))
    if carrier == "Jadlog":
        return f"{secrets.randbelow(9 * 10**13) + 10**13}"
    return f"LG{secrets.randbelow(9 * 10**10) + 10**10}"
