from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.shop import Shop, open_shop


@pytest.fixture
def other_shop(database: DatabaseAddresses, tmp_path: Path) -> Iterator[Shop]:
    opened = open_shop(database, tmp_path / "other")
    yield opened
    opened.wired.engines.dispose()
