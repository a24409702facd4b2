"""`python -m sandbox.payments`: serve the payment sandbox on loopback until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from sandbox.payments import faults, tables, worker
from sandbox.payments.app import build_app
from sandbox.payments.settings import RefusedToStart, from_environment

THREADS = 64  # held answers (planted time-outs) keep a thread each; they are made only when needed
GRACE = 5  # seconds a worker has for its open answers


def serving() -> Any:
    """The WSGI application of one worker process, with its background threads running."""
    app = build_app(from_environment(os.environ))
    _let_go_on_signal()
    worker.start(app.extensions["sandbox"], app.extensions["deliveries"])
    return app


def _let_go_on_signal() -> None:
    """Release held answers as soon as a signal asks the process to end, whoever handles the signal."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)

    def watch(_kept: socket.socket = writing) -> None:
        while not {signal.SIGTERM, signal.SIGINT} & set(reading.recv(64)):
            pass
        faults.stopping.set()

    threading.Thread(target=watch, name="sandbox-signals", daemon=True).start()


def main() -> int:
    """Upgrade the books and serve. Returns the exit code: 2 when the environment forbids to run."""
    try:
        settings = from_environment(os.environ)
    except RefusedToStart as refusal:
        print(f"sandbox.payments: {refusal}", file=sys.stderr)
        return 2
    tables.upgrade(settings.database_url)
    Granian(
        "sandbox.payments.__main__:serving",
        address="127.0.0.1",
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        factory=True,
        workers_kill_timeout=GRACE,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
