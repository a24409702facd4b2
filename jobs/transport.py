"""What carries a leased delivery to its actor: threads of this process, or RabbitMQ between processes.

The list of middlewares is empty on purpose: retries, age and time limits are the delivery rows' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.stub import StubBroker

PUBLISHED_SECONDS = 300  # how long a message may stand in RabbitMQ before it is published again
STOP_SECONDS = 4.0  # how long actors may go on after they were asked to stop


def make_broker(url: str | None) -> dramatiq.Broker:
    """The broker at `url` (amqp://...) with publisher confirms; without one, queues in this process."""
    if url is None:
        return StubBroker(middleware=[])
    return RabbitmqBroker(url=url, confirm_delivery=True, middleware=[])


@contextmanager
def working(broker: dramatiq.Broker, threads: int) -> Iterator[None]:
    """Run `threads` worker threads while the block runs; at its end they may finish for STOP_SECONDS."""
    worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=100)
    worker.start()
    try:
        yield
    finally:
        worker.stop(timeout=int(STOP_SECONDS * 1000))
        broker.close()
