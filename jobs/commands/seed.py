"""Make the demo shop: catalogue, people, six weeks of orders, parcels and settlements."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.provisioning import Scale, fill_scale
from adapters.settings import Settings, SettingsError
from adapters.wiring import background, configure_logs, settle, wire
from jobs.background import tasks
from jobs.data_folder import DataFolder
from jobs.demo_shop.catalogue import ARTICLES
from jobs.demo_shop.errands import Errands
from jobs.demo_shop.people import PASSWORD, STAFF
from jobs.demo_shop.store import DemoClock, DemoShop, add_catalogue, make_store
from jobs.demo_shop.weeks import ORDERS, live_weeks, opening
from jobs.environment import command_environment

Step = Callable[[str], None]


@click.command("seed")
@click.option("--scale", "scale", is_flag=True, help="Many rows for query plans and the bench instead of the demo.")
@click.option("--stores", default=5, show_default=True, help="With --scale: how many stores, the first a large one.")
@click.option("--products", default=50_000, show_default=True, help="With --scale: products over all stores.")
@click.option("--orders", default=0, show_default=True, help="With --scale: orders over all stores.")
def command(scale: bool, stores: int, products: int, orders: int) -> None:
    """Make the demo shop Casa Ipê in an empty development database.

    Everything is made through the use cases and the sandboxes, on a clock that moves through six weeks; only --scale
    writes rows by SQL. Refuses in production and where DATABASE_URL was set by somebody, because a real shop is no
    place for a demo.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("ECOMMERCE_SUPERVISED") != "1":
        raise click.ClickException("DATABASE_URL is set: the demo shop is only made in the default run's database.")
    try:
        settings = Settings.from_environment(command_environment())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    sandbox_url, carrier_url = settings.sandbox_payments_url, settings.sandbox_carrier_url
    if settings.production or sandbox_url is None or carrier_url is None:
        raise click.ClickException("The demo shop needs a development environment with its sandboxes.")
    if scale:
        fill_up(settings, Scale(stores, products, orders))
    else:
        seed(settings, sandbox_url, carrier_url)


def fill_up(settings: Settings, scale: Scale) -> None:
    """Add the many rows. Raises ClickException without the owner's address."""
    if settings.database_owner_url is None:
        raise click.ClickException("--scale needs DATABASE_OWNER_URL.")
    with _progress() as progress:
        fill_scale(settings.database_owner_url, scale, _stepper(progress, "Rows", 4))


def seed(settings: Settings, sandbox_url: str, carrier_url: str) -> None:
    """Make the shop and write `demo.json`, which is how it is known to be complete."""
    configure_logs("warning")  # tens of thousands of calls would hide what matters
    started, clock = time.monotonic(), DemoClock()
    wired = wire(settings, clock=clock)
    ports = background(wired)
    errands = Errands(wired.app, ports.deliveries, tasks(wired, ports))
    settle()
    try:
        shop = make_store(
            wired.app,
            wired.ids,
            clock,
            opening(clock.wall()),
            public_url=settings.public_url,
            storefront_url=settings.storefront_url,
            sandbox_url=sandbox_url,
            carrier_url=carrier_url,
        )
        with closing(shop.accounts), closing(ports.deliveries), _progress() as progress:
            add_catalogue(shop, _stepper(progress, "Products", len(ARTICLES)))
            live_weeks(shop, errands, _stepper(progress, "Orders", ORDERS))
    finally:
        wired.engines.dispose()
    _write(settings, sandbox_url, shop)
    click.echo(f"The demo shop was made in {time.monotonic() - started:.1f} s.")


def _write(settings: Settings, sandbox_url: str, shop: DemoShop) -> None:
    DataFolder(settings.data_dir).write(
        "demo.json",
        {
            "api": settings.public_url,
            "admin": f"{settings.public_url}/admin/",
            "storefront": settings.storefront_url,
            "sandbox": sandbox_url,
            "publishable_key": shop.publishable_key,
            "logins": [{"role": role.value, "email": email, "password": PASSWORD} for role, _name, email in STAFF],
        },
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
        console=Console(stderr=True),
    )


def _stepper(progress: Progress, title: str, total: int) -> Step:
    task = progress.add_task(title, total=total, now="")

    def step(now: str) -> None:
        progress.update(task, advance=1, now=now)

    return step
