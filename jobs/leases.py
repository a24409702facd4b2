"""The leases this process holds: how many more it may take, which are renewed, which are given back at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.messages.deliveries import LEASE_SECONDS
from core.shared.ids import DeliveryId
from jobs.heartbeat import beating
from ports.messages import DeliveryQueue


class Leases:
    """At most `capacity` deliveries at a time, from leasing (or taking up) to the end of the work."""

    def __init__(self, queue: DeliveryQueue, capacity: int) -> None:
        self._queue = queue
        self._capacity = capacity
        self._held: dict[DeliveryId, int] = {}
        self._changed = threading.Condition()

    def room(self, seconds: float) -> int:
        """How many more may be held, waiting at most `seconds` for the first to come free."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._held) < self._capacity, timeout=seconds)
            return max(0, self._capacity - len(self._held))

    def hold(self, delivery_id: DeliveryId, attempt: int) -> None:
        with self._changed:
            self._held[delivery_id] = attempt

    def let_go(self, delivery_id: DeliveryId) -> None:
        with self._changed:
            self._held.pop(delivery_id, None)
            self._changed.notify_all()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew what is held while the block runs; give back what is left at its end."""
        with beating(LEASE_SECONDS / 3, self._renew):
            yield
        for delivery_id, attempt in self._snapshot().items():
            self._queue.release(delivery_id, attempt)

    def _renew(self) -> None:
        self._queue.renew(self._snapshot())

    def _snapshot(self) -> dict[DeliveryId, int]:
        with self._changed:
            return dict(self._held)
