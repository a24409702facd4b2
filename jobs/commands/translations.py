"""Keep the back office's translations complete."""

from __future__ import annotations

import click

from jobs.translations import LOCALES, compile_catalogues, missing, update


@click.group("translations")
def command() -> None:
    """Keep the back office's translations complete (admin/translations/)."""


@command.command("update")
def update_files() -> None:
    """Write new messages of the code into the .po files, and drop unused ones."""
    for locale in LOCALES:
        update(locale)
        click.echo(f"{locale}: {len(missing(locale))} left to translate")


@command.command("check")
def check() -> None:
    """Fail when a message is untranslated, unsure or unused."""
    problems = [f"{locale}: {problem}" for locale in LOCALES for problem in missing(locale)]
    if problems:
        raise click.ClickException("\n".join(problems))


@command.command("compile")
def compile_files() -> None:
    """Write the .mo files (each start does this too)."""
    compile_catalogues()
