"""Create the database, its four login roles and its schemas, once."""

from __future__ import annotations

import os

import click

from adapters.provisioning import ROLES, bootstrap_roles


@click.command("bootstrap-roles")
@click.option(
    "--superuser-url", envvar="DATABASE_SUPERUSER_URL", required=True, metavar="URL",
    help="Address of any database of the server, as a superuser.",
)  # fmt: skip
@click.option("--database", default="ecommerce", show_default=True, help="The database to create.")
def command(superuser_url: str, database: str) -> None:
    """Create the database, its login roles and its schemas; what is there already is kept.

    The passwords come from ECOMMERCE_OWNER_PASSWORD, ECOMMERCE_APP_PASSWORD, ECOMMERCE_PLATFORM_PASSWORD and
    ECOMMERCE_SANDBOX_PASSWORD.
    """
    passwords = {role: os.environ.get(f"{role.upper()}_PASSWORD", "") for role in ROLES}
    lacking = [f"{role.upper()}_PASSWORD" for role, password in passwords.items() if not password]
    if lacking:
        raise click.ClickException(f"Missing: {', '.join(lacking)}.")
    bootstrap_roles(superuser_url, passwords, database)
    click.echo(f"Database {database} and its roles {', '.join(ROLES)} are there.")
