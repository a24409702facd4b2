"""A program that the supervisor keeps running: started, watched, started again, stopped with its children."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1  # prctl(2)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a restart, doubled from one to the next
SETTLED = 30.0  # seconds after which a process counts as started well
LARGEST_LOG = 10_000_000  # bytes


class Program:
    """One child process in a process group of its own, whose output goes to a log file.

    The kernel sends it SIGTERM when its parent dies, so it can't outlive a supervisor that was killed.
    """

    def __init__(self, name: str, module: str, env: Mapping[str, str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = [sys.executable, "-m", *module.split()]
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause = FIRST_PAUSE
        self._due: float | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        parent = os.getpid()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._env, cwd=CLONE, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                process_group=0, preexec_fn=lambda: _die_with(parent),
            )  # fmt: skip
        self._started_at = time.monotonic()
        self._due = None

    def watch(self) -> str | None:
        """Start the program again when it has ended and its pause is over.

        :returns: a sentence for people when it has just ended
        """
        if self._process is None or self.alive:
            return None
        now = time.monotonic()
        if self._due is None:
            self._kill_group()
            if now - self._started_at > SETTLED:
                self._pause = FIRST_PAUSE
            self._due, pause = now + self._pause, self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            return f"{self.name} {self._ending()}; starting it again in {pause:.0f} s. Its log: {self.log}"
        if now >= self._due:
            self.start()
        return None

    def wait(self) -> int:
        """Wait until it ends by itself; the exit code, negative for a signal."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.wait()

    def ask_to_stop(self) -> None:
        if self._process is not None and self.alive:
            self._process.terminate()

    def kill(self) -> None:
        """End it and whatever of its group is left, at once."""
        self._kill_group()
        if self._process is not None:
            self._process.wait()

    def tail(self, size: int = 2000) -> str:
        """The end of its log, in bytes."""
        return self.log.read_bytes()[-size:].decode(errors="replace") if self.log.exists() else ""

    def _ending(self) -> str:
        code = self._process.returncode if self._process else 0
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def _kill_group(self) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return  # all gone


def stop_all(
    programs: Sequence[Program], *, grace: float, hurry: Callable[[], bool], say: Callable[[str], None]
) -> None:
    """Ask every program to stop; kill what hasn't after `grace` seconds, or as soon as `hurry()`."""
    for program in programs:
        program.ask_to_stop()
    deadline = time.monotonic() + grace
    while any(program.alive for program in programs) and time.monotonic() < deadline and not hurry():
        time.sleep(0.02)
    for program in programs:
        if program.alive:
            say(f"{program.name} didn't stop by itself and was ended. Its log: {program.log}")
        program.kill()


def _die_with(parent: int) -> None:
    """Runs in the child before its program: SIGTERM when the parent dies, also if it has died already."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
