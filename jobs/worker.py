"""A worker of its own beside RabbitMQ: `python -m jobs.worker`. Any number may run."""

from __future__ import annotations

import os
import sys
import threading

import structlog

from adapters.settings import Settings, SettingsError
from adapters.wiring import background, configure_logs, settle, wire
from jobs.actors import declare
from jobs.leases import Leases
from jobs.signals import stop_on_signals
from jobs.subscribers import SUBSCRIBERS
from jobs.transport import make_broker, working

_log = structlog.get_logger("jobs")


def run(settings: Settings, stop: threading.Event) -> None:
    """Work on what the relay publishes until `stop` is set.

    Raises RuntimeError without a broker: then the background process itself does the work.
    """
    if settings.broker_url is None:
        raise RuntimeError("BROKER_URL is not set: the background process does the work itself")
    wired = wire(settings)
    queue = background(wired).deliveries
    leases = Leases(queue, capacity=settings.web_threads)
    broker = make_broker(settings.broker_url)
    declare(broker, wired.app, queue, leases, SUBSCRIBERS)
    settle()
    try:
        with leases.kept(), working(broker, settings.web_threads):
            _log.info("worker_ready", threads=settings.web_threads)
            stop.wait()
    finally:
        wired.engines.dispose()


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    configure_logs(settings.log_level)
    stop = threading.Event()
    stop_on_signals(stop)
    run(settings, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
