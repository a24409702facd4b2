"""A postal address, the same twelve fields everywhere, and Brazil's identifiers.

CPF and CNPJ check digits: modulo 11 as the Receita Federal prescribes; the alphanumeric CNPJ (valid from
July 2026, Instrução Normativa RFB 2.229/2024) takes each character's ASCII code minus 48.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.shared.errors import FieldProblem

_NOT_WORD = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is. `tax_id` and `postal_code` are stored without punctuation, `country` is ISO 3166-1."""

    name: str
    postal_code: str
    street: str
    number: str
    city: str
    region: str
    country: str = "BR"
    company: str | None = None
    tax_id: str | None = None
    phone: str | None = None
    complement: str | None = None
    district: str | None = None


def without_punctuation(value: str) -> str:
    """`value` with only digits and capitals left: how CPF, CNPJ and CEP are stored and compared."""
    return _NOT_WORD.sub("", value.upper())


def _check_digit(characters: str, weights: range | list[int]) -> str:
    rest = sum((ord(c) - 48) * w for c, w in zip(characters, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)


def is_cpf(value: str) -> bool:
    """True when `value` (punctuation allowed) is a CPF with right check digits, not one digit repeated."""
    digits = without_punctuation(value)
    if len(digits) != 11 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    first = _check_digit(digits[:9], range(10, 1, -1))
    second = _check_digit(digits[:9] + first, range(11, 1, -1))
    return digits[9:] == first + second


def is_cnpj(value: str) -> bool:
    """True when `value` (punctuation allowed) is a numeric or alphanumeric CNPJ with right check digits."""
    text = without_punctuation(value)
    if len(text) != 14 or not text[12:].isdecimal() or len(set(text)) == 1:
        return False
    first = _check_digit(text[:12], [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    second = _check_digit(text[:12] + first, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    return text[12:] == first + second


def is_tax_id(value: str) -> bool:
    """True for a CPF or a CNPJ."""
    return is_cpf(value) or is_cnpj(value)


def is_cep(value: str) -> bool:
    """True when `value` is a Brazilian postal code: eight digits, with or without the hyphen."""
    return re.fullmatch(r"\d{5}-?\d{3}", value.strip()) is not None


def address_problems(address: Address, prefix: str) -> list[FieldProblem]:
    """What is wrong with `address`, each under `prefix.field`; empty when all is well."""
    required = ("name", "postal_code", "street", "number", "city", "region", "country")
    problems = [
        FieldProblem(f"{prefix}.{field}", "required", "This is needed for delivery.")
        for field in required
        if not getattr(address, field).strip()
    ]
    if address.country == "BR" and address.postal_code.strip() and not is_cep(address.postal_code):
        problems.append(FieldProblem(f"{prefix}.postal_code", "malformed", "A CEP has eight digits."))
    if address.country == "BR" and address.tax_id and not is_tax_id(address.tax_id):
        problems.append(FieldProblem(f"{prefix}.tax_id", "malformed", "Neither a CPF nor a CNPJ."))
    return problems


def normalised(address: Address) -> Address:
    """`address` with postal code and tax id stripped of punctuation."""
    return replace(
        address,
        postal_code=without_punctuation(address.postal_code),
        tax_id=without_punctuation(address.tax_id) if address.tax_id else None,
    )
