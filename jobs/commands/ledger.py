"""Close and reopen days of the books, verify them, post what is in no entry."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import click

from adapters.wiring import Wired, operator, wire
from core.ledger.use_cases.backfill import Backfill, backfill
from core.ledger.use_cases.close_day import CloseDay, close_day
from core.ledger.use_cases.reopen_day import ReopenDay, reopen_day
from core.ledger.use_cases.set_exception_limit import SetExceptionLimit, set_exception_limit
from core.ledger.use_cases.verify import Verify, verify
from core.shared.context import CallContext, Job
from core.shared.errors import CoreError
from core.shared.ids import StoreId
from core.shared.money import Money
from core.stores.queries import GetStore, get_store
from jobs.commands._settings import command_settings

STORE = click.option("--store", "slug", help="The store's short name; needed where there are several.")
DAY = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="YYYY-MM-DD in the store's time zone.")


@contextmanager
def _wired() -> Iterator[Wired]:
    wired = wire(command_settings())
    try:
        yield wired
    except CoreError as refusal:
        raise click.ClickException(refusal.message) from refusal
    finally:
        wired.engines.dispose()


def _contexts(wired: Wired, slug: str | None) -> list[tuple[str, CallContext]]:
    """The stores a command is for, each with its context. Raises ClickException for an unknown name."""
    stores = [store for store in operator(wired).stores() if slug in (None, store.slug)]
    if not stores:
        raise click.ClickException(f"There is no store {slug}." if slug else "There is no store yet.")
    return [(store.slug, _context(store.id)) for store in stores]


def _context(store_id: StoreId) -> CallContext:
    return CallContext(store_id, Job("cli.ledger"), f"cli_{uuid4().hex}", actor_label=getpass.getuser())


def _one(wired: Wired, slug: str | None) -> tuple[str, CallContext]:
    found = _contexts(wired, slug)
    if len(found) > 1:
        raise click.ClickException("There are several stores: say which by --store.")
    return found[0]


def _day(wired: Wired, context: CallContext, told: datetime | None) -> date:
    """The day that was told, or the store's yesterday."""
    if told is not None:
        return told.date()
    zone = ZoneInfo(wired.app.read(get_store, GetStore(), context).time_zone)
    return (wired.clock.now().astimezone(zone) - timedelta(days=1)).date()


@click.group("ledger")
def command() -> None:
    """Close and reopen days of the books, verify them, post what is in no entry."""


@command.command("close")
@STORE
@DAY
def close(slug: str | None, day: datetime | None) -> None:
    """Close a day, and every open day before it; without --day yesterday.

    Refused while facts up to that day wait to be posted, or exceptions above the store's limit are open.
    """
    with _wired() as wired:
        name, context = _one(wired, slug)
        chosen = _day(wired, context, day)
        wired.app.run(close_day, CloseDay(chosen, context.actor_label), context)
        click.echo(f"{name}: closed through {chosen.isoformat()}.")


@command.command("reopen")
@STORE
@DAY
@click.option("--reason", required=True, help="Why it is opened again; the log keeps it.")
def reopen(slug: str | None, day: datetime | None, reason: str) -> None:
    """Open the day again that was closed last."""
    with _wired() as wired:
        name, context = _one(wired, slug)
        chosen = _day(wired, context, day)
        wired.app.run(reopen_day, ReopenDay(chosen, reason, context.actor_label), context)
        click.echo(f"{name}: {chosen.isoformat()} is open again.")


@command.command("limit")
@STORE
@click.argument("minor", type=click.IntRange(0))
def limit(slug: str | None, minor: int) -> None:
    """Let exceptions of at most MINOR (centavos) stay open when a day is closed."""
    with _wired() as wired:
        name, context = _one(wired, slug)
        currency = wired.app.read(get_store, GetStore(), context).currency
        wired.app.run(set_exception_limit, SetExceptionLimit(Money(minor, currency)), context)
        click.echo(f"{name}: the limit is {minor} {currency} minor units.")


@command.command("verify")
@STORE
def verify_(slug: str | None) -> None:
    """Recompute every entry, sum and seal; fail when something is not as it was written."""
    with _wired() as wired:
        found = 0
        for name, context in _contexts(wired, slug):
            audit = wired.app.run(verify, Verify(), context)
            click.echo(f"{name}: {audit.entries} entries and {audit.days} closings read.")
            for finding in audit.findings:
                click.echo(f"{name}: {finding.problem.value.replace('_', ' ')}: {finding.what}")
            found += len(audit.findings)
    if found:
        raise click.ClickException(f"{found} not as written.")


@command.command("backfill")
@STORE
def backfill_(slug: str | None) -> None:
    """Post every fact that is in no entry yet; may be stopped and run again."""
    with _wired() as wired:
        for name, context in _contexts(wired, slug):
            click.echo(f"{name}: {sum(_pages(wired, context))} posted.")


def _pages(wired: Wired, context: CallContext) -> Iterator[int]:
    after: UUID | None = None
    while True:
        step: Any = wired.app.run(backfill, Backfill(after, go_on=False), context)
        yield step.posted
        after = step.next
        if after is None:
            return
