from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.jobs.bench import Bench


@pytest.fixture
def bench(fresh_database: DatabaseAddresses, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(fresh_database, tmp_path)
    yield made
    made.close()
