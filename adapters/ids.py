"""UUIDv7 (RFC 9562, section 5.7) and secrets from the operating system's randomness."""

from __future__ import annotations

import os
import secrets
import struct
import threading
import time
from uuid import UUID

# How many ids one call of the operating system has randomness for.
DRAWN = 256

_forks = 0


def _forked() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_child=_forked)


class RandomIds:
    """48 bits of milliseconds, a 12-bit counter that keeps ids of one millisecond in order, 62 random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._drawn: list[int] = []
        self._drawn_in = 0

    def new(self) -> UUID:
        with self._lock:
            # Milliseconds and counter are one number, so a full counter or a clock set back moves on by itself.
            self._last = stamp = max(self._last + 1, time.time_ns() // 1_000_000 << 12)
            if not self._drawn or self._drawn_in != _forks:
                self._draw()
            random = self._drawn.pop() >> 2
        value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random
        return UUID(int=value)

    def _draw(self) -> None:
        """Ask for the randomness of many ids at once; a process that was forked off asks for its own."""
        self._drawn = list(struct.unpack(f"{DRAWN}Q", os.urandom(8 * DRAWN)))
        self._drawn_in = _forks

    def secret(self) -> str:
        return secrets.token_urlsafe(32)
