"""Bring a scheduled job forward."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RunScheduleNow:
    name: str


@permission("messages.schedule.run")
def run_schedule_now(cmd: RunScheduleNow, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Make the scheduled job due now; a background process begins it within seconds. Raises NotFound."""
    with uow() as tx:
        tx.deliveries.run_schedule(cmd.name, clock.wall())
