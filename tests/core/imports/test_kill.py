"""Killed while it writes, at each of its commits, and run again: the same end state."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.imports.chunks import PRODUCTS
from core.imports.model import ImportState
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.confirm_import import ConfirmImport, confirm_import
from core.shared.ids import ImportId
from tests.core.imports.csv_files import bytes_of, mug
from tests.core.imports.importing import catalogue_of, check, import_of, problems_of
from tests.shop import Shop, environment_for, open_shop

APPLY = """
import os, sys
from uuid import UUID
from adapters.settings import Settings
from adapters.wiring import wire
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.shared.context import CallContext, Job
wired = wire(Settings.from_environment(os.environ))
store, import_ = map(UUID, sys.argv[1:])
wired.app.run(apply_import, ApplyImport(import_), CallContext(store, Job("test"), "test"))
"""

# Opening, two chunks and the end: each transaction once before and once after its commit.
COMMITS = 4
POINTS = [f"imports.apply_import.{what}:{n}" for what in ("commit", "committed") for n in range(1, COMMITS + 1)]


def products() -> bytes:
    """Two chunks of products: new ones, changed ones, refused ones, with stock."""
    rows = []
    for number in range(PRODUCTS + 20):
        tracked = {"Variant_Inventory_Tracker": "shopify", "Variant_Inventory_Qty": str(number % 7)}
        row = mug(Handle=f"p{number}", Title=f"P {number}", Variant_SKU=f"P-{number}", Published="true", **tracked)
        rows.append(row | {"Image Src": f"https://a.example/{number}.jpg"})
    rows[5]["Variant Price"] = "-1"
    rows[PRODUCTS + 10]["Variant Price"] = "x"
    return bytes_of(rows)


def started(shop: Shop) -> ImportId:
    """An import of those products into a store that has some of them, confirmed."""
    first = check(shop, bytes_of([mug(Handle=f"p{n}", Title="Antes", Variant_SKU=f"P-{n}") for n in range(3)]))
    shop.run(confirm_import, ConfirmImport(first.id, in_background=False))
    shop.run(apply_import, ApplyImport(first.id))
    import_id = check(shop, products()).id
    shop.run(confirm_import, ConfirmImport(import_id, in_background=False))
    return import_id


def child(shop: Shop, import_id: ImportId, environment: dict[str, str]) -> int:
    command = [sys.executable, "-c", APPLY, str(shop.store_id), str(import_id)]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, check=False).returncode


@pytest.fixture(scope="module")
def undisturbed(database: DatabaseAddresses, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The end state of a run that nobody kills."""
    shop = open_shop(database, tmp_path_factory.mktemp("undisturbed"))
    import_id = started(shop)
    shop.run(apply_import, ApplyImport(import_id))
    end = end_of(shop, import_id)
    shop.wired.engines.dispose()
    return end


def end_of(shop: Shop, import_id: ImportId) -> dict[str, object]:
    done = import_of(shop, import_id)
    return {
        "catalogue": catalogue_of(shop),
        "import": (done.state, done.checkpoint, done.applied, done.failed),
        "problems": list(problems_of(shop, import_id)),
        "finished": shop.sql("SELECT count(*) AS n FROM outbox WHERE name = 'imports.import_finished.v1'"),
        "told": shop.sql("SELECT count(*) AS n FROM outbox WHERE name = 'imports.products_imported.v1'"),
    }


@pytest.mark.kill
@pytest.mark.parametrize("point", POINTS)
def test_the_end_is_the_same(
    shop: Shop, database: DatabaseAddresses, tmp_path: Path, undisturbed: dict[str, object], point: str
) -> None:
    import_id = started(shop)
    environment = environment_for(database, tmp_path)
    assert child(shop, import_id, environment | {"ECOMMERCE_FAILPOINT": point}) == -signal.SIGKILL
    assert child(shop, import_id, environment) == 0
    assert import_of(shop, import_id).state is ImportState.DONE
    assert end_of(shop, import_id) == undisturbed


@pytest.mark.kill
def test_every_commit_is_killed_at(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> None:
    """One commit more than we list would be a place that nobody has tried."""
    import_id = started(shop)
    point = {"ECOMMERCE_FAILPOINT": f"imports.apply_import.commit:{COMMITS + 1}"}
    assert child(shop, import_id, environment_for(database, tmp_path) | point) == 0
