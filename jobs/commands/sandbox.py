"""Start the payment sandbox, or plant faults in it."""

from __future__ import annotations

import json
from typing import Any

import click
import httpx

from jobs.commands._settings import command_settings
from jobs.environment import become

KINDS = (
    "timeout_after_effect", "timeout_before_effect", "error_500_after_effect", "error_500_before_effect",
    "error_429", "drop_webhook", "double_webhook", "late_webhook", "reorder_webhook", "late_money",
)  # fmt: skip


@click.group("sandbox", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Start the payment sandbox (without a subcommand), or plant faults in the one that runs."""
    if ctx.invoked_subcommand is None:
        become("sandbox.payments")


@command.command("plant")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("operation")
@click.option("--count", type=click.IntRange(1), default=1, show_default=True, help="How many times it happens.")
@click.option("--delay", type=click.IntRange(0, 86_400), help="Seconds an answer or a delivery is held back.")
@click.option("--account", help="Only this account of the provider.")
def plant(kind: str, operation: str, count: int, delay: int | None, account: str | None) -> None:
    """Have KIND happen to the next calls of OPERATION.

    OPERATION is a call's name (payment_intents.create, capture, refunds.create), webhook, webhook:EVENT, page, or *.
    """
    fault: dict[str, object] = {"kind": kind, "operation": operation, "count": count}
    if delay is not None:
        fault["delay_seconds"] = delay
    if account is not None:
        fault["account"] = account
    answer = _call("POST", json.dumps([fault]))
    click.echo(f"Planted {', '.join(map(str, answer['planted']))}.")


@command.command("faults")
def faults() -> None:
    """Show what is planted, used up or not."""
    for fault in _call("GET")["faults"]:
        click.echo(json.dumps(fault))


@command.command("clear")
def clear() -> None:
    """Pull out every fault that has not happened yet."""
    click.echo(f"Pulled out {_call('DELETE')['cleared']}.")


def _call(method: str, body: str | None = None) -> dict[str, Any]:
    settings = command_settings()
    if settings.sandbox_payments_url is None:
        raise click.ClickException("SANDBOX_PAYMENTS_URL is not set: there is no sandbox here.")
    try:
        answer = httpx.request(
            method,
            f"{settings.sandbox_payments_url}/_sandbox/faults",
            content=body,
            headers={"Content-Type": "application/json"} if body else None,
            timeout=10,
        )
    except httpx.HTTPError as error:
        raise click.ClickException(f"The sandbox does not answer: {error}") from error
    found = answer.json()
    if answer.is_error:
        raise click.ClickException(found["error"]["message"])
    return dict(found)
