"""`ecommerce run` as a person starts it, for tests that need the real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobs.data_folder import LOOPBACK, DataFolder

PATIENCE = 90.0  # seconds
FIRST_START = 300.0  # seconds in which the demo shop is made and all is up, on a machine that is busy with other tests


class Run:
    """An `ecommerce run` as a person starts it, on a data folder and a port of its own; `settings` stand in its
    environment."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self._settings = settings
        self.data = DataFolder(folder)
        self.port = port
        self.output = folder.with_suffix(f".{time.monotonic_ns()}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "jobs.cli", *arguments],
            env=self._env(), capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def start(self) -> Run:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jobs.cli", "run"], env=self._env(), stdout=output, stderr=output
            )
        return self

    def ready(self) -> Run:
        return self.says("Ready on", FIRST_START)

    def says(self, text: str, within: float = PATIENCE) -> Run:
        process = self.process
        assert process is not None
        wait_for(lambda: text in self.shown or process.poll() is not None, f"{text!r} in {self.shown}", within)
        assert text in self.shown, self.shown
        return self

    @property
    def shown(self) -> str:
        return self.output.read_text()

    def end(self, *signals: signal.Signals) -> int:
        assert self.process is not None
        for number in signals:
            self.process.send_signal(number)
            time.sleep(0.1)
        return self.process.wait(timeout=PATIENCE)

    def processes(self) -> dict[int, str]:
        """Every living process of this data folder, by pid, with its command line."""
        marked = f"DATA_DIR={self.data.path}".encode()
        outside = self.data.postgres / "outside"  # where the server lies when its user can't enter our folder
        cluster = (outside.read_text().strip() if outside.exists() else f"{self.data.path}/").encode()
        found: dict[int, str] = {}
        for entry in Path("/proc").iterdir():
            try:
                told = marked in (entry / "environ").read_bytes().split(b"\0")
                line = (entry / "cmdline").read_bytes()
            except (OSError, NotADirectoryError):
                continue
            if told or cluster in line:
                found[int(entry.name)] = line.replace(b"\0", b" ").decode()
        return found

    def child(self, module: str) -> int:
        """The pid of the first process that runs a module."""
        return min(pid for pid, line in self.processes().items() if f"-m {module}" in line)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def demo(self) -> dict[str, Any]:
        """What `ecommerce demo --json` prints."""
        done = self.command("demo", "--json")
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def _env(self) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "ECOMMERCE_"))}
        return env | {"DATA_DIR": str(self.data.path), "PORT": str(self.port)} | self._settings


def wait_for(happened: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.05)
