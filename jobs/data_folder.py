"""The folder `.data/` of a default run: its secrets, its ports, its lock, and what the demo wrote there.

secrets.json      made once, 0600: role passwords, session key, encryption key, signing key
ports.json        the ports chosen at the last start
environment.json  0600: the settings of the last start, for commands given beside it
demo.json         addresses, key and logins of the demo store, written when it was seeded
postgres/ media/ logs/
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

CLONE = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"


class AlreadyRunning(Exception):
    """Another supervisor holds this data folder; `pid` when it has said so."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        super().__init__(f"Another `ecommerce run` (process {pid}) is using {folder}. Stop that one first.")
        self.pid = pid


class DataFolder:
    """One default run's files.

    :param path: the folder; by default DATA_DIR, else `.data` in the clone
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(os.environ.get("DATA_DIR") or CLONE / ".data").absolute()

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def secrets(self, roles: tuple[str, ...]) -> dict[str, Any]:
        """The secrets, made at the first call.

        :param roles: database roles that need a password
        """
        known = self.read("secrets.json")
        if known is None:
            known = {
                "superuser_password": secrets.token_urlsafe(24),
                "role_passwords": {role: secrets.token_urlsafe(24) for role in roles},
                "secret_key": secrets.token_urlsafe(48),
                "secret_box_key": base64.b64encode(secrets.token_bytes(32)).decode(),
                "jwt_signing_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            }
            self.write("secrets.json", known)
        return known

    def ports(self, names: tuple[str, ...]) -> dict[str, int]:
        """A free port for each name: the one of the last time, unless somebody took it."""
        before = self.read("ports.json") or {}
        chosen: dict[str, int] = {}
        for name in names:
            port = before.get(name)
            chosen[name] = port if port and is_free(port) else _free_port(set(chosen.values()))
        self.write("ports.json", chosen)
        return chosen

    def read(self, name: str) -> dict[str, Any] | None:
        try:
            content: dict[str, Any] = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return None
        return content

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Replace a file as a whole, readable by its owner only."""
        self.path.mkdir(parents=True, exist_ok=True)
        unfinished = self.path / f".{name}.new"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.path / name)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder; the hold ends with the process, however that ends.

        :raises AlreadyRunning: naming the process that holds it
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "supervisor.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip()
                raise AlreadyRunning(self.path, int(holder) if holder else None) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of the loopback address."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_port(taken: set[int]) -> int:
    while True:
        with closing(socket.socket()) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port
