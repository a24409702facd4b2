"""The actors: what `core.subscriptions` names, each one use case.

They are declared once the application stands. Their wrapper does what Dramatiq's own retries, time limits and age
limits would do behind the rows' back, so none of those middlewares is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate
from uuid import UUID

import dramatiq
import structlog

from core.application import App
from core.messages.deliveries import LeaseLost, judge
from core.shared.context import CallContext, Job, Lease
from core.shared.ids import DeliveryId
from jobs.leases import Leases
from ports.messages import DeliveryQueue, LeasedDelivery

_log = structlog.get_logger("jobs")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One actor: its name, its use case, and how the event's payload becomes the command."""

    name: str
    use_case: Callable[Concatenate[Any, ...], object]
    command: Callable[[Mapping[str, Any]], object]

    @property
    def queue(self) -> str:
        """The queue of this kind of work: the context's name."""
        return self.name.partition(".")[0]


def declare(
    broker: dramatiq.Broker, app: App, queue: DeliveryQueue, leases: Leases, subscribers: Sequence[Subscriber]
) -> dict[str, dramatiq.Actor[Any, Any]]:
    """Declare an actor for every subscriber on `broker`; by name."""
    return {
        subscriber.name: dramatiq.actor(actor_name=subscriber.name, queue_name=subscriber.queue, broker=broker)(
            Work(subscriber, app, queue, leases)
        )
        for subscriber in subscribers
    }


class Work:
    """Does the work of one delivery and writes on its row how it ended; nothing it meets gets past it."""

    def __init__(self, subscriber: Subscriber, app: App, queue: DeliveryQueue, leases: Leases) -> None:
        self.__name__ = subscriber.name  # Dramatiq asks every function for one
        self._subscriber = subscriber
        self._app = app
        self._queue = queue
        self._leases = leases

    def __call__(self, *, delivery_id: str, attempt: int, store_id: str, request_id: str) -> None:
        id_ = DeliveryId(UUID(delivery_id))
        self._leases.hold(id_, attempt)
        try:
            with structlog.contextvars.bound_contextvars(request_id=request_id, delivery=delivery_id):
                delivery = self._queue.take_up(id_, attempt)
                if delivery is None:
                    _log.info("delivery_not_ours", store=store_id, attempt=attempt)
                else:
                    self._do(delivery)
        finally:
            self._leases.let_go(id_)

    def _do(self, delivery: LeasedDelivery) -> None:
        try:
            command = self._subscriber.command(delivery.payload)
            self._app.run(self._subscriber.use_case, command, self._context(delivery))
        except LeaseLost:
            _log.warning("lease_lost", attempt=delivery.attempt)
        except Exception as error:
            verdict = judge(error, delivery.attempt)
            _log.warning("delivery_failed", step=verdict.step, attempt=delivery.attempt, exc_info=error)
            self._queue.fail(delivery.id, delivery.attempt, verdict)
        else:
            # Done already where the use case finished it in the transaction of its effect.
            self._queue.finish(delivery.id, delivery.attempt)

    def _context(self, delivery: LeasedDelivery) -> CallContext:
        return CallContext(
            store_id=delivery.store_id,
            actor=Job(self._subscriber.name),
            request_id=delivery.request_id,
            locale=delivery.locale,
            actor_label=self._subscriber.name,
            lease=Lease(delivery.id, delivery.attempt),
        )
