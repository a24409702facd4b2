"""Compare what payment providers settled with what the shop has."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import click

from core.reconciliation.queries import ListSettlementAccounts, list_settlement_accounts
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, RunOutcome, reconcile
from core.shared.ids import PaymentAccountId
from jobs.commands._store import one_store


@click.command("reconcile")
@click.option("--dry-run", is_flag=True, help="Say what would happen; nothing but the run itself is kept.")
@click.option("--account", "account_id", type=click.UUID, help="One account by its id; all of the store by default.")
@click.option("--store", "slug", help="The store's short name; not needed while there is one store.")
def command(dry_run: bool, account_id: UUID | None, slug: str | None) -> None:
    """Compare what payment providers settled with what the shop has, raise what does not fit, and post fees, payouts
    and disputes."""
    with one_store(slug, "cli.reconcile") as (wired, context):
        accounts = wired.app.read(list_settlement_accounts, ListSettlementAccounts(), context)
        chosen = {account.id: account.name for account in accounts}
        if account_id is not None:
            chosen = {PaymentAccountId(account_id): chosen.get(PaymentAccountId(account_id), str(account_id))}
        if not chosen:
            raise click.ClickException("This store has no account whose provider tells of settlements.")
        for id_, name in chosen.items():
            outcome = wired.app.run(reconcile, Reconcile(id_, Trigger.COMMAND, dry_run), context)
            click.echo(_told(name, outcome, dry_run))


def _told(name: str, outcome: RunOutcome | None, dry_run: bool) -> str:
    counts: Mapping[str, int] = {} if outcome is None else outcome.counts
    lines = [f"{name}{' (dry run)' if dry_run else ''}"]
    words = {key: key.replace("_", " ").replace(":", ", ") for key in counts}
    lines += [f"  {words[key]}: {counts[key]}" for key in sorted(counts)]
    return "\n".join(lines)
