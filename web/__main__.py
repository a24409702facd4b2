"""`python -m web`: the web server. Its workers are processes; each makes its own application and pools."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from adapters.settings import Settings, SettingsError

# prometheus_client's own variable. It reads it when it is imported, so nothing here may import it first.
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


def main() -> int:
    """Serve until told to stop; a request being answered is answered first. Returns the exit status."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _share_metrics(settings.data_dir / "metrics")
    os.register_at_fork(after_in_child=_hear_signals)
    Granian(
        "web.wsgi:create",
        factory=True,
        address="127.0.0.1",
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=settings.web_threads,
        workers_kill_timeout=30,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()
    return 0


def _share_metrics(folder: Path) -> None:
    """The workers count into files, so that any of them can tell all; earlier runs' files are gone."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    os.environ[MULTIPROCESS] = str(folder)


def _hear_signals() -> None:
    """Runs in each worker as it is forked: until the server's own handlers stand there, a signal just ends it.

    It would inherit its parent's handlers, which only note the signal: told to stop while it loads, it never would.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
