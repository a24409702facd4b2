"""The relay: leases deliveries that are due and hands each to its actor as a message.

The rows are the truth and the broker is only transport: what is lost on the way is leased again when its lease has
run out, and a message that comes twice begins its work once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from dramatiq import Actor

from core.messages.deliveries import MAX_ATTEMPTS, judge
from jobs.leases import Leases
from ports.messages import DeliveryQueue, LeasedDelivery

BATCH = 100
POLL_SECONDS = 1.0

_log = structlog.get_logger("jobs")


class UnknownSubscriber(LookupError):
    """No actor has the name that a delivery is addressed to."""


class Relay:
    """One loop. Any number of them may run, in one process or in many.

    `leases` is given where the actors run in this very process: then no more is leased than they can hold, and it is
    renewed while it waits for a thread. A lease lasts `seconds` otherwise.
    """

    def __init__(
        self,
        queue: DeliveryQueue,
        actors: Mapping[str, Actor[Any, Any]],
        *,
        seconds: int,
        leases: Leases | None = None,
    ) -> None:
        self._queue = queue
        self._actors = actors
        self._seconds = seconds
        self._leases = leases

    def run(self, stop: threading.Event) -> None:
        """Relay until `stop` is set. When the database is away it goes on trying."""
        while not stop.is_set():
            try:
                if self.step() == 0:
                    self._queue.bury(MAX_ATTEMPTS)
                    self._queue.wait(POLL_SECONDS)
            except Exception:
                _log.exception("relay_failed")
                stop.wait(POLL_SECONDS)

    def step(self) -> int:
        """Lease what is due and publish it; how many."""
        room = BATCH if self._leases is None else min(BATCH, self._leases.room(POLL_SECONDS))
        if room == 0:
            return 0
        leased = self._queue.lease(room, self._seconds)
        for delivery in leased:
            self._publish(delivery)
        return len(leased)

    def _publish(self, delivery: LeasedDelivery) -> None:
        actor = self._actors.get(delivery.subscriber)
        if actor is None:
            self._refuse(delivery)
            return
        if self._leases is not None:
            self._leases.hold(delivery.id, delivery.attempt)
        actor.send(
            delivery_id=str(delivery.id),
            attempt=delivery.attempt,
            store_id=str(delivery.store_id),
            request_id=delivery.request_id,
        )

    def _refuse(self, delivery: LeasedDelivery) -> None:
        """A newer or an older version of this program has the actor: tried again, and in the end kept for staff."""
        error = UnknownSubscriber(f"No actor is named {delivery.subscriber}.")
        if self._queue.take_up(delivery.id, delivery.attempt) is not None:
            self._queue.fail(delivery.id, delivery.attempt, judge(error, delivery.attempt))


def in_thread(name: str, run: Callable[[threading.Event], None], stop: threading.Event) -> threading.Thread:
    """Start `run(stop)` in a thread of its own."""
    thread = threading.Thread(target=run, args=(stop,), name=name, daemon=True)
    thread.start()
    return thread
