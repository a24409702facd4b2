"""What commands that connect an account share: settings from the command line, and keys that are asked for."""

from __future__ import annotations

from collections.abc import Sequence

import click

from core.shared.errors import FieldProblem


def pair(setting: str) -> tuple[str, str]:
    """`NAME=VALUE` taken apart. Raises BadParameter for anything else."""
    name, sign, value = setting.partition("=")
    if not (name and sign):
        raise click.BadParameter(f"{setting!r} is not NAME=VALUE.", param_hint="--set")
    return name, value


def ask_for_keys(problems: Sequence[FieldProblem], config: dict[str, str]) -> None:
    """Ask for each setting that the adapter misses, so that keys stand in no history of commands.

    :param problems: what the adapter says of `config`, which is completed
    """
    for problem in problems:
        if problem.code == "required":
            config[problem.field.removeprefix("config.")] = click.prompt(problem.message, hide_input=True).strip()
