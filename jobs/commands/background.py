"""Start the background process: deliveries, schedule and, without a broker, the workers."""

from __future__ import annotations

import click

from jobs.environment import become


@click.command("background")
def command() -> None:
    """Start the background process: it relays deliveries, runs the schedule and does the work itself.

    With BROKER_URL the work goes to RabbitMQ and is done by processes of their own: `python -m jobs.worker`.
    """
    become("jobs.background")
