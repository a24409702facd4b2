"""Show the demo shop's addresses, key and logins."""

from __future__ import annotations

import json

import click

from jobs.data_folder import DataFolder
from jobs.demo import demo, lines


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def command(as_json: bool) -> None:
    """Show the demo shop's addresses, publishable key and logins, one for each role."""
    shown = demo(DataFolder())
    if shown is None:
        raise click.ClickException("There is no demo shop yet: `ecommerce run` makes it.")
    if as_json:
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for line in lines(shown):
        click.echo(line)
    click.echo(f"\n  {'key':<12}{shown['publishable_key']}")
