"""The tests' database server: one embedded cluster for a whole pytest run, one database for each worker.

The run's folder is made and removed by the process that the developer started (`RunFolder`). Whichever worker
needs the server first starts it, bootstraps the roles and migrates a template; databases are clones of the
template (about 30 ms).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from adapters.provisioning import ROLES, Cluster, DatabaseAddresses, addresses, bootstrap_roles, migrate

TEMPLATE = "template_ecommerce"


class RunFolder:
    """The folder that the workers of one pytest run share, named by the pid of the run's first process."""

    PREFIX = "ecommerce-tests-"

    def __init__(self) -> None:
        self._sweep()
        self.path = Path(tempfile.mkdtemp(prefix=f"{self.PREFIX}{os.getpid()}-"))
        self.path.chmod(0o755)  # our own new folder: the server's user must get in

    def remove(self) -> None:
        self._remove(self.path)

    @classmethod
    def _sweep(cls) -> None:
        """Remove what runs that were killed have left, servers included."""
        for path in Path(tempfile.gettempdir()).glob(f"{cls.PREFIX}*"):
            pid = path.name.removeprefix(cls.PREFIX).split("-")[0]
            if path.stat().st_uid == os.getuid() and not Path("/proc", pid).exists():
                cls._remove(path)

    @staticmethod
    def _remove(path: Path) -> None:
        Cluster(path / "postgres", durable=False).remove()
        shutil.rmtree(path)


class TestServer:
    """A worker's hold on the shared server; `folder` is the same for all workers of a run."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cluster = Cluster(folder / "postgres", durable=False)
        with self._locked():
            state_file = folder / "state.json"
            if not state_file.exists():
                state_file.write_text(json.dumps(self._prepare()))
            self._state: dict[str, Any] = json.loads(state_file.read_text())

    @property
    def log_file(self) -> Path:
        return self._cluster.log_file

    def binary(self, name: str) -> Path:
        """One of PostgreSQL's own programs, such as `pg_dump`."""
        return self._cluster.binary(name)

    def create(self, name: str, *, template: str = TEMPLATE) -> DatabaseAddresses:
        """A new database, as migrated."""
        with self._superuser() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER ecommerce_owner STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            roles = sql.SQL(", ").join(map(sql.Identifier, ROLES))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), roles))
            connection.execute(
                sql.SQL("ALTER ROLE ecommerce_sandbox IN DATABASE {} SET search_path = sandbox").format(
                    sql.Identifier(name)
                )
            )
        return self._addresses(name)

    def drop(self, name: str) -> None:
        with self._superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))

    def _prepare(self) -> dict[str, Any]:
        passwords = {role: secrets.token_urlsafe(12) for role in ROLES}
        self._state = {"superuser": secrets.token_urlsafe(12), "passwords": passwords}
        self._cluster.start(self._state["superuser"])
        bootstrap_roles(self._cluster.superuser_url(self._state["superuser"]), passwords, TEMPLATE)
        migrate(self._addresses(TEMPLATE).owner_url)
        return self._state

    def _addresses(self, name: str) -> DatabaseAddresses:
        return addresses(self._cluster, self._state["superuser"], self._state["passwords"], name)

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        url = self._cluster.superuser_url(self._state["superuser"])
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
