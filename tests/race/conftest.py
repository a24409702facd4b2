"""A stage for races between use cases, whose provider and clock are its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.database import TestServer
from tests.kill.stage import Stage, open_stage


@pytest.fixture(scope="module")
def stage(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(database_server, tmp_path_factory.mktemp("race")) as opened:
        yield opened
