"""The four login roles, the database and its schemas: made once, by a superuser.

`ecommerce_owner` owns tables and runs migrations; `ecommerce_app` and `ecommerce_platform` own nothing, are
members of nothing and obey row-level security; `ecommerce_sandbox` sees schema `sandbox` alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

OWNER = "ecommerce_owner"
APP = "ecommerce_app"
PLATFORM = "ecommerce_platform"
SANDBOX = "ecommerce_sandbox"
ROLES = (OWNER, APP, PLATFORM, SANDBOX)

LOCK = 0x65636F6D_726F6C65  # "ecomrole": one bootstrap at a time, on the whole server
ATTRIBUTES = sql.SQL("LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def bootstrap_roles(superuser_url: str, passwords: Mapping[str, str], database: str) -> None:
    """Create whatever of roles, database and schemas is missing, and set the passwords.

    :param superuser_url: libpq address of any database of the server, as a superuser
    :param passwords: one for each name in `ROLES`
    :param database: the database's name
    :raises KeyError: when a role has no password
    :raises psycopg.Error: when the server refuses
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        for role in ROLES:
            _ensure_role(connection, role, passwords[role])
        _ensure_database(connection, database)
        with psycopg.connect(make_conninfo(superuser_url, dbname=database)) as inside:
            _ensure_schemas(inside, database)


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    # Hashed here, so that the password stands in no log of the server.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("{verb} ROLE {role} WITH {attributes} PASSWORD {verifier}").format(
            verb=sql.SQL("ALTER" if known else "CREATE"),
            role=sql.Identifier(role),
            attributes=ATTRIBUTES,
            verifier=sql.Literal(verifier),
        )
    )


def _ensure_database(connection: psycopg.Connection, database: str) -> None:
    name, owner = sql.Identifier(database), sql.Identifier(OWNER)
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    if not known:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(name, owner)
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    roles = sql.SQL(", ").join(map(sql.Identifier, ROLES))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, roles))


def _ensure_schemas(connection: psycopg.Connection, database: str) -> None:
    owner, sandbox = sql.Identifier(OWNER), sql.Identifier(SANDBOX)
    statements: list[sql.SQL | sql.Composed] = [
        sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        sql.SQL("CREATE SCHEMA IF NOT EXISTS staging AUTHORIZATION {}").format(owner),
        sql.SQL("CREATE SCHEMA IF NOT EXISTS sandbox AUTHORIZATION {}").format(sandbox),
        sql.SQL("REVOKE ALL ON SCHEMA staging, sandbox FROM PUBLIC"),
        sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = sandbox").format(sandbox, sql.Identifier(database)),
    ]
    for statement in statements:
        connection.execute(statement)
