"""The store that a command works on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import click

from adapters.wiring import Wired, operator, settle, wire
from core.shared.context import CallContext, Job
from core.shared.errors import CoreError
from jobs.commands._settings import command_settings


@contextmanager
def one_store(slug: str | None, job: str) -> Iterator[tuple[Wired, CallContext]]:
    """The application, and the context of `job` in the store with the short name `slug`; in the only one for None.

    Raises ClickException when it is not clear which store is meant, and for whatever the core refuses meanwhile.
    """
    wired = wire(command_settings())
    settle()
    try:
        stores = {store.slug: store.id for store in operator(wired).stores()}
        if slug is None and len(stores) != 1:
            names = ", ".join(sorted(stores)) or "none"
            raise click.ClickException(f"Say which store with --store; there are: {names}.")
        store_id = stores.get(slug) if slug is not None else next(iter(stores.values()))
        if store_id is None:
            raise click.ClickException(f"There is no store {slug}.")
        yield wired, CallContext(store_id, Job(job), f"cli_{uuid4().hex}", actor_label=getpass.getuser())
    except CoreError as refusal:
        raise click.ClickException(_words(refusal)) from refusal
    finally:
        wired.engines.dispose()


def _words(refusal: CoreError) -> str:
    """A refusal, with what it says of single fields."""
    told = [problem.message for problem in refusal.problems if problem.message not in refusal.message]
    return " ".join([refusal.message, *told])
