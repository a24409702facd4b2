"""`python -m sandbox.carrier`: serve the carrier's sandbox on loopback until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import sys
from typing import Any

from sandbox.carrier import tables, worker
from sandbox.carrier.app import build_app
from sandbox.carrier.settings import RefusedToStart, from_environment
from sandbox.serving import let_go_on_signal, serve


def serving() -> Any:
    """The WSGI application of one worker process, with its background threads running."""
    app = build_app(from_environment(os.environ))
    let_go_on_signal()
    worker.start(app.extensions["sandbox"], app.extensions["deliveries"])
    return app


def main() -> int:
    """Upgrade the books and serve. Returns the exit code: 2 when the environment forbids to run."""
    try:
        settings = from_environment(os.environ)
    except RefusedToStart as refusal:
        print(f"sandbox.carrier: {refusal}", file=sys.stderr)
        return 2
    tables.upgrade(settings.database_url)
    serve("sandbox.carrier.__main__:serving", settings.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
