"""Approvals on PostgreSQL, and who acts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from adapters.postgres.json import plain
from adapters.postgres.session import Session
from adapters.postgres.tables.reconciliation import approvals, reconciliation_settings
from core.reconciliation.approvals import Approval, ApprovalState, Decision, Person
from core.reconciliation.errors import ApprovalPending
from core.reconciliation.rules import APPROVAL_LIMIT_MINOR
from core.shared.context import Staff
from core.shared.errors import NotFound
from core.shared.ids import ApprovalId, ExceptionId, StaffId
from core.shared.money import Money

_GET = sa.select(approvals).where(approvals.c.id == sa.bindparam("approval_id")).with_for_update()
_AGREED = (
    sa.select(approvals)
    .where(
        approvals.c.exception_id == sa.bindparam("exception_id"),
        approvals.c.state == ApprovalState.APPROVED,
    )
    .with_for_update()
)
_LIMIT = sa.select(reconciliation_settings.c.approval_limit_minor)
_WAITING = "uq_approvals_waiting"


class PostgresApprovals:
    def __init__(self, session: Session) -> None:
        self._session = session

    def acting(self) -> Person:
        context = self._session.context
        person = context.actor.id if isinstance(context.actor, Staff) else None
        return Person(person, context.actor_label or getattr(context.actor, "name", context.actor.kind))

    def approval_limit(self) -> int:
        row = self._session.row(_LIMIT)
        return APPROVAL_LIMIT_MINOR if row is None else int(row["approval_limit_minor"])

    def add_approval(self, approval: Approval) -> None:
        session, values = self._session, _values(approval)
        row = {"id": approval.id, "store_id": session.store_id, "version": 1, **values}
        session.write(sa.insert(approvals).values(row), errors={_WAITING: ApprovalPending()})
        approval.version = 1
        session.changed("approval", approval.id, None, plain(values))

    def approval(self, approval_id: ApprovalId) -> Approval:
        row = self._session.row(_GET, {"approval_id": approval_id})
        if row is None:
            raise NotFound("There is no such approval.")
        return _to_approval(row)

    def approval_for(self, exception_id: ExceptionId) -> Approval | None:
        row = self._session.row(_AGREED, {"exception_id": exception_id})
        return None if row is None else _to_approval(row)

    def save_approval(self, approval: Approval) -> None:
        values = _values(approval)
        self._session.update_version(approvals, approval.id, approval.version, values)
        approval.version += 1
        self._session.changed("approval", approval.id, {"state": ApprovalState.ASKED}, {"state": approval.state})


def _values(approval: Approval) -> dict[str, Any]:
    decided = approval.decided_by
    return {
        "exception_id": approval.exception_id,
        "decision": approval.decision,
        "state": approval.state,
        "amount_minor": approval.amount.minor,
        "currency": approval.amount.currency,
        "details": plain(dict(approval.details)),
        "note": approval.note,
        "asked_by_id": approval.asked_by.id,
        "asked_by": approval.asked_by.label,
        "asked_at": approval.asked_at,
        "decided_by_id": None if decided is None else decided.id,
        "decided_by": None if decided is None else decided.label,
        "decided_at": approval.decided_at,
        "answer": approval.answer,
    }


def _person(id_: Any, label: str | None) -> Person:
    return Person(None if id_ is None else StaffId(id_), label or "")


def _to_approval(row: sa.RowMapping) -> Approval:
    return Approval(
        id=ApprovalId(row["id"]),
        exception_id=ExceptionId(row["exception_id"]),
        decision=Decision(row["decision"]),
        amount=Money(row["amount_minor"], row["currency"]),
        asked_by=_person(row["asked_by_id"], row["asked_by"]),
        asked_at=row["asked_at"],
        details=row["details"],
        note=row["note"],
        state=ApprovalState(row["state"]),
        decided_by=None if row["decided_at"] is None else _person(row["decided_by_id"], row["decided_by"]),
        decided_at=row["decided_at"],
        answer=row["answer"],
        version=row["version"],
    )
