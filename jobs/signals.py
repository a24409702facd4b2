"""How a process of ours is asked to stop."""

from __future__ import annotations

import os
import signal
import threading


def stop_on_signals(stop: threading.Event) -> None:
    """Set `stop` on SIGTERM and SIGINT, and when the supervisor that started this process is gone."""

    def note(_number: int, _frame: object) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    if os.environ.get("ECOMMERCE_SUPERVISED"):
        parent = os.getppid()

        def watch() -> None:
            while not stop.wait(1.0):
                if os.getppid() != parent:
                    stop.set()

        threading.Thread(target=watch, name="parent", daemon=True).start()
