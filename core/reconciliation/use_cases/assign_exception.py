"""Hand an exception to somebody, or back to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import ExceptionId, StaffId
from core.shared.permission import permission
from ports.reconciliation import NoteKind
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AssignException:
    """`owner` None: nobody works on it. `name` is shown beside it."""

    id: ExceptionId
    owner: StaffId | None
    name: str | None = None


@permission("reconciliation.exception.assign")
def assign_exception(cmd: AssignException, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, TransitionRefused once it is resolved."""
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id, lock=True)
        exception.assign(cmd.owner, cmd.name if cmd.owner is not None else None)
        tx.exceptions.save(exception)
        tx.exceptions.note(exception.id, NoteKind.ASSIGNED, exception.owner_name or "")
