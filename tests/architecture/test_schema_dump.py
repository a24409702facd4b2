"""What migrations make is what was reviewed."""

from __future__ import annotations

import difflib

from adapters.provisioning import DatabaseAddresses
from tests.database import TestServer
from tests.schema import FILE, dump


def test_the_reviewed_dump_is_what_migrations_make(
    database_server: TestServer, fresh_database: DatabaseAddresses
) -> None:
    reviewed = FILE.read_text(encoding="utf-8").splitlines()
    made = dump(database_server, fresh_database).splitlines()
    difference = list(difflib.unified_diff(reviewed, made, "migrations/schema.sql", "migrated", lineterm="", n=1))
    assert not difference, "run `make schema` and review:\n" + "\n".join(difference[:60])
