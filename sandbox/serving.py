"""How a service of the sandbox runs: one granian worker on loopback, background threads, a quick end."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Callable, Sequence

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from sandbox import faults

THREADS = 64  # held answers (planted time-outs) keep a thread each; they are made only when needed
GRACE = 5  # seconds a worker has for its open answers
log = logging.getLogger("sandbox")


def serve(target: str, port: int) -> None:
    """Serve the WSGI factory `module:function` on loopback until SIGTERM or SIGINT."""
    Granian(
        target,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        factory=True,
        workers_kill_timeout=GRACE,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


def let_go_on_signal() -> None:
    """Release held answers as soon as a signal asks the process to end, whoever handles the signal."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)

    def watch(_kept: socket.socket = writing) -> None:
        while not {signal.SIGTERM, signal.SIGINT} & set(reading.recv(64)):
            pass
        faults.stopping.set()

    threading.Thread(target=watch, name="sandbox-signals", daemon=True).start()


def in_background(deeds: Sequence[tuple[str, Callable[[], None]]]) -> list[threading.Thread]:
    """Run each deed again and again in a thread of its own, until `faults.stopping` is set."""
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
