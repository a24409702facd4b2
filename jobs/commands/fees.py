"""Write down what a payment provider takes by contract."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import click

from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import PaymentAccountId
from core.stores.queries import GetStore, get_store
from jobs.commands._store import one_store
from ports.settlement_books import FeeContract


@click.command("fees")
@click.argument("account_id", metavar="ACCOUNT", type=click.UUID)
@click.argument("method")
@click.option(
    "--basis-points", type=click.IntRange(0, 10_000), default=0, help="Hundredths of a percent of the amount."
)
@click.option("--fixed", type=click.IntRange(0), default=0, help="And so many minor units (cents) each time.")
@click.option("--currency", help="The store's own by default.")
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="From this day on; today by default.")
@click.option("--store", "slug", help="The store's short name; not needed while there is one store.")
def command(
    account_id: UUID, method: str, basis_points: int, fixed: int, currency: str | None, valid_from: datetime | None,
    slug: str | None,
) -> None:  # fmt: skip
    """Write down what ACCOUNT takes of a payment by METHOD, such as card. Settlements are compared with it: a fee that
    differs is raised. The same method and day once more corrects it."""
    with one_store(slug, "cli.fees") as (wired, context):
        own = wired.app.read(get_store, GetStore(), context).currency
        day = (valid_from or wired.clock.now()).date()
        contract = FeeContract(method, currency or own, basis_points, fixed, day)
        wired.app.run(set_fee_contract, SetFeeContract(PaymentAccountId(account_id), contract), context)
    percent = f"{basis_points // 100}.{basis_points % 100:02}"
    click.echo(f"{method}: {percent} % and {fixed} minor units of {contract.currency} from {day} on.")
