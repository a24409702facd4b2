"""What the background process would do meanwhile, done at once: deliveries, and the schedule's entries."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from core.application import App
from core.messages.deliveries import LEASE_SECONDS
from jobs.actors import Work
from jobs.leases import Leases
from jobs.schedule import Task
from jobs.subscribers import SUBSCRIBERS
from ports.messages import DeliveryQueue, LeasedDelivery

AT_ONCE = 100
THREADS = 3

# What the schedule does about the past, and what it does every few hours about parcels.
NIGHTLY = (
    "checkout.expire_sessions",
    "payments.settle_pending",
    "checkout.expire_orders",
    "logistics.settle_labels",
    "logistics.settle_voids",
    "reconciliation.compare_nightly",
)
PARCELS = ("logistics.sync_tracking",)
# What has to be asked once more at the end: money, postage and parcels may have moved since last night.
PRESENT = ("payments.settle_pending", "logistics.settle_voids", *PARCELS)


class ErrandFailed(Exception):
    """An entry of the schedule could not do its work; the message says which and why."""


class Errands:
    """Does what waits until nothing waits."""

    def __init__(self, app: App, queue: DeliveryQueue, tasks: Iterable[Task]) -> None:
        self._queue = queue
        leases = Leases(self._queue, capacity=AT_ONCE)
        self._work = {one.name: Work(one, app, queue, leases) for one in SUBSCRIBERS}
        self._tasks = {task.name: task for task in tasks}

    def deliver(self) -> None:
        """Work off all deliveries, also those that come of others."""
        with ThreadPoolExecutor(THREADS) as pool:
            while leased := self._queue.lease(AT_ONCE, LEASE_SECONDS):
                for _ in pool.map(self._do, leased):
                    pass

    def _do(self, delivery: LeasedDelivery) -> None:
        self._work[delivery.subscriber](
            delivery_id=str(delivery.id),
            attempt=delivery.attempt,
            store_id=str(delivery.store_id),
            request_id=delivery.request_id,
        )

    def do(self, *names: str) -> None:
        """Run these entries of the schedule. Raises ErrandFailed."""
        for name in names:
            result = self._tasks[name].run(threading.Event())
            if result.error is not None:
                raise ErrandFailed(f"{name}: {result.error}")
