"""What the decisions about an exception share: who has to agree, and carrying them out."""

from __future__ import annotations

from datetime import datetime

from core.ledger.chart import AccountCode
from core.reconciliation.actions import ALLOWED_ACCOUNTS, account_for, may_refund, write_off
from core.reconciliation.approvals import Decision
from core.reconciliation.errors import ApprovalNeeded, ChangedSince, NotDecidedSo, NothingOpen
from core.reconciliation.model import ReconciliationException
from core.shared.errors import FieldProblem, Invalid
from ports.reconciliation import NoteKind
from ports.unit_of_work import Transaction


def need_words(text: str, field: str = "resolution") -> str:
    """`text` without blanks around it. Raises Invalid when nothing is left."""
    words = text.strip()
    if not words:
        problem = FieldProblem(field, "required", "Say what became of the money.")
        raise Invalid("An explanation is needed.", problems=(problem,))
    return words


def need_seen(exception: ReconciliationException, version: int | None) -> None:
    """Raises ChangedSince when the exception is not as it was when somebody decided; None: whatever it is now."""
    if version is not None and exception.version != version:
        raise ChangedSince()


def need_agreement(tx: Transaction, exception: ReconciliationException, decision: Decision) -> None:
    """Use up the approval that `decision` needs, if it needs one. Raises ApprovalNeeded when nobody agreed to it."""
    if exception.amount.minor <= tx.exceptions.approval_limit():
        return
    approval = tx.exceptions.approval_for(exception.id)
    if approval is None or not approval.covers(decision, exception.amount):
        raise ApprovalNeeded()
    approval.use()
    tx.exceptions.save_approval(approval)


def check_decision(exception: ReconciliationException, decision: Decision, account: AccountCode | None) -> None:
    """Raises NotDecidedSo when an exception of its kind can't be decided so, Invalid for an account that takes no
    differences."""
    if decision is Decision.REFUND and (not may_refund(exception.kind) or exception.order_id is None):
        raise NotDecidedSo()
    if decision is Decision.WRITE_OFF and account is not None and account not in ALLOWED_ACCOUNTS:
        problem = FieldProblem("account", "not_allowed", "Differences are not written off to this account.")
        raise Invalid("This account takes no differences.", problems=(problem,))


def explain(tx: Transaction, exception: ReconciliationException, words: str, at: datetime) -> None:
    """Close it with an explanation by who acts. Raises TransitionRefused."""
    exception.resolve(words, at, tx.exceptions.acting().label)
    tx.exceptions.save(exception)
    tx.exceptions.note(exception.id, NoteKind.RESOLVED, words)


def close_item(
    tx: Transaction, exception: ReconciliationException, account: AccountCode | None, reason: str, at: datetime
) -> None:
    """Bring what is open of it to zero on `account`, None for the usual one, and close it.

    Raises NothingOpen, TransitionRefused.
    """
    exception.resolve(reason, at, tx.exceptions.acting().label)
    tx.ledger.hold()
    open_ = tx.exceptions.open_on_clearing(exception)
    if open_ is None:
        raise NothingOpen()
    entry = write_off(exception.id, exception.version, open_, account or account_for(exception.kind), reason, at)
    tx.exceptions.save(exception)
    tx.exceptions.note(exception.id, NoteKind.WRITTEN_OFF, reason)
    tx.ledger.post(entry)
