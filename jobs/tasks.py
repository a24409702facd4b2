"""The entries of the schedule: what has a deadline is looked at, what was kept long enough is removed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate
from uuid import UUID

import structlog

from core.application import App
from core.messages.deliveries import described
from core.shared.context import CallContext, Job
from core.shared.errors import CoreError
from core.shared.ids import StoreId
from jobs.schedule import Result, Task
from ports.clock import Clock
from ports.deadlines import Due
from ports.ids import Ids
from ports.messages import Housekeeping

AT_MOST = 200  # items of one run; what is left is due at the next

_log = structlog.get_logger("jobs")


@dataclass(frozen=True, slots=True)
class Sweep:
    """Calls `use_case` for everything that `due` tells, each in its own store."""

    app: App
    clock: Clock
    ids: Ids
    name: str
    due: Callable[[datetime, int], Sequence[Due]]
    use_case: Callable[Concatenate[Any, ...], object]
    command: Callable[[UUID], object]

    def __call__(self, stop: threading.Event) -> Result:
        done, failed, last = 0, 0, None
        for item in self.due(self.clock.now(), AT_MOST):
            if stop.is_set():
                break
            try:
                self.app.run(self.use_case, self.command(item.id), self._context(item))
                done += 1
            except Exception as error:
                if not isinstance(error, CoreError):
                    _log.exception("sweep_failed", task=self.name, store=str(item.store_id), subject=str(item.id))
                failed, last = failed + 1, f"{described(error)} ({item.id})"
        return Result({"done": done, "failed": failed}, last)

    def _context(self, item: Due) -> CallContext:
        return CallContext(
            store_id=StoreId(item.store_id),
            actor=Job(self.name),
            request_id=f"sch_{self.ids.new().hex}",
            actor_label=self.name,
        )


def prune(housekeeping: Housekeeping) -> Callable[[threading.Event], Result]:
    """Remove finished deliveries, old events and answers to repeats."""
    return lambda _stop: Result({name.replace(" ", "_"): count for name, count in housekeeping.prune().items()})


def hourly_prune(housekeeping: Housekeeping) -> Task:
    return Task("platform.prune", 3600, prune(housekeeping))
