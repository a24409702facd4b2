"""A beat in the background while something long is done in the foreground."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

_log = structlog.get_logger("jobs")


@contextmanager
def beating(seconds: float, beat: Callable[[], None]) -> Iterator[None]:
    """Call `beat` every `seconds` in a thread of its own until the block ends.

    A beat that fails is logged and the next one is tried: the database may be back by then.
    """
    over = threading.Event()

    def run() -> None:
        while not over.wait(seconds):
            try:
                beat()
            except Exception:
                _log.exception("beat_failed")

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
