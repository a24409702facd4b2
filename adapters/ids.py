"""UUIDv7 (RFC 9562, section 5.7) and secrets from the operating system's randomness."""

from __future__ import annotations

import os
import secrets
import threading
import time
from uuid import UUID


class RandomIds:
    """48 bits of milliseconds, a 12-bit counter that keeps ids of one millisecond in order, 62 random bits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> UUID:
        with self._lock:
            # Milliseconds and counter are one number, so a full counter or a clock set back moves on by itself.
            self._last = max(self._last + 1, time.time_ns() // 1_000_000 << 12)
            stamp = self._last
        random = int.from_bytes(os.urandom(8), "big") >> 2
        value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random
        return UUID(int=value)

    def secret(self) -> str:
        return secrets.token_urlsafe(32)
