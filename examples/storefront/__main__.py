"""`python -m examples.storefront`: serve until SIGTERM or SIGINT, then finish what is begun."""

from __future__ import annotations

import os
import signal
import sys

from granian.constants import Interfaces
from granian.server import Server

from examples.storefront.settings import SettingsError, read_settings


def main() -> int:
    """Check the settings, then hand over to the server. Returns the exit code."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        print(f"storefront: {error}", file=sys.stderr)
        return 2
    # The worker reads the environment again, in a process of its own, and a replacement for it must
    # accept the cookies that its predecessor signed.
    os.environ["STOREFRONT_SECRET_KEY"] = settings.secret_key
    os.register_at_fork(after_in_child=_hear_signals)
    Server(
        "examples.storefront.app:from_environment",
        factory=True,
        address="127.0.0.1",
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        workers_kill_timeout=10,
    ).serve()
    return 0


def _hear_signals() -> None:
    """Runs in each worker as it is forked: until the server's own handlers stand there, a signal just ends it.

    It would inherit its parent's handlers, which only note the signal: told to stop while it loads, it never would.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    raise SystemExit(main())
