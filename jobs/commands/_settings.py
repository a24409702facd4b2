"""Where every command that works on a shop gets its settings."""

from __future__ import annotations

import logging

import click
import structlog

from adapters.settings import Settings, SettingsError
from jobs.environment import command_environment


def command_settings() -> Settings:
    """The settings of a command. Raises ClickException naming everything missing.

    A person reads what a command prints, so of the log only warnings and worse are shown, on standard error.
    """
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    try:
        return Settings.from_environment(command_environment())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
