"""Keep the translations of back office and payment page complete."""

from __future__ import annotations

from itertools import product

import click

from jobs.translations import CATALOGUES, LOCALES, compile_catalogues, missing, update


@click.group("translations")
def command() -> None:
    """Keep the translations of back office and payment page complete (admin/translations/, web/translations/)."""


@command.command("update")
def update_files() -> None:
    """Write new messages of the code into the .po files, and drop unused ones."""
    for face, locale in product(CATALOGUES, LOCALES):
        update(face, locale)
        click.echo(f"{face}, {locale}: {len(missing(face, locale))} left to translate")


@command.command("check")
def check() -> None:
    """Fail when a message is untranslated, unsure or unused."""
    problems = [
        f"{face}, {locale}: {problem}"
        for face, locale in product(CATALOGUES, LOCALES)
        for problem in missing(face, locale)
    ]
    if problems:
        raise click.ClickException("\n".join(problems))


@command.command("compile")
def compile_files() -> None:
    """Write the .mo files (each start does this too)."""
    compile_catalogues()
