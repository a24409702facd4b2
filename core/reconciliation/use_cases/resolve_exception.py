"""Resolve an exception: say in words what became of the money."""

from __future__ import annotations

from dataclasses import dataclass

from core.reconciliation.approvals import Decision
from core.reconciliation.use_cases.deciding import explain, need_agreement, need_seen, need_words
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ResolveException:
    """`version` is the one that was looked at, None for whichever it is now."""

    id: ExceptionId
    resolution: str
    version: int | None = None


@permission("reconciliation.exception.resolve")
def resolve_exception(cmd: ResolveException, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Close it with an explanation.

    Raises NotFound, TransitionRefused, ChangedSince, ApprovalNeeded, Invalid without words.
    """
    words = need_words(cmd.resolution)
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id, lock=True)
        need_seen(exception, cmd.version)
        explain(tx, exception, words, clock.now())
        need_agreement(tx, exception, Decision.RESOLVE)
