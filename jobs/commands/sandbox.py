"""Start the rehearsed payment provider or carrier, or plant faults in them."""

from __future__ import annotations

import json
from typing import Any

import click
import httpx

from jobs.commands import _discrepancies
from jobs.commands._settings import command_settings
from jobs.environment import become

SHARED = (
    "timeout_after_effect", "timeout_before_effect", "error_500_after_effect", "error_500_before_effect",
    "error_429", "drop_webhook", "double_webhook", "late_webhook", "reorder_webhook",
)  # fmt: skip
PROVIDERS = ("late_money",)
CARRIERS = ("half_body", "nonsense", "late_label", "bad_label")
LIVES = (
    "life_collected", "life_delayed", "life_delivered", "life_delivered_in_error", "life_held", "life_lost",
    "life_refused", "life_returned", "life_second_attempt", "life_silent",
)  # fmt: skip


@click.group("sandbox", invoke_without_command=True)
@click.option("--carrier", is_flag=True, help="The carrier instead of the payment provider.")
@click.pass_context
def command(ctx: click.Context, carrier: bool) -> None:
    """Start the payment sandbox (without a subcommand), or plant faults in the one that runs."""
    ctx.obj = carrier
    if ctx.invoked_subcommand is None:
        become("sandbox.carrier" if carrier else "sandbox.payments")


@command.command("plant")
@click.argument("kind", type=click.Choice(SHARED + PROVIDERS + CARRIERS + LIVES + _discrepancies.KINDS))
@click.argument("operation", required=False)
@click.option("--count", type=click.IntRange(1), default=1, show_default=True, help="How many times it happens.")
@click.option("--delay", type=click.IntRange(0, 86_400), help="Seconds an answer or a delivery is held back.")
@click.option("--account", help="Only this account of the provider or carrier.")
@click.option("--target", help="What a discrepancy is planted on at once: a line, charge, refund, dispute, payout...")
@click.option("--amount", type=click.IntRange(1), help="Minor units of a discrepancy that is planted at once.")
@click.option("--category", help="Which line of a payment intent is meant, as the provider reports it: charge, refund.")
@click.pass_obj
def plant(carrier: bool, /, kind: str, operation: str | None, count: int, delay: int | None, **wish: Any) -> None:
    """Have KIND happen to the next calls of OPERATION, or a discrepancy of settlements at once.

    OPERATION is a call's name (payment_intents.create, capture, refunds.create), webhook, webhook:EVENT, page, or *.
    With `sandbox --carrier plant`: shipments.create, buy, retrieve or refund, trackers.batch, webhook, label (for
    late_label and bad_label), or life (for life_..., how the next parcel fares).

    Settlements: settlement or settlement:CATEGORY (for missing_line, repeated_line, doubled_line, amount_over,
    amount_under, fee_differs), payout (for payout_...), balance_transactions.list, payouts.list or disputes.list (for
    ..._page). With --target instead of OPERATION it happens at once to what stands; --account and --amount alone make
    unknown_charge, unexpected_adjustment, reserve_held and reserve_released; dispute_opened is of a payment intent.
    """
    now = _discrepancies.at_once(_discrepancies.Wish(kind, **wish), operation)
    if now is not None:
        answer = _call(carrier, "POST", json.dumps(now[1]), now[0])
        click.echo(f"Planted {answer.get('planted') or answer['id']}.")
        return
    fault: dict[str, object] = {"kind": kind, "operation": operation, "count": count}
    if delay is not None:
        fault["delay_seconds"] = delay
    if wish["account"] is not None:
        fault["account"] = wish["account"]
    answer = _call(carrier, "POST", json.dumps([fault]))
    click.echo(f"Planted {', '.join(map(str, answer['planted']))}.")


@command.command("faults")
@click.pass_obj
def faults(carrier: bool) -> None:
    """Show what is planted, used up or not."""
    for fault in _call(carrier, "GET")["faults"]:
        click.echo(json.dumps(fault))


@command.command("clear")
@click.pass_obj
def clear(carrier: bool) -> None:
    """Pull out every fault that has not happened yet."""
    click.echo(f"Pulled out {_call(carrier, 'DELETE')['cleared']}.")


def _call(carrier: bool, method: str, body: str | None = None, path: str = "faults") -> dict[str, Any]:
    settings = command_settings()
    url = settings.sandbox_carrier_url if carrier else settings.sandbox_payments_url
    if url is None:
        variable = "SANDBOX_CARRIER_URL" if carrier else "SANDBOX_PAYMENTS_URL"
        raise click.ClickException(f"{variable} is not set: there is no sandbox here.")
    try:
        answer = httpx.request(
            method,
            f"{url}/_sandbox/{path}",
            content=body,
            headers={"Content-Type": "application/json"} if body else None,
            timeout=10,
        )
    except httpx.HTTPError as error:
        raise click.ClickException(f"The sandbox does not answer: {error}") from error
    found = answer.json()
    if answer.is_error:
        raise click.ClickException(_words(found["error"]))
    return dict(found)


def _words(error: dict[str, Any]) -> str:
    """A sandbox's refusal, with the fields that it names."""
    fields = "".join(f" ({each['field']}: {each['message']})" for each in error.get("errors", []))
    return f"{error['message']}{fields}"
