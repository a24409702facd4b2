"""Ask for somebody's agreement to a decision above the store's limit."""

from __future__ import annotations

from dataclasses import dataclass

from core.ledger.chart import AccountCode
from core.reconciliation.approvals import Approval, Decision
from core.reconciliation.errors import NothingOpen
from core.reconciliation.model import ExceptionState
from core.reconciliation.use_cases.deciding import check_decision, need_seen, need_words
from core.shared.ids import ApprovalId, ExceptionId
from core.shared.permission import permission
from core.shared.state_machine import TransitionRefused
from ports.clock import Clock
from ports.ids import Ids
from ports.reconciliation import NoteKind
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AskApproval:
    """`reason` explains the exception once it is agreed to, `note` is for who agrees; `account` is where a write-off
    goes, None for the usual one; `version` is the one that was looked at."""

    id: ExceptionId
    decision: Decision
    reason: str
    note: str = ""
    account: AccountCode | None = None
    version: int | None = None


@permission("reconciliation.exception.resolve")
def ask_approval(cmd: AskApproval, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> ApprovalId:
    """Raises NotFound, TransitionRefused once it is resolved, ChangedSince, ApprovalPending, NotDecidedSo, NothingOpen,
    Invalid."""
    reason = need_words(cmd.reason, "reason")
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id, lock=True)
        if exception.state is not ExceptionState.OPEN:
            raise TransitionRefused("exception", exception.state, "ask for approval")
        need_seen(exception, cmd.version)
        check_decision(exception, cmd.decision, cmd.account)
        if cmd.decision is Decision.WRITE_OFF and tx.exceptions.open_on_clearing(exception) is None:
            raise NothingOpen()
        approval = Approval(
            ApprovalId(ids.new()),
            exception.id,
            cmd.decision,
            exception.amount,
            tx.exceptions.acting(),
            clock.now(),
            {"reason": reason, "account": cmd.account},
            cmd.note.strip(),
        )
        tx.exceptions.add_approval(approval)
        tx.exceptions.note(exception.id, NoteKind.APPROVAL_ASKED, approval.note or reason)
    return approval.id
