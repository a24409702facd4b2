"""A store with a catalogue for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.catalogue import Catalogue


@pytest.fixture
def catalogue(database: DatabaseAddresses, tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(database, tmp_path)
    yield made
    made.close()
