"""A background process with the probes as its only subscribers: `python -m tests.jobs.process`."""

from __future__ import annotations

import os
import threading

from adapters.settings import Settings
from adapters.wiring import configure_logs, wire
from jobs import background
from jobs.signals import stop_on_signals
from tests.jobs.probes import PROBES, subscribe

if __name__ == "__main__":
    settings = Settings.from_environment(os.environ)
    configure_logs("info")
    subscribe()
    stop = threading.Event()
    stop_on_signals(stop)
    background.run(settings, wire(settings), stop, PROBES)
