"""One stage for a worker: children start in a moment because all of them are forks of one warm process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database import TestServer
from tests.kill.stage import Stage, open_stage
from tests.sandbox.process import start_sandbox


@pytest.fixture(scope="session")
def stage(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A database and a provider for the killing alone: the schedule sweeps all stores, and clocks are moved."""
    yield from _stage(database_server, tmp_path_factory.mktemp("kill"), "20")


@pytest.fixture(scope="session")
def impatient_stage(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The same, where a request to the provider may take a second."""
    yield from _stage(database_server, tmp_path_factory.mktemp("faults"), "1.0")


def _stage(server: TestServer, folder: Path, patience: str) -> Iterator[Stage]:
    name = f"kill_{folder.name.rstrip('0123456789')}_{abs(hash(folder)) % 10**9}"
    database = server.create(name)
    sandbox = start_sandbox(database.sandbox_url)
    try:
        with open_stage(database, folder, sandbox, patience) as stage:
            yield stage
    finally:
        sandbox.stop()
        server.drop(name)
