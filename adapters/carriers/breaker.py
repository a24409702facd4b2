"""A circuit breaker: a carrier that mostly fails is left alone for a while, so that nobody waits for it in vain."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

WINDOW = 30.0  # seconds of calls that are looked at
LEAST = 10  # calls in the window before anything is concluded
REST = 30.0  # seconds it stays open before one call may try


class Breaker:
    """Opens when at least half of at least ten calls within 30 seconds failed; lets one call try after 30 more.

    Safe for threads. `clock` counts seconds, monotonically.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._calls: deque[tuple[float, bool]] = deque()
        self._opened_at: float | None = None
        self._trying = False

    def allows(self) -> bool:
        """Whether a call may go out now. A call that was allowed ends with `record`."""
        with self._guard:
            if self._opened_at is None:
                return True
            if self._trying or self._clock() - self._opened_at < REST:
                return False
            self._trying = True
            return True

    def record(self, *, failed: bool) -> None:
        """Tell how a call ended. One that went out before the breaker opened says nothing new."""
        with self._guard:
            now = self._clock()
            if self._opened_at is not None:
                if not self._trying:
                    return
                self._trying = False
                self._opened_at = now if failed else None
                self._calls.clear()
                return
            self._calls.append((now, failed))
            while self._calls and now - self._calls[0][0] > WINDOW:
                self._calls.popleft()
            failures = sum(1 for _, was in self._calls if was)
            if len(self._calls) >= LEAST and failures * 2 >= len(self._calls):
                self._opened_at = now
