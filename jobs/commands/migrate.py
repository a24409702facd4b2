"""Bring the database's schema up to date."""

from __future__ import annotations

import click

from adapters.provisioning import differences, migrate, new_migration
from jobs.environment import command_environment


@click.command("migrate")
@click.option("--check", is_flag=True, help="Change nothing; fail when tables and database differ.")
@click.option("--new", "message", metavar="MESSAGE", help="Write a migration from the difference instead.")
def command(check: bool, message: str | None) -> None:
    """Run every migration that is missing, as role ecommerce_owner (DATABASE_OWNER_URL)."""
    url = command_environment().get("DATABASE_OWNER_URL")
    if not url:
        raise click.ClickException("DATABASE_OWNER_URL is missing.")
    if message:
        click.echo(f"Wrote {new_migration(url, message)}: read it before you run it.")
    elif check:
        found = differences(url)
        if found:
            raise click.ClickException("\n".join(map(str, found)))
    else:
        migrate(url)
