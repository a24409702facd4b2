"""One stage for a worker: children start in a moment because all of them are forks of one warm process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.database import TestServer
from tests.kill.office import Office
from tests.kill.stage import Stage, open_stage


@pytest.fixture(scope="session")
def stage(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(database_server, tmp_path_factory.mktemp("kill")) as opened:
        yield opened


@pytest.fixture(scope="session")
def office(stage: Stage) -> Office:
    """The stage's shop with a carrier and books."""
    return Office(stage)


@pytest.fixture(scope="session")
def impatient_stage(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One where a request to the provider may take a second."""
    with open_stage(database_server, tmp_path_factory.mktemp("faults"), "1.0") as opened:
        yield opened
