"""Say whether carriers' prices are offered at the checkout."""

from __future__ import annotations

import re

import click

from core.logistics.use_cases.offer_carrier_rates import OfferCarrierRates, offer_carrier_rates
from jobs.commands._store import one_store


@click.group("delivery")
def command() -> None:
    """Say how a store's delivery is priced."""


@command.command("carrier-rates")
@click.argument("offered", type=click.Choice(["on", "off"]))
@click.option("--box", metavar="LxWxH", help="Millimetres of the parcel that carriers are asked about, as 300x200x150.")
@click.option("--store", "slug", help="The store's short name; not needed while there is one store.")
def carrier_rates(offered: str, box: str | None, slug: str | None) -> None:
    """Offer what connected carriers charge beside the store's own delivery table, or the table alone."""
    with one_store(slug, "cli.delivery") as (wired, context):
        wired.app.run(offer_carrier_rates, OfferCarrierRates(offered == "on", _box(box)), context)
    click.echo(f"Carriers' prices are {offered}.")


def _box(text: str | None) -> tuple[int, int, int] | None:
    """Raises BadParameter for anything but three whole numbers."""
    if text is None:
        return None
    sides = re.fullmatch(r"(\d{1,5})x(\d{1,5})x(\d{1,5})", text, re.ASCII)
    if sides is None:
        raise click.BadParameter("three whole numbers, as 300x200x150", param_hint="--box")
    return int(sides[1]), int(sides[2]), int(sides[3])
