"""Agree to somebody's decision, or refuse it. What is agreed to is carried out at once, but for a refund: that talks to
the provider, so whoever asked does it then."""

from __future__ import annotations

from dataclasses import dataclass

from core.ledger.chart import AccountCode
from core.reconciliation.approvals import Approval, Decision
from core.reconciliation.errors import ApprovalNeeded
from core.reconciliation.model import ReconciliationException
from core.reconciliation.use_cases.deciding import close_item, explain, need_agreement
from core.shared.ids import ApprovalId
from core.shared.permission import permission
from ports.clock import Clock
from ports.reconciliation import NoteKind
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class DecideApproval:
    id: ApprovalId
    approves: bool
    answer: str = ""


@permission("reconciliation.exception.approve")
def decide_approval(cmd: DecideApproval, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Raises NotFound, OwnApproval for who asked, TransitionRefused when it is decided already, ApprovalNeeded when the
    exception comes to another amount than was asked about."""
    now = clock.now()
    with uow() as tx:
        approval = tx.exceptions.approval(cmd.id)
        exception = tx.exceptions.get(approval.exception_id, lock=True)
        approval.decide(cmd.approves, tx.exceptions.acting(), now, cmd.answer)
        tx.exceptions.save_approval(approval)
        tx.exceptions.note(exception.id, NoteKind.APPROVED if cmd.approves else NoteKind.REFUSED, approval.answer)
        if not cmd.approves:
            return
        if approval.amount != exception.amount:
            raise ApprovalNeeded(f"It now comes to {exception.amount.minor} minor units.")
        _carry_out(tx, approval, exception, clock)


def _carry_out(tx: Transaction, approval: Approval, exception: ReconciliationException, clock: Clock) -> None:
    if approval.decision is Decision.REFUND:
        return
    need_agreement(tx, exception, approval.decision)
    reason, account = str(approval.details["reason"]), approval.details.get("account")
    if approval.decision is Decision.WRITE_OFF:
        close_item(tx, exception, AccountCode(account) if account else None, reason, clock.now())
    else:
        explain(tx, exception, reason, clock.now())
