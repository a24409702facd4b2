"""The clock port: the wall's time, and a business time that development may move."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Business time is wall time: production."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """Business time is wall time plus an offset kept in the database, read again at most every `max_age` seconds."""

    def __init__(self, read_offset: Callable[[], int], *, max_age: float = 0.5) -> None:
        self._read_offset = read_offset
        self._max_age = max_age
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._read_at = float("-inf")

    def now(self) -> datetime:
        with self._lock:
            if time.monotonic() - self._read_at > self._max_age:
                self._offset = timedelta(seconds=self._read_offset())
                self._read_at = time.monotonic()
            return datetime.now(UTC) + self._offset

    def wall(self) -> datetime:
        return datetime.now(UTC)
