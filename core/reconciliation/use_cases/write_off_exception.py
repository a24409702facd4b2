"""Write off what is open of an exception: it is ours, for good or bad, and the books say so."""

from __future__ import annotations

from dataclasses import dataclass

from core.ledger.chart import AccountCode
from core.reconciliation.approvals import Decision
from core.reconciliation.use_cases.deciding import check_decision, close_item, need_agreement, need_seen, need_words
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WriteOffException:
    """`account` is where it goes, None for the usual one of the kind; `version` is the one that was looked at."""

    id: ExceptionId
    reason: str
    account: AccountCode | None = None
    version: int | None = None


@permission("reconciliation.exception.write_off")
def write_off_exception(cmd: WriteOffException, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Post it and close the exception, in one transaction.

    Raises NotFound, TransitionRefused, ChangedSince, NothingOpen, ApprovalNeeded, Invalid without a reason.
    """
    reason = need_words(cmd.reason, "reason")
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id, lock=True)
        need_seen(exception, cmd.version)
        check_decision(exception, Decision.WRITE_OFF, cmd.account)
        need_agreement(tx, exception, Decision.WRITE_OFF)
        close_item(tx, exception, cmd.account, reason, clock.now())
