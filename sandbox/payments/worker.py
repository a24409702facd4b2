"""Background threads of a serving process: deliver webhooks, and settle what falls due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import httpx

from sandbox.payments import faults, sweep
from sandbox.payments.store import Store
from sandbox.payments.webhooks import TIMEOUT, deliver_one

DELIVERERS = 3
IDLE = 0.4  # seconds between looks when nobody wakes a thread
log = logging.getLogger("sandbox.payments")


def start(store: Store, wake: threading.Event) -> list[threading.Thread]:
    """Start the threads; they end once `faults.stopping` is set.

    wake: set by whoever has just written deliveries.
    """
    client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def deliver() -> None:
        while deliver_one(store, client):
            if faults.stopping.is_set():
                return
        wake.wait(IDLE)
        wake.clear()

    def settle() -> None:
        if sweep.everything(store):
            wake.set()
        faults.stopping.wait(IDLE)

    deeds = [("deliver", deliver)] * DELIVERERS + [("settle", settle)]
    threads = [
        threading.Thread(target=_until_stopped, args=(deed,), name=f"sandbox-{name}", daemon=True)
        for name, deed in deeds
    ]
    for thread in threads:
        thread.start()
    return threads


def _until_stopped(deed: Callable[[], None]) -> None:
    while not faults.stopping.is_set():
        try:
            deed()
        except Exception:  # a thread that ends would stop every delivery; the log says what went wrong
            log.exception("%s failed; trying again", threading.current_thread().name)
            faults.stopping.wait(2)
