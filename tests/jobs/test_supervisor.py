from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.data_folder import LOOPBACK
from tests.running import PATIENCE, Run, wait_for

DEMO = {
    "api": "http://127.0.0.1:1", "admin": "http://127.0.0.1:1/admin/", "storefront": "http://127.0.0.1:2",
    "sandbox": "http://127.0.0.1:3", "publishable_key": "pk_of_a_test",
    "logins": [{"role": "owner", "email": "owner@example.com", "password": "secret"}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    run = Run(folder, 1)
    done = run.command("reset")
    assert done.returncode == 0, done.stderr
    assert not folder.exists()
    assert run.processes() == {}


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def run(folder: Path, port: int) -> Run:
    """A run whose shop was seeded before, so that it starts quickly."""
    made = Run(folder, port)
    made.data.write("demo.json", DEMO)
    return made


def test_it_serves_says_where_and_stops_without_leaving_a_process(run: Run) -> None:
    run.start().ready()
    assert run.get("/readyz") == 200
    shown = run.demo()
    assert shown["api"] == f"http://{LOOPBACK}:{run.port}"
    assert shown["admin"] == f"http://{LOOPBACK}:{run.port}/admin/"
    assert shown["storefront"] != DEMO["storefront"]
    assert shown.keys() == DEMO.keys()
    env = run.data.read("environment.json") or {}
    assert "-m sandbox.carrier" in " ".join(run.processes().values())
    assert len({env["SANDBOX_CARRIER_URL"], env["SANDBOX_PAYMENTS_URL"], env["PUBLIC_URL"]}) == 3
    assert env["SANDBOX_CARRIER_URL"].endswith(f":{env['SANDBOX_CARRIER_PORT']}")
    assert (shown["publishable_key"], shown["logins"]) == (DEMO["publishable_key"], DEMO["logins"])
    for name in ("api", "admin", "storefront", "sandbox"):
        assert shown[name] in run.shown
    assert "owner@example.com" in run.shown
    assert run.end(signal.SIGINT) == 0
    assert run.processes() == {}
    for name in ("secrets.json", "environment.json"):
        assert (run.data.path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_second_run_keeps_ports_secrets_and_data(run: Run) -> None:
    run.start().ready()
    first = run.demo(), run.data.read("secrets.json"), run.data.read("environment.json")
    run.end(signal.SIGTERM)
    again = Run(run.data.path, run.port).start().ready()
    assert (again.demo(), again.data.read("secrets.json"), again.data.read("environment.json")) == first
    assert again.end(signal.SIGINT) == 0


@pytest.mark.slow
def test_a_second_supervisor_is_refused_by_name(run: Run) -> None:
    run.start().ready()
    refused = run.command("run")
    assert refused.returncode == 1
    assert run.process is not None
    assert f"process {run.process.pid}" in refused.stderr
    assert run.get("/readyz") == 200
    assert run.end(signal.SIGINT) == 0


def test_a_taken_port_is_named(run: Run) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, run.port))
        other.listen()
        refused = run.command("run")
    assert refused.returncode == 1
    assert f"Port {run.port} is taken" in refused.stderr


@pytest.mark.slow
def test_a_process_that_dies_is_started_again_and_that_is_said(run: Run) -> None:
    run.start().ready()
    for module, name in (("web", "web"), ("jobs.background", "background"), ("sandbox.payments", "sandbox"),
                         ("sandbox.carrier", "carrier")):  # fmt: skip
        died = run.child(module)
        os.kill(died, signal.SIGKILL)
        run.says(f"{name} was ended by SIGKILL; starting it again")
        wait_for(lambda module=module, died=died: f"-m {module}" in str(  # type: ignore[misc]  # a lambda's defaults
            {pid: line for pid, line in run.processes().items() if pid != died}), f"{name} again")  # fmt: skip
    wait_for(lambda: run.data.path.exists() and answers(run), "web ready again")
    assert run.end(signal.SIGINT) == 0
    assert run.processes() == {}


def answers(run: Run) -> bool:
    try:
        return run.get("/readyz") == 200
    except OSError:
        return False


@pytest.mark.slow
def test_two_ctrl_c_stop_it_at_once_and_clean(run: Run) -> None:
    run.start().ready()
    assert run.end(signal.SIGINT, signal.SIGINT) == 0
    assert run.processes() == {}


@pytest.mark.slow
def test_ctrl_c_while_it_starts_stops_it_clean(run: Run) -> None:
    run.start()
    wait_for(lambda: (run.data.path / "environment.json").exists(), "the database is up")
    assert run.end(signal.SIGINT) == 0
    assert "Ready on" not in run.shown
    assert run.processes() == {}


@pytest.mark.slow
def test_after_sigkill_the_processes_stop_and_the_next_run_finds_the_database(run: Run) -> None:
    run.start().ready()
    run.end(signal.SIGKILL)
    wait_for(lambda: all("postgres" in line for line in run.processes().values()), str(run.processes()))
    server = {pid for pid, line in run.processes().items() if "/postgres " in line}
    assert len(server) == 1
    again = Run(run.data.path, run.port).start().ready()
    assert {pid for pid, line in again.processes().items() if "/postgres " in line} == server
    assert again.end(signal.SIGINT) == 0
    assert again.processes() == {}


@pytest.mark.slow
def test_an_interrupted_seeding_starts_over(folder: Path, port: int) -> None:
    run = Run(folder, port).start().says("Making the demo shop")
    wait_for(lambda: (folder / "logs" / "seed.log").exists(), "seeding has begun")
    assert run.end(signal.SIGINT) == 0
    assert not (folder / "demo.json").exists()
    assert run.processes() == {}
    again = Run(folder, port).start().ready()
    assert "left half made" in again.shown
    assert re.fullmatch(r"pk_[\w-]+", again.demo()["publishable_key"])
    assert again.end(signal.SIGINT) == 0
    last = Run(folder, port).start().ready()
    assert "Making the demo shop" not in last.shown
    assert last.end(signal.SIGINT) == 0


@pytest.mark.parametrize("name", ["DATABASE_URL", "ECOMMERCE_ENV"])
def test_it_does_not_start_beside_a_real_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    value = {"DATABASE_URL": "postgresql://db/shop", "ECOMMERCE_ENV": "production"}[name]
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", "run"],
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), name: value},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert not (tmp_path / "data").exists()
