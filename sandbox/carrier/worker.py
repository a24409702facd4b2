"""Background threads of a serving process: deliver webhooks, and move the parcels."""

from __future__ import annotations

import threading

import httpx

from sandbox.carrier import faults, sweep
from sandbox.carrier.store import Store
from sandbox.carrier.webhooks import TIMEOUT, deliver_one
from sandbox.serving import in_background

DELIVERERS = 2
IDLE = 0.4  # seconds between looks when nobody wakes a thread


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

    def move() -> None:
        if sweep.everything(store):
            wake.set()
        faults.stopping.wait(IDLE)

    return in_background([("deliver", deliver)] * DELIVERERS + [("move", move)])
