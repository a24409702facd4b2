"""Start the web server: the REST API and the back office."""

from __future__ import annotations

import click

from jobs.environment import become
from jobs.translations import compile_catalogues


@click.command("web")
def command() -> None:
    """Start the web server: the REST API and, under /admin, the back office.

    PORT, WEB_WORKERS and WEB_THREADS say where and with how many.
    """
    compile_catalogues()
    become("web")
