"""The background process as a process: killed in mid-work it loses nothing, asked to stop it leaves cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.jobs.bench import Bench


@contextmanager
def _background(bench: Bench, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.process"],
            env={**os.environ, **bench.environment, **more},
            stdout=out,
            stderr=out,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _ready(bench: Bench, log: Path) -> None:
    bench.until(lambda: log.exists() and b"background_ready" in log.read_bytes())


def _let_leases_run_out(bench: Bench) -> None:
    bench.owner.execute("UPDATE deliveries SET lease_until = now() - interval '1 s' WHERE state = 'leased'")


def test_work_that_was_killed_halfway_is_done_by_the_next_process(bench: Bench, tmp_path: Path) -> None:
    log, flag = tmp_path / "log", tmp_path / "flag"
    subject = bench.emit("hang_once", str(flag))
    later = bench.emit("mark")
    with _background(bench, log) as process:
        bench.until(flag.exists)
        bench.until(lambda: bench.marks(later) == 1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert bench.marks(subject) == 0
    assert bench.delivery(subject)["state"] == "leased"
    _let_leases_run_out(bench)
    with _background(bench, log):
        bench.until(lambda: bench.delivery(subject)["state"] == "done")
    assert (bench.marks(subject), bench.delivery(subject)["attempts"]) == (1, 2)
    assert bench.marks(later) == 1


@pytest.mark.parametrize(("point", "tries"), [("jobs.leave_mark.commit", 2), ("jobs.leave_mark.committed", 1)])
def test_a_crash_beside_the_commit_leaves_one_effect(bench: Bench, tmp_path: Path, point: str, tries: int) -> None:
    log = tmp_path / "log"
    subject = bench.emit("mark")
    with _background(bench, log, ECOMMERCE_FAILPOINT=point) as process:
        assert process.wait(30) == -signal.SIGKILL
    assert bench.marks(subject) == tries % 2
    _let_leases_run_out(bench)
    with _background(bench, log):
        bench.until(lambda: bench.delivery(subject)["state"] == "done")
        after = bench.emit("mark")
        bench.until(lambda: bench.marks(after) == 1)
    assert (bench.marks(subject), bench.delivery(subject)["attempts"]) == (1, tries)


def test_asked_to_stop_it_ends_soon_and_gives_back_what_it_holds(bench: Bench, tmp_path: Path) -> None:
    log, flag = tmp_path / "log", tmp_path / "flag"
    with _background(bench, log) as process:
        _ready(bench, log)
        subject = bench.emit("hang_once", str(flag))
        bench.until(flag.exists)
        process.terminate()
        assert process.wait(12) == 0
    assert b"background_stopped" in log.read_bytes()
    row = bench.delivery(subject)
    assert (row["state"], row["attempts"]) == ("waiting", 0)
    assert bench.marks(subject) == 0


def test_an_idle_process_stops_at_once(bench: Bench, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with _background(bench, log) as process:
        _ready(bench, log)
        process.terminate()
        assert process.wait(4) == 0


def test_it_ends_with_the_supervisor_that_started_it(bench: Bench, tmp_path: Path) -> None:
    log, pid = tmp_path / "log", tmp_path / "pid"
    starter = (
        "import os, subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-m', 'tests.jobs.process'], stdout=open({str(log)!r}, 'ab'))\n"
        f"open({str(pid)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", starter],
        env={**os.environ, **bench.environment, "ECOMMERCE_SUPERVISED": "1"},
    )
    try:
        _ready(bench, log)
    finally:
        parent.kill()
        parent.wait()
    bench.until(lambda: b"background_stopped" in log.read_bytes())
    bench.until(lambda: not Path("/proc", pid.read_text()).exists() or _is_zombie(pid.read_text()))


def _is_zombie(pid: str) -> bool:
    return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_it_names_what_is_missing_and_does_not_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jobs.background"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "DATABASE_PLATFORM_URL" in done.stderr
    assert "SECRET_KEY" in done.stderr
