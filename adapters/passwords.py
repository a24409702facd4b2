"""Passwords under argon2id with the parameters of RFC 9106's second recommendation (64 MiB, three passes)."""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """`memory_kib` and `passes` are lowered by tests only."""

    def __init__(self, *, memory_kib: int = 65536, passes: int = 3) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=4, hash_len=32, salt_len=16, type=Type.ID
        )

    @cached_property
    def _nobody(self) -> str:
        """What is compared for nobody's account, so that it takes as long as for somebody's."""
        return self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, password: str, stored: str | None) -> bool:
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
