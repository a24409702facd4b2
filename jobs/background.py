"""The background process: `python -m jobs.background`.

It relays deliveries and runs the schedule. Without BROKER_URL its own threads do the work as well; with a broker that
is done by any number of `python -m jobs.worker`, and any number of these may run beside one another.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing

import structlog
from dramatiq.brokers.stub import StubBroker

from adapters.settings import Settings, SettingsError
from adapters.wiring import Background, Wired, background, configure_logs, settle, wire
from core.messages.deliveries import LEASE_SECONDS
from jobs.actors import Subscriber, declare
from jobs.deadlines import deadline_tasks
from jobs.leases import Leases
from jobs.logistics import logistics_tasks
from jobs.reconciliation import reconciliation_tasks
from jobs.relay import Relay, in_thread
from jobs.schedule import Schedule, Task
from jobs.signals import stop_on_signals
from jobs.subscribers import SUBSCRIBERS
from jobs.tasks import hourly_prune
from jobs.transport import PUBLISHED_SECONDS, make_broker, working

SCHEDULE_LOOPS = 2  # so that asking a slow provider doesn't hold up the deadlines
LEAVE_SECONDS = 1.0

_log = structlog.get_logger("jobs")


def tasks(wired: Wired, ports: Background) -> Sequence[Task]:
    """The schedule of this version."""
    return (
        *deadline_tasks(wired.app, wired.clock, wired.ids, ports.deadlines),
        *logistics_tasks(wired.app, wired.clock, wired.ids, ports.logistics),
        *reconciliation_tasks(wired.app, wired.clock, wired.ids, ports.settlement_accounts),
        hourly_prune(ports.housekeeping),
    )


def run(
    settings: Settings, wired: Wired, stop: threading.Event, subscribers: Sequence[Subscriber] = SUBSCRIBERS
) -> None:
    """Relay, schedule and work until `stop` is set; then let the work end, and give back what did not."""
    ports = background(wired)
    broker = make_broker(settings.broker_url)
    inside = isinstance(broker, StubBroker)
    # The schedule's loops use the same pool, which holds one connection more than the settings have threads.
    threads = max(1, settings.web_threads + 1 - SCHEDULE_LOOPS)
    leases = Leases(ports.deliveries, capacity=2 * threads)
    actors = declare(broker, wired.app, ports.deliveries, leases, subscribers)
    relay = Relay(
        ports.deliveries,
        actors,
        seconds=LEASE_SECONDS if inside else PUBLISHED_SECONDS,
        leases=leases if inside else None,
    )
    schedule = Schedule(ports.schedule, tasks(wired, ports))
    schedule.declare()
    with ExitStack() as stack:
        stack.callback(wired.engines.dispose)
        stack.callback(ports.deliveries.close)
        stack.enter_context(leases.kept())
        stack.enter_context(working(broker, threads) if inside else closing(broker))
        loops = [in_thread("relay", relay.run, stop)]
        loops += [in_thread(f"schedule-{n}", schedule.run, stop) for n in range(SCHEDULE_LOOPS)]
        _log.info("background_ready", broker="inside" if inside else "rabbitmq", threads=threads)
        stop.wait()
        for loop in loops:
            loop.join(timeout=LEAVE_SECONDS)
    _log.info("background_stopped")


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    configure_logs(settings.log_level)
    stop = threading.Event()
    stop_on_signals(stop)
    wired = wire(settings)
    settle()
    run(settings, wired, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
