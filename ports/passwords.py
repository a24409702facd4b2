"""Passwords are kept as slow hashes only."""

from __future__ import annotations

from typing import Protocol


class PasswordHasher(Protocol):
    """Hashing takes tens of milliseconds by design: never inside a transaction."""

    def hash(self, password: str) -> str: ...

    def verify(self, password: str, stored: str | None) -> bool:
        """Whether `password` made `stored`. None, for nobody's account, is False and takes as long."""
        ...
