"""What has to stand before the application can start: server, roles, schema. Used by entry modules and tests.

Beside `adapters.wiring` this is the second place that puts concrete adapters together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from adapters.embedded_postgres import Cluster, ClusterError
from adapters.postgres.migrate import SchemaBehind, differences, migrate, new_migration, require_current
from adapters.postgres.roles import APP, OWNER, PLATFORM, ROLES, SANDBOX, bootstrap_roles
from adapters.postgres.scale import Scale
from adapters.postgres.scale import fill as fill_scale

__all__ = [
    "ROLES", "Cluster", "ClusterError", "DatabaseAddresses", "Scale", "SchemaBehind", "addresses", "bootstrap_roles",
    "differences", "drop_database", "fill_scale", "hurried", "migrate", "new_migration", "require_current",
    "start_database",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatabaseAddresses:
    """The libpq addresses of one database, one for each role."""

    app_url: str
    platform_url: str
    owner_url: str
    sandbox_url: str
    superuser_url: str


def addresses(
    cluster: Cluster, superuser_password: str, passwords: Mapping[str, str], database: str
) -> DatabaseAddresses:
    """The addresses of a database of an embedded cluster.

    :param passwords: one for each name in `ROLES`
    """
    return DatabaseAddresses(
        app_url=cluster.url(APP, passwords[APP], database),
        platform_url=cluster.url(PLATFORM, passwords[PLATFORM], database),
        owner_url=cluster.url(OWNER, passwords[OWNER], database),
        sandbox_url=cluster.url(SANDBOX, passwords[SANDBOX], database),
        superuser_url=cluster.superuser_url(superuser_password, database),
    )


def start_database(
    folder: Path, superuser_password: str, passwords: Mapping[str, str], database: str = "ecommerce"
) -> tuple[Cluster, DatabaseAddresses]:
    """Start the embedded server and bring its database up to date; what is there already stays.

    :param folder: the cluster's folder
    :raises ClusterError: when the server doesn't start
    """
    cluster = Cluster(folder)
    cluster.start(superuser_password)
    bootstrap_roles(cluster.superuser_url(superuser_password), passwords, database)
    made = addresses(cluster, superuser_password, passwords, database)
    migrate(made.owner_url)
    return cluster, made


def drop_database(folder: Path, superuser_password: str, database: str = "ecommerce") -> None:
    """Delete a database of the embedded server, with everything in it; the server stays up."""
    cluster = Cluster(folder)
    cluster.start(superuser_password)
    with psycopg.connect(cluster.superuser_url(superuser_password), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(database)))


@contextmanager
def hurried(folder: Path, superuser_password: str) -> Iterator[None]:
    """Let the embedded server answer commits before they are on the disk, for what is made anew when it is cut off.

    With the end of the block all that was committed in it is durable after the next commit, as ever.
    """
    with psycopg.connect(Cluster(folder).superuser_url(superuser_password), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            connection.execute("ALTER SYSTEM RESET synchronous_commit")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CHECKPOINT")
