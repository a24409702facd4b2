"""The default run: database, sandboxes, web, background and storefront, kept running from one command.

It starts the other processes by executing them and imports none of them.
"""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec

from adapters.provisioning import ROLES, Cluster, drop_database, hurried, start_database
from jobs.data_folder import LOOPBACK, DataFolder, is_free
from jobs.demo import demo, lines
from jobs.environment import default_environment, without_secrets
from jobs.processes import Program, stop_all
from jobs.translations import compile_catalogues

OUTSIDE = {"sandbox": "sandbox.payments", "carrier": "sandbox.carrier"}  # the outside world, rehearsed
CHOSEN_PORTS = (*OUTSIDE, "storefront")
GRACE = 6.0  # seconds a program has to finish its requests
READY_WITHIN = 60.0  # seconds
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartFailed(Exception):
    """The run can't start; the message says why and ends with the log of whoever failed."""


class Supervisor:
    """Runs everything until it is asked to stop.

    :param say: shows a line to the person at the terminal
    """

    def __init__(self, data: DataFolder, port: int, say: Callable[[str], None]) -> None:
        self._data = data
        self._port = port
        self._say = say
        self._stops: list[int] = []
        self._programs: list[Program] = []

    def run(self) -> None:
        """Start, wait for a signal, stop. Leaves no process behind.

        :raises AlreadyRunning: when another supervisor uses the folder
        :raises StartFailed: when a part doesn't come up
        """
        with self._data.lock(), self._signals():
            if not is_free(self._port):
                raise StartFailed(f"Port {self._port} is taken. `PORT=8080 make run` uses another.")
            compile_catalogues()
            ports = self._data.ports(CHOSEN_PORTS) | {"web": self._port}
            self._data.write("ports.json", ports)
            with self._database() as database:
                env = default_environment(self._data, database, ports)
                self._data.write("environment.json", env)
                try:
                    self._start(env, ports)
                    while not self._stops:
                        self._watch()
                finally:
                    self._stop()

    @contextmanager
    def _database(self) -> Iterator[Mapping[str, str]]:
        keys = self._data.secrets(ROLES)
        superuser, passwords = keys["superuser_password"], keys["role_passwords"]
        if (self._data.path / "seeding.json").exists():
            self._say("The demo shop was left half made; making it anew.")
            drop_database(self._data.postgres, superuser)
        try:
            _, database = start_database(self._data.postgres, superuser, passwords)
            yield {
                "DATABASE_URL": database.app_url,
                "DATABASE_PLATFORM_URL": database.platform_url,
                "DATABASE_OWNER_URL": database.owner_url,
                "DATABASE_SANDBOX_URL": database.sandbox_url,
            }
        finally:
            Cluster(self._data.postgres).stop()

    def _start(self, env: Mapping[str, str], ports: Mapping[str, int]) -> None:
        outside = without_secrets(env, keep=("DATABASE_SANDBOX_URL",))
        rehearsed = [self._launch(name, module, outside) for name, module in OUTSIDE.items()]
        for program in rehearsed:
            self._wait(program, partial(_listens, ports[program.name]))
        self._seed(env)
        written = self._data.read("demo.json") or {}
        shop = without_secrets(env) | {"ECOMMERCE_PUBLISHABLE_KEY": written.get("publishable_key", "")}
        web = self._launch("web", "web", env)
        background = self._launch("background", "jobs.background", env)
        storefront = self._launch("storefront", "examples.storefront", shop)
        self._wait(web, lambda: _answers(f"http://{LOOPBACK}:{self._port}/readyz"))
        self._wait(storefront, lambda: _listens(ports["storefront"]))
        self._wait(background, lambda: True)
        if not self._stops:
            self._greet()

    def _launch(self, name: str, module: str, env: Mapping[str, str]) -> Program:
        program = Program(name, module, {**os.environ, **env}, self._data.logs)
        if not self._stops:
            program.start()
            self._programs.append(program)
        return program

    def _seed(self, env: Mapping[str, str]) -> None:
        """Make the demo shop, once; a run that is stopped in between starts it over."""
        if self._stops or (self._data.path / "demo.json").exists() or find_spec("jobs.commands.seed") is None:
            return
        self._say("Making the demo shop ...")
        self._data.write("seeding.json", {"pid": os.getpid()})
        with hurried(self._data.postgres, self._data.secrets(ROLES)["superuser_password"]):
            seed = self._launch("seed", "jobs.cli seed", env)
            while seed.alive and not self._stops:
                time.sleep(0.05)
        if self._stops:
            return
        self._programs.remove(seed)
        if seed.wait() != 0:
            raise StartFailed(f"The demo shop couldn't be made ({seed.log}):\n{seed.tail()}")
        if self._data.read("demo.json") is None:
            raise StartFailed("`ecommerce seed` ended well but wrote no demo.json.")
        (self._data.path / "seeding.json").unlink()

    def _greet(self) -> None:
        self._say(f"\nReady on http://{LOOPBACK}:{self._port} (logs: {self._data.logs}). Ctrl-C stops it.\n")
        for line in lines(demo(self._data) or {}):
            self._say(line)

    def _wait(self, program: Program, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self._stops:
            if not program.alive or time.monotonic() > deadline:
                raise StartFailed(f"{program.name} doesn't start ({program.log}):\n{program.tail()}")
            if ready():
                return
            time.sleep(0.05)

    def _watch(self) -> None:
        for program in self._programs:
            news = program.watch()
            if news:
                self._say(news)
        time.sleep(0.2)

    def _stop(self) -> None:
        """Those who serve people first, then the outside world they call; another signal means: at once."""
        asked = len(self._stops)
        inside = [program for program in self._programs if program.name not in OUTSIDE]
        outside = [program for program in self._programs if program.name in OUTSIDE]
        for programs in (inside, outside):
            stop_all(programs, grace=GRACE, hurry=lambda: len(self._stops) > max(asked, 1), say=self._say)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Note signals instead of being interrupted by them; a second one means: at once."""
        before = {number: signal.signal(number, self._note) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, _frame: object) -> None:
        self._stops.append(number)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
