"""Move the business clock of a rehearsal, here and in the sandboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
import httpx

from adapters.settings import Settings
from adapters.wiring import Operator, operator, wire
from jobs.commands._settings import command_settings

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 20 * 366 * 86_400  # seconds, either way


@click.command("clock", context_settings={"ignore_unknown_options": True})
@click.argument("move", default="show")
def command(move: str) -> None:
    """Show or move the business clock: `+1d`, `-30m`, `+2h30m`, `show` or `reset`.

    Deadlines, orders and the sandboxes follow it; sessions, tokens and signatures stay with the wall's time. There is
    no such clock in production.
    """
    settings = command_settings()
    if settings.production:
        raise click.ClickException("The clock of production is the wall's: it can't be moved.")
    with _operator(settings) as desk:
        before = desk.clock_offset()
        offset = before if move == "show" else 0 if move == "reset" else before + seconds_of(move)
        if abs(offset) > LONGEST:
            raise click.ClickException("That is more than twenty years away.")
        if move != "show":
            # The outside world first: when part of it does not answer, nothing has moved.
            _move_sandboxes(settings, before, offset)
            desk.set_clock_offset(offset)
    click.echo(told(offset))


def seconds_of(move: str) -> int:
    """`+1d`, `-2h30m` in seconds. Raises BadParameter for anything else."""
    found = re.fullmatch(r"([+-])((?:\d{1,9}[smhdw])+)", move)
    if found is None:
        raise click.BadParameter(f"{move!r} is none of +1d, -30m, +2h30m, show, reset.")
    total = sum(int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+)([smhdw])", found[2]))
    return -total if found[1] == "-" else total


def told(offset: int) -> str:
    """A sentence about `offset` seconds."""
    if offset == 0:
        return "The business clock is the wall's."
    return f"The business clock is {timedelta(seconds=abs(offset))} {'ahead' if offset > 0 else 'behind'}."


@contextmanager
def _operator(settings: Settings) -> Iterator[Operator]:
    wired = wire(settings)
    try:
        yield operator(wired)
    finally:
        wired.engines.dispose()


def _move_sandboxes(settings: Settings, before: int, offset: int) -> None:
    """All or none. Raises ClickException."""
    moved: list[str] = []
    for url in filter(None, (settings.sandbox_payments_url, settings.sandbox_carrier_url)):
        problem = _move(url, offset)
        if problem is not None:
            left = [earlier for earlier in moved if _move(earlier, before) is not None]
            told = f" {', '.join(left)} did not go back." if left else ""
            raise click.ClickException(f"The sandbox's clock did not move: {problem}.{told}")
        moved.append(url)


def _move(url: str, offset: int) -> str | None:
    """Move one; what went wrong, if anything did."""
    try:
        answer = httpx.post(f"{url}/_sandbox/clock", json={"offset_seconds": offset}, timeout=60)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        return str(error)
    return None
