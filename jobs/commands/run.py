"""Start the whole shop on this machine: database, sandboxes, web, background, storefront."""

from __future__ import annotations

import os

import click

from adapters.provisioning import ClusterError
from jobs.data_folder import AlreadyRunning, DataFolder
from jobs.supervisor import StartFailed, Supervisor


@click.command("run")
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True)
def command(port: int) -> None:
    """Start the whole shop on this machine, with a demo store, and keep it running until Ctrl-C.

    Everything it makes lies in .data/ (DATA_DIR names another folder); `ecommerce reset` deletes it. For a
    deployment with a database of its own, start `ecommerce web` and `ecommerce background` instead.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("ECOMMERCE_ENV", "").lower() == "production":
        raise click.ClickException(
            "`ecommerce run` brings a database and a demo shop of its own; it doesn't start where "
            "DATABASE_URL or ECOMMERCE_ENV=production is set."
        )
    try:
        Supervisor(DataFolder(), port, click.echo).run()
    except (AlreadyRunning, StartFailed, ClusterError) as error:
        raise click.ClickException(str(error)) from error
