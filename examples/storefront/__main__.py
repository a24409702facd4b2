"""`python -m examples.storefront`: serve until SIGTERM or SIGINT, then finish what is begun."""

from __future__ import annotations

import os
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
    Server(
        "examples.storefront.app:from_environment",
        factory=True,
        address="127.0.0.1",
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
    ).serve()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
