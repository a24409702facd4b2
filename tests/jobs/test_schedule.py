"""The schedule: due jobs run, once however many loops there are, and a crash only delays them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from core.messages.queries import ListSchedules, list_schedules
from core.messages.use_cases.run_schedule_now import RunScheduleNow, run_schedule_now
from core.shared.errors import NotFound
from jobs.schedule import Result, Schedule, Task
from tests.jobs.bench import Bench


class Counted:
    """A task that counts its runs and may wait or fail in them."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.runs = 0
        self.error = error
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, stop: threading.Event) -> Result:
        self.runs += 1
        self.gate.wait(10)
        if self.error:
            raise self.error
        return Result({"done": self.runs, "failed": 0})


def _row(bench: Bench, name: str = "tests.count") -> Mapping[str, Any]:
    row = bench.owner.execute("SELECT * FROM schedules WHERE name = %s", [name]).fetchone()
    assert row is not None
    return row


def _schedule(bench: Bench, counted: Counted) -> Schedule:
    schedule = Schedule(bench.schedule, [Task("tests.count", 60, counted)])
    schedule.declare()
    return schedule


def test_a_job_runs_when_it_is_due_and_tells_what_it_did(bench: Bench) -> None:
    counted, stop = Counted(), threading.Event()
    schedule = _schedule(bench, counted)
    assert schedule.step(stop)
    assert not schedule.step(stop)
    bench.clock.forward(59)
    assert not schedule.step(stop)
    bench.clock.forward(1)
    assert schedule.step(stop)
    (row,) = bench.app.read(list_schedules, ListSchedules(), bench.context)
    assert (row.name, row.every_seconds, row.last_result) == ("tests.count", 60, {"done": 2, "failed": 0})
    assert row.last_run_at == bench.clock.wall()
    assert row.next_run_at - bench.clock.wall() == timedelta(seconds=60)
    assert row.last_error is None
    assert row.took_ms is not None


def test_two_loops_fire_it_once(bench: Bench) -> None:
    counted, stop = Counted(), threading.Event()
    counted.gate.clear()
    first, second = _schedule(bench, counted), _schedule(bench, counted)
    ran: list[bool] = []
    thread = threading.Thread(target=lambda: ran.append(first.step(stop)))
    thread.start()
    bench.until(lambda: counted.runs == 1)
    assert not second.step(stop)
    counted.gate.set()
    thread.join(10)
    assert not second.step(stop)
    assert (ran, counted.runs) == ([True], 1)


def test_many_loops_started_together_fire_it_once(bench: Bench) -> None:
    counted, stop = Counted(), threading.Event()
    schedules = [_schedule(bench, counted) for _ in range(4)]
    barrier = threading.Barrier(4)

    def step(schedule: Schedule) -> None:
        barrier.wait()
        schedule.step(stop)

    threads = [threading.Thread(target=step, args=(schedule,)) for schedule in schedules]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert counted.runs == 1


def test_a_crash_in_between_runs_it_again_once_the_lease_is_over(bench: Bench) -> None:
    counted, stop = Counted(), threading.Event()
    schedule = _schedule(bench, counted)
    assert bench.schedule.lease() == "tests.count"  # by somebody who died
    assert not schedule.step(stop)
    bench.clock.forward(20)
    bench.schedule.renew("tests.count")
    bench.clock.forward(20)
    assert not schedule.step(stop)
    bench.clock.forward(11)
    assert schedule.step(stop)
    assert counted.runs == 1


def test_a_failed_run_is_told_and_runs_again_at_its_next_turn(bench: Bench) -> None:
    counted, stop = Counted(error=RuntimeError("no file yet")), threading.Event()
    schedule = _schedule(bench, counted)
    schedule.step(stop)
    assert _row(bench)["last_error"] == "RuntimeError: no file yet"
    counted.error = None
    bench.clock.forward(60)
    schedule.step(stop)
    row = _row(bench)
    assert (row["last_error"], row["last_result"]) == (None, {"done": 2, "failed": 0})


def test_entries_that_are_gone_lose_their_row_and_a_changed_interval_counts(bench: Bench) -> None:
    bench.schedule.declare({"tests.old": 60, "tests.count": 60})
    bench.schedule.declare({"tests.count": 30})
    (row,) = bench.app.read(list_schedules, ListSchedules(), bench.context)
    assert (row.name, row.every_seconds) == ("tests.count", 30)


def test_staff_bring_a_job_forward_and_the_log_says_who(bench: Bench) -> None:
    counted, stop = Counted(), threading.Event()
    schedule = _schedule(bench, counted)
    schedule.step(stop)
    assert not schedule.step(stop)
    bench.app.run(run_schedule_now, RunScheduleNow("tests.count"), bench.context)
    assert schedule.step(stop)
    assert counted.runs == 2
    entry = bench.owner.execute("SELECT changes FROM activity WHERE action = 'messages.run_schedule_now'").fetchone()
    assert entry is not None
    assert entry["changes"][0]["after"]["job"] == "tests.count"
    with pytest.raises(NotFound):
        bench.app.run(run_schedule_now, RunScheduleNow("tests.none"), bench.context)


def test_bringing_forward_never_puts_off_what_is_due(bench: Bench) -> None:
    counted = Counted()
    _schedule(bench, counted)
    due = _row(bench)["next_run_at"]
    bench.clock.forward(300)
    bench.app.run(run_schedule_now, RunScheduleNow("tests.count"), bench.context)
    assert _row(bench)["next_run_at"] == due
