"""The schedule: what is done every few seconds or hours, by whichever process leases the row first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from core.messages.deliveries import LEASE_SECONDS, described
from jobs.heartbeat import beating
from ports.messages import ScheduleTable

IDLE_SECONDS = 1.0

_log = structlog.get_logger("jobs")


@dataclass(frozen=True, slots=True)
class Result:
    """What a run counted, and the last thing that went wrong in it."""

    counts: Mapping[str, int]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One entry: its name, its interval, and what it does. `run` may look at the event to stop early."""

    name: str
    every_seconds: int
    run: Callable[[threading.Event], Result]


class Schedule:
    """One loop over the rows. Any number may run: a row that is leased is passed over by the others."""

    def __init__(self, table: ScheduleTable, tasks: Sequence[Task]) -> None:
        self._table = table
        self._tasks = {task.name: task for task in tasks}

    def declare(self) -> None:
        """Write the rows of new entries and remove those of entries that are gone."""
        self._table.declare({task.name: task.every_seconds for task in self._tasks.values()})

    def run(self, stop: threading.Event) -> None:
        """Run what is due until `stop` is set. When the database is away it goes on trying."""
        while not stop.is_set():
            try:
                if not self.step(stop):
                    stop.wait(IDLE_SECONDS)
            except Exception:
                _log.exception("schedule_failed")
                stop.wait(IDLE_SECONDS)

    def step(self, stop: threading.Event) -> bool:
        """Run the entry that is due longest; whether there was one."""
        name = self._table.lease()
        if name is None:
            return False
        task = self._tasks.get(name)
        started = time.monotonic()
        with beating(LEASE_SECONDS / 3, lambda: self._table.renew(name)):
            # A row of another version of this program is passed on to its next turn.
            result = Result({}, "not known to this version") if task is None else self._run(task, stop)
        took = round((time.monotonic() - started) * 1000)
        self._table.finished(name, took, result.counts, result.error)
        return True

    @staticmethod
    def _run(task: Task, stop: threading.Event) -> Result:
        try:
            return task.run(stop)
        except Exception as error:
            _log.exception("task_failed", task=task.name)
            return Result({}, described(error))
