"""Identifiers that look like a provider's: a prefix and letters and digits nobody can guess."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24, alphabet: str = ALPHABET) -> str:
    """A new identifier such as `pi_3Q...`; `length` counts the characters after the prefix."""
    return f"{prefix}_" + "".join(secrets.choice(alphabet) for _ in range(length))
