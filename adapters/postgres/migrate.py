"""Brings the schema up to date, and tells whether it is.

Alembic is driven from here, without an ini file: the scripts lie in `migrations/` beside this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapters.postgres.roles import APP, PLATFORM
from adapters.postgres.tables import STAGING, load_all

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 0x65636F6D_6D696772  # "ecommigr": one migration at a time in a database
SCHEMAS = (None, "public", STAGING)


class SchemaBehind(Exception):
    """The database lacks migrations that this code needs."""


def migrate(owner_url: str) -> None:
    """Run every migration that is missing; two callers at once wait for one another.

    :param owner_url: libpq address of the database, as role `ecommerce_owner`
    """
    with _connect(owner_url) as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
        command.upgrade(_config(connection), "head")
        # The faces check the version at their start.
        connection.execute(sa.text(f"GRANT SELECT ON alembic_version TO {APP}, {PLATFORM}"))
        connection.commit()


def require_current(url: str) -> None:
    """Return when the schema is this code's.

    :param url: libpq address of the database, as any of our roles
    :raises SchemaBehind: naming both versions
    """
    wanted = set(code_versions())
    with _connect(url) as connection:
        found = _current(connection)
    if found != wanted:
        raise SchemaBehind(
            f"The database is at version {_named(found)}, this code needs {_named(wanted)}: run `ecommerce migrate`."
        )


def code_versions() -> frozenset[str]:
    """The versions of the schema that this code was written for."""
    return frozenset(ScriptDirectory(str(SCRIPTS)).get_heads())


def new_migration(owner_url: str, message: str) -> Path:
    """Write a migration for what the tables say and the database doesn't have; read it before use.

    :returns: the new file
    """
    with _connect(owner_url) as connection:
        made = command.revision(_config(connection), message, autogenerate=True)
    if made is None or isinstance(made, list):
        raise RuntimeError("Alembic made no single migration")
    return Path(made.path)


def differences(url: str) -> list[Any]:
    """What Alembic sees between the tables declared in code and those in the database; empty when equal."""
    with _connect(url) as connection:
        context = MigrationContext.configure(connection, opts=comparison_options())
        return list(compare_metadata(context, load_all()))


def comparison_options() -> dict[str, Any]:
    """How the declared tables are compared with the database's."""
    return {
        "compare_type": True,
        "compare_server_default": True,
        "include_schemas": True,
        "include_name": lambda name, kind, _parents: kind != "schema" or name in SCHEMAS,
    }


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _current(connection: sa.Connection) -> set[str]:
    if not sa.inspect(connection).has_table("alembic_version", schema="public"):
        return set()
    return set(connection.scalars(sa.text("SELECT version_num FROM public.alembic_version")))


def _named(versions: set[str]) -> str:
    return " and ".join(sorted(versions)) or "none"


@contextmanager
def _connect(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
