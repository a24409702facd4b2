"""`make bench`: every row beside its limit, in one run on one machine.

Machines are shared and noisy, so what counts is the ratio of two measurements made one after the other, never a time
alone. The rows are also written to `.data/bench.json`.

    python -m bench [WORK ...]
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adapters.provisioning import ROLES, DatabaseAddresses, start_database
from bench import import_products, reconcile

RESULTS = Path(os.environ.get("DATA_DIR") or ".data") / "bench.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was done, our seconds and the limit's, their ratio, and what else is worth saying."""

    work: str
    ours: float
    limit: float
    ratio: float
    note: str


def measure_import(database: DatabaseAddresses, folder: Path) -> Row:
    """50,000 rows imported beside a plain COPY of the same file."""
    measured = import_products.measure(database, folder)
    return Row(
        "import", measured.apply_seconds, measured.copy_seconds, measured.ratio, measured.line().partition(": ")[2]
    )


def measure_reconcile(database: DatabaseAddresses, folder: Path) -> Row:
    """200,000 settlement lines compared with 200,000 payments beside a plain COPY and one hash join."""
    measured = reconcile.measure(database, folder)
    return Row("reconcile", measured.seconds, measured.floor, measured.ratio, measured.line().partition(": ")[2])


ROWS: Mapping[str, Callable[[DatabaseAddresses, Path], Row]] = {
    "import": measure_import,
    "reconcile": measure_reconcile,
}


@contextmanager
def server() -> Iterator[tuple[DatabaseAddresses, Path]]:
    """A database server of the bench's own, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # our own new folder: the server's user must get in
        passwords = {role: secrets.token_urlsafe(12) for role in ROLES}
        cluster, database = start_database(folder / "postgres", secrets.token_urlsafe(12), passwords)
        try:
            yield database, folder
        finally:
            cluster.remove()


def main(wanted: list[str]) -> None:
    """Measure the rows named, or all. Raises SystemExit for a name that is none."""
    if unknown := set(wanted) - set(ROWS):
        raise SystemExit(f"No such row: {', '.join(sorted(unknown))}. There are: {', '.join(ROWS)}.")
    rows: list[Row] = []
    with server() as (database, folder):
        for work in wanted or list(ROWS):
            rows.append(ROWS[work](database, folder))
            print(_line(rows[-1]), flush=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"rows": [_plain(row) for row in rows]}, indent=2) + "\n")


def _line(row: Row) -> str:
    return f"{row.work:<14}{row.ours:8.2f} s  limit {row.limit:6.2f} s  ratio {row.ratio:5.1f}  {row.note}"


def _plain(row: Row) -> dict[str, Any]:
    return asdict(row)


if __name__ == "__main__":
    main(sys.argv[1:])
