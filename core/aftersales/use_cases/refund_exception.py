"""Give back the money that an exception is about, and close it."""

from __future__ import annotations

from dataclasses import dataclass

from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.payments.lifecycle import Outcome
from core.reconciliation.approvals import Approval, Decision
from core.reconciliation.errors import ApprovalNeeded
from core.reconciliation.model import ExceptionState, ReconciliationException
from core.reconciliation.use_cases.deciding import check_decision, explain, need_seen, need_words
from core.shared.errors import NotFound
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from core.shared.state_machine import TransitionRefused
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import PaymentGateways
from ports.reconciliation import NoteKind
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class RefundException:
    """`requested_by` stands on the refund, for people; `version` is the one that was looked at, None for whichever."""

    id: ExceptionId
    reason: str
    requested_by: str = ""
    version: int | None = None


@permission("payments.payment.refund")
def refund_exception(
    cmd: RefundException, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> Outcome:
    """Refund the exception's amount through its order. UNKNOWN leaves it open: asking again is the same refund.

    Raises NotFound, TransitionRefused, ChangedSince, NotDecidedSo, ApprovalNeeded, Invalid without a reason, and
    what `refund_order` refuses with.
    """
    reason = need_words(cmd.reason, "reason")
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id)
        need_seen(exception, cmd.version)
        _check(tx, exception)
    if exception.order_id is None or exception.payment_id is None:
        raise NotFound("There is no order to refund.")
    refund = RefundOrder(
        exception.order_id,
        exception.payment_id,
        key=f"exception:{exception.id}:{exception.version}",
        other=exception.amount,
        note=reason,
        requested_by=cmd.requested_by,
    )
    outcome = refund_order(refund, uow=uow, gateways=gateways, clock=clock, ids=ids)
    if outcome in (Outcome.SUCCEEDED, Outcome.PENDING):
        _close(uow, exception, reason, clock)
    return outcome


def _check(tx: Transaction, exception: ReconciliationException) -> Approval | None:
    """The approval that covers it, None where none is needed."""
    if exception.state is not ExceptionState.OPEN:
        raise TransitionRefused("exception", exception.state, "refund")
    check_decision(exception, Decision.REFUND, None)
    if exception.amount.minor <= tx.exceptions.approval_limit():
        return None
    approval = tx.exceptions.approval_for(exception.id)
    if approval is None or not approval.covers(Decision.REFUND, exception.amount):
        raise ApprovalNeeded()
    return approval


def _close(uow: UnitOfWork, refunded: ReconciliationException, reason: str, clock: Clock) -> None:
    with uow() as tx:
        exception = tx.exceptions.get(refunded.id, lock=True)
        if exception.state is not ExceptionState.OPEN:
            return  # the money's own word came first, or somebody explained it meanwhile
        approval = _check(tx, exception)
        if approval is not None:
            approval.use()
            tx.exceptions.save_approval(approval)
        explain(tx, exception, reason, clock.now())
        tx.exceptions.note(exception.id, NoteKind.REFUNDED, str(exception.amount.minor))
