"""Import products from a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.wiring import Wired
from core.imports.errors import NothingToApply
from core.imports.model import Import, ImportState
from core.imports.queries import GetImport, ListProblems, get_import, list_problems
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.imports.use_cases.confirm_import import ConfirmImport, confirm_import
from core.imports.use_cases.start_import import StartImport, start_import
from core.shared.context import CallContext
from core.shared.ids import ImportId
from jobs.commands._store import one_store
from ports.imports import ProblemFilter
from ports.paging import PageRequest

BLOCK = 1 << 20
SHOWN_PROBLEMS = 20
POLL_SECONDS = 0.2


@click.group("import")
def command() -> None:
    """Import products from a CSV file."""


@command.command("products")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--store", "slug", help="The store's short name; not needed while there is one store.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.pass_context
def products(ctx: click.Context, file: Path, slug: str | None, dry_run: bool) -> None:
    """Import FILE, a CSV file with the columns of Shopify's product export.

    Good rows go in, bad ones are listed with line, column and reason. Exits with 1 when any row was refused.
    """
    with one_store(slug, "cli.import") as (wired, context):
        import_id = _check(wired, context, file)
        checked = _get(wired, context, import_id)
        if checked.state is ImportState.FAILED:
            raise click.ClickException(f"{file.name}: {checked.failure}")
        click.echo(_foreseen(checked))
        if not dry_run:
            _apply(wired, context, import_id)
        done = _get(wired, context, import_id)
        _echo_problems(wired, context, done)
    if done.checked.rows_refused + done.failed:
        ctx.exit(1)


def _get(wired: Wired, context: CallContext, import_id: ImportId) -> Import:
    return wired.app.read(get_import, GetImport(import_id), context)


def _check(wired: Wired, context: CallContext, file: Path) -> ImportId:
    """Hand the file in and check it, with a bar that moves while the length of the work is not known."""
    with _progress() as progress, file.open("rb") as stream:
        progress.add_task("Checking", total=None)
        start = StartImport(file.name, _blocks(stream), context.actor_label, in_background=False)
        import_id = wired.app.run(start_import, start, context)
        wired.app.run(check_import, CheckImport(import_id), context)
    return import_id


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def _apply(wired: Wired, context: CallContext, import_id: ImportId) -> None:
    try:
        wired.app.run(confirm_import, ConfirmImport(import_id, in_background=False), context)
    except NothingToApply:
        click.echo("Nothing to write.")
        return
    total = _get(wired, context, import_id).checked.rows
    with _progress() as progress, ThreadPoolExecutor(1) as pool:
        task = progress.add_task("Writing", total=total)
        work = pool.submit(wired.app.run, apply_import, ApplyImport(import_id), context)
        while wait([work], timeout=POLL_SECONDS).not_done:
            progress.update(task, completed=_get(wired, context, import_id).applied.rows)
        work.result()
        done = _get(wired, context, import_id).applied
        progress.update(task, completed=done.rows)
    click.echo(f"{done.products_created} products created, {done.products_changed} changed.")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _foreseen(checked: Import) -> str:
    figures = checked.checked
    return (
        f"{figures.rows} rows: {figures.rows_created} to create, {figures.rows_changed} to change,"
        f" {figures.rows_unchanged} unchanged, {figures.rows_refused} refused."
    )


def _echo_problems(wired: Wired, context: CallContext, done: Import) -> None:
    query = ListProblems(ProblemFilter(done.id), PageRequest(SHOWN_PROBLEMS))
    page = wired.app.read(list_problems, query, context)
    for row in page.rows:
        value = f" {row.value!r}" if row.value else ""
        repair = f" Probably {row.repair}." if row.repair else ""
        click.echo(f"line {row.line}, {row.column or 'row'}:{value} {row.message} [{row.code}]{repair}", err=True)
    if page.next:
        click.echo("... and more, on the import's page in the back office.", err=True)
