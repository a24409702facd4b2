"""Connect a store to a payment provider's account."""

from __future__ import annotations

import click

from core.payments.use_cases.add_account import AddAccount, add_account
from core.shared.ids import PaymentAccountId
from jobs.commands._connecting import ask_for_keys, pair
from jobs.commands._settings import command_settings
from jobs.commands._store import one_store


@click.group("payments")
def command() -> None:
    """Connect a store to a payment provider's account."""


@command.command("connect")
@click.argument("provider")
@click.option("--method", "methods", multiple=True, help="A method it takes, such as card; all of them by default.")
@click.option("--name", help="How staff tell it from other accounts; the provider's name by default.")
@click.option("--position", type=int, default=0, help="Who is asked first where several accounts take a method.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting that is no secret.")
@click.option("--store", "slug", help="The store's short name; not needed while there is one store.")
def connect(
    provider: str, methods: tuple[str, ...], name: str | None, position: int, settings: tuple[str, ...],
    slug: str | None,
) -> None:  # fmt: skip
    """Connect an account at PROVIDER. Its keys are asked for, so that they stand in no history of commands.

    First it says where the provider has to send its webhooks: the endpoint made for that address has the signing
    secret that is asked for, too.
    """
    config = dict(pair(setting) for setting in settings)
    with one_store(slug, "cli.payments") as (wired, context):
        account_id = PaymentAccountId(wired.ids.new())
        capabilities = wired.plain["gateways"].capabilities(provider)
        if capabilities.webhooks:
            url = command_settings().public_url.rstrip("/")
            click.echo(f"Webhooks go to {url}/webhooks/payments/{provider}/{account_id}")
        ask_for_keys(wired.plain["gateways"].problems(provider, config), config)
        chosen = methods or tuple(capabilities.methods)
        command_ = AddAccount(provider, name or provider.title(), chosen, config, position, account_id)
        wired.app.run(add_account, command_, context)
    click.echo(f"Connected account {account_id} for {', '.join(chosen)}.")
