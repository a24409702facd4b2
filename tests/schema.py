"""The dump of a migrated database, for review and comparison: `python -m tests.schema` writes it.

It holds what Alembic's comparison can't see: policies, grants, functions, triggers, default privileges.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from adapters.provisioning import DatabaseAddresses
from tests.database import RunFolder, TestServer

FILE = Path(__file__).resolve().parents[1] / "migrations" / "schema.sql"
NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*|)$")


def dump(server: TestServer, database: DatabaseAddresses) -> str:
    """The schema as SQL, without comments, session settings and blank lines."""
    done = subprocess.run(
        [str(server.binary("pg_dump")), "--schema-only", "--exclude-schema=sandbox", database.superuser_url],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return "".join(f"{line}\n" for line in done.stdout.splitlines() if not NOISE.fullmatch(line))


def main() -> None:
    folder = RunFolder()
    try:
        server = TestServer(folder.path)
        FILE.write_text(dump(server, server.create("dumped")), encoding="utf-8")
    finally:
        folder.remove()


if __name__ == "__main__":
    main()
