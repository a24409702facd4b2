"""Stop the local database and delete what the default run has made."""

from __future__ import annotations

import os
import shutil
import signal
import time

import click

from adapters.provisioning import Cluster
from jobs.data_folder import AlreadyRunning, DataFolder

PATIENCE = 20.0  # seconds


@click.command("reset")
def command() -> None:
    """Stop what runs and delete .data/, also the parts of it that lie elsewhere: the next run starts over."""
    data = DataFolder()
    if not data.path.exists():
        return
    _stop_supervisor(data)
    with data.lock():
        Cluster(data.postgres).remove()
        shutil.rmtree(data.path)
    click.echo(f"Deleted {data.path}.")


def _stop_supervisor(data: DataFolder) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with data.lock():
                return
        except AlreadyRunning as running:
            if running.pid is None or time.monotonic() > deadline:
                raise click.ClickException(str(running)) from running
            os.kill(running.pid, signal.SIGTERM)
            time.sleep(PATIENCE / 20)
