"""Ask for an account's settlements to be compared now, by a job."""

from __future__ import annotations

from dataclasses import dataclass

from core.reconciliation.events import ReconciliationRequested
from core.reconciliation.rules import Trigger
from core.shared.ids import PaymentAccountId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RequestReconciliation:
    """`dry_run`: say what would happen, change nothing."""

    account_id: PaymentAccountId
    dry_run: bool = False


@permission("reconciliation.run.start")
def request_reconciliation(cmd: RequestReconciliation, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound."""
    with uow() as tx:
        account = tx.payments.account(cmd.account_id)
        tx.emit(ReconciliationRequested(account.id, Trigger.BUTTON, cmd.dry_run), account.id, 1)
