"""How a service's tables come to be: numbered statements, applied once each, in order."""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql


def upgrade(database_url: str, forms: str, lock: int, upgrades: tuple[LiteralString, ...]) -> int:
    """Bring the tables to the newest form, alone under an advisory lock.

    forms: the table of schema `sandbox` that remembers which statements were applied. lock: any number nobody else
    locks. Returns the form's number. Raises RuntimeError when the database is ahead of this program.
    """
    table = sql.Identifier("sandbox", forms)
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
        if connection.execute("SELECT to_regnamespace('sandbox')").fetchone() == (None,):
            connection.execute("CREATE SCHEMA sandbox")
        connection.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} (number integer PRIMARY KEY)").format(table))
        row = connection.execute(sql.SQL("SELECT coalesce(max(number), 0) FROM {}").format(table)).fetchone()
        reached = int(row[0]) if row else 0
        if reached > len(upgrades):
            raise RuntimeError(f"sandbox.{forms} is at {reached}, this program knows {len(upgrades)}")
        for number, statements in enumerate(upgrades[reached:], start=reached + 1):
            connection.execute(statements)
            connection.execute(sql.SQL("INSERT INTO {} VALUES (%s)").format(table), (number,))
    return len(upgrades)
