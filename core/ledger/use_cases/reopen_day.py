"""Open the day again that was closed last: for a correction that belongs nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.ledger.errors import NotTheLastClosedDay
from core.shared.errors import FieldProblem, Invalid
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReopenDay:
    """`by`: who reopens it, for people."""

    day: date
    reason: str
    by: str


@permission("ledger.day.reopen")
def reopen_day(cmd: ReopenDay, /, *, uow: UnitOfWork) -> None:
    """The closing stays in the log. Raises NotTheLastClosedDay, Invalid without a reason."""
    reason = cmd.reason.strip()
    if not reason:
        raise Invalid("A reason is needed.", problems=(FieldProblem("reason", "required", "Say why."),))
    with uow() as tx:
        tx.ledger.hold()
        if tx.ledger_days.closed_through() != cmd.day:
            raise NotTheLastClosedDay()
        tx.ledger_days.reopen(cmd.day, reason, cmd.by)
