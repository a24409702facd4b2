"""Connect a store to a carrier's account."""

from __future__ import annotations

import click

from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from core.shared.ids import CarrierAccountId
from jobs.commands._connecting import ask_for_keys, pair
from jobs.commands._settings import command_settings
from jobs.commands._store import one_store


@click.group("carriers")
def command() -> None:
    """Connect a store to an account at a carrier, or at an aggregator of carriers."""


@command.command("connect")
@click.argument("carrier")
@click.option("--name", help="How staff tell it from other accounts; the carrier's name by default.")
@click.option("--position", type=int, default=0, help="Whose offers are shown first.")
@click.option("--per-second", type=click.IntRange(1), default=5, show_default=True, help="Requests for tracking.")
@click.option("--burst", type=click.IntRange(1), default=10, show_default=True, help="Requests at once after a rest.")
@click.option("--per-day", type=click.IntRange(1), default=10_000, show_default=True, help="Requests for tracking.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting that is no secret.")
@click.option("--store", "slug", help="The store's short name; not needed while there is one store.")
def connect(
    carrier: str, name: str | None, position: int, per_second: int, burst: int, per_day: int,
    settings: tuple[str, ...], slug: str | None,
) -> None:  # fmt: skip
    """Connect an account at CARRIER, such as easypost. Its keys are asked for, so that they stand in no history of
    commands.

    First it says where the carrier has to send its webhooks: the webhook made for that address has the secret that is
    asked for, too.
    """
    config = dict(pair(setting) for setting in settings)
    with one_store(slug, "cli.carriers") as (wired, context):
        account_id = CarrierAccountId(wired.ids.new())
        carriers = wired.plain["carriers"]
        if carriers.capabilities(carrier).webhooks:
            url = command_settings().public_url.rstrip("/")
            click.echo(f"Webhooks go to {url}/webhooks/carriers/{carrier}/{account_id}")
        ask_for_keys(carriers.problems(carrier, config), config)
        command_ = AddCarrierAccount(
            carrier, name or carrier.title(), config, position, per_second, burst, per_day, account_id
        )
        wired.app.run(add_carrier_account, command_, context)
    click.echo(f"Connected account {account_id} at {carrier}.")
