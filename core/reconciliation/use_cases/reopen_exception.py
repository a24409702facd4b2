"""Take an explanation back: the exception is open again. What was posted stays posted."""

from __future__ import annotations

from dataclasses import dataclass

from core.reconciliation.use_cases.deciding import need_words
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from ports.clock import Clock
from ports.reconciliation import NoteKind
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReopenException:
    id: ExceptionId
    reason: str


@permission("reconciliation.exception.resolve")
def reopen_exception(cmd: ReopenException, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Raises NotFound, TransitionRefused unless it is resolved, Invalid without a reason."""
    reason = need_words(cmd.reason, "reason")
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id, lock=True)
        exception.reopen(clock.now())
        tx.exceptions.save(exception)
        tx.exceptions.note(exception.id, NoteKind.REOPENED, reason)
