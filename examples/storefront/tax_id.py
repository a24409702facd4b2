"""CPF and CNPJ: written with punctuation, checked by their two check digits.

Rules of the Receita Federal; the alphanumeric CNPJ (from July 2026) takes a character's value as its
ASCII code less 48, so digits keep theirs (Instrução Normativa RFB 2.229/2024).
"""

from __future__ import annotations

import re

CPF_WEIGHTS = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
CNPJ_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def compact(value: str) -> str:
    """What was typed without punctuation and blanks, in capitals."""
    return re.sub(r"[\s./\-]", "", value).upper()


def is_valid(value: str) -> bool:
    """Whether `value`, with or without punctuation, is a CPF or CNPJ whose check digits are right."""
    text = compact(value)
    if re.fullmatch(r"\d{11}", text, re.ASCII):
        return len(set(text)) > 1 and text[9:] == _check(text[:9], CPF_WEIGHTS)
    if re.fullmatch(r"[0-9A-Z]{12}\d{2}", text, re.ASCII):
        return len(set(text)) > 1 and text[12:] == _check(text[:12], CNPJ_WEIGHTS)
    return False


def name_of(value: str) -> str:
    """Which of the two documents `value` is, by its length."""
    return "CPF" if len(compact(value)) <= 11 else "CNPJ"


def punctuated(value: str | None) -> str:
    """A CPF or CNPJ as it is written on paper; anything else as it came."""
    text = compact(value or "")
    if len(text) == 11:
        return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"
    if len(text) == 14:
        return f"{text[:2]}.{text[2:5]}.{text[5:8]}/{text[8:12]}-{text[12:]}"
    return value or ""


def masked(value: str | None) -> str:
    """The document with its ends hidden, enough to be recognised by its holder."""
    text = punctuated(value)
    if len(text) == 14:
        return f"•••{text[3:11]}-••"
    return f"••{text[2:15]}-••" if len(text) == 18 else text


def _check(stem: str, weights: tuple[int, ...]) -> str:
    digits = ""
    for _ in range(2):
        known = stem + digits
        rest = sum((ord(char) - 48) * weight for char, weight in zip(known, weights[-len(known) :], strict=True)) % 11
        digits += "0" if rest < 2 else str(11 - rest)
    return digits
