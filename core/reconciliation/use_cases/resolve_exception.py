"""Resolve an exception: say in words what became of the money."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ResolveException:
    id: ExceptionId
    resolution: str


@permission("reconciliation.exception.resolve")
def resolve_exception(cmd: ResolveException, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Close it with an explanation. Raises NotFound, TransitionRefused, Invalid without one."""
    resolution = cmd.resolution.strip()
    if not resolution:
        problem = FieldProblem("resolution", "required", "Say what became of the money.")
        raise Invalid("An explanation is needed.", problems=(problem,))
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id, lock=True)
        exception.resolve(resolution, clock.now())
        tx.exceptions.save(exception)
