"""Two runs at once, and runs that die: each line is matched once, and the next run finishes what one left."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from adapters.provisioning import DatabaseAddresses
from adapters.settings import Settings
from adapters.wiring import wire
from core.ledger.use_cases.backfill import Backfill, backfill
from core.reconciliation.errors import SourceFailed
from core.shared.ids import PaymentAccountId, StoreId
from tests.core.reconciliation.provider import Books, raised, tell
from tests.core.reconciliation.test_planted import priced, settle, state
from tests.shop import Shop, environment_for

POINTS = (
    "reconciliation.reconcile.commit:1",  # the run is begun
    "reconciliation.reconcile.committed:3",  # some is staged
    "reconciliation.taken_in",
    "reconciliation.compared",
    "reconciliation.reconcile.committed:6",
)


@pytest.fixture
def account(shop: Shop) -> PaymentAccountId:
    return priced(shop)


@pytest.fixture
def books(shop: Shop, account: PaymentAccountId) -> Books:
    made = Books(shop, account, 4, sales=10)
    for kind in ("amount_over", "missing_internally", "dispute_lost", "payout_failed"):
        made.plant(kind, made.sales[2])
    shop.run(backfill, Backfill(None))
    return made


def test_two_runs_at_once_match_each_line_once(shop: Shop, account: PaymentAccountId, books: Books) -> None:
    tell(shop, books.source())
    with ThreadPoolExecutor(2) as pool:
        counts = [done.result() for done in [pool.submit(settle, shop, account) for _ in range(2)]]
    assert sorted(count["lines_new"] for count in counts) == [0, len(books.lines)]
    assert raised(shop) == books.planted
    keys = [row["key"] for row in shop.sql("SELECT key FROM journal_entries")]
    assert len(keys) == len(set(keys))


def test_a_provider_that_does_not_answer_leaves_nothing(shop: Shop, account: PaymentAccountId, books: Books) -> None:
    source = books.source()
    tell(shop, source)
    for failing in ("payouts", "lines", "disputes", books.payouts[0].reference):
        source.failing = failing
        with pytest.raises(SourceFailed) as refused:
            settle(shop, account)
        assert refused.value.retry_after == 7
        assert shop.sql("SELECT 1 FROM provider_lines") == []
    assert {row["state"] for row in shop.sql("SELECT state FROM reconciliation_runs")} == {"failed"}
    source.failing = None
    settle(shop, account)
    assert raised(shop) == books.planted


CHILD = """
import sys
from tests.core.reconciliation import test_two_at_once as here
here.child(*sys.argv[1:])
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_run_that_is_killed_is_finished_by_the_next(
    shop: Shop, account: PaymentAccountId, books: Books, database: DatabaseAddresses, tmp_path: Path, point: str
) -> None:
    source = books.source()
    tell(shop, source)
    pickled = tmp_path / "source"
    pickled.write_bytes(pickle.dumps(source))
    environment = os.environ | environment_for(database, tmp_path) | {"ECOMMERCE_FAILPOINT": point}
    command = [sys.executable, "-c", CHILD, str(shop.store_id), str(account), str(pickled)]
    killed = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    shop.clock.advance(hours=7)
    settle(shop, account)
    assert raised(shop) == books.planted
    assert {row["state"] for row in shop.sql("SELECT state FROM reconciliation_runs")} <= {"failed", "matched", "done"}
    runs = [row["id"] for row in shop.sql("SELECT id FROM reconciliation_runs")]
    with psycopg.connect(database.superuser_url) as connection:
        staged = connection.execute("SELECT 1 FROM staging.settlement_rows WHERE run_id = ANY (%s)", (runs,))
        assert staged.fetchone() is None
    left = shop.sql("SELECT 1 FROM provider_lines WHERE NOT posted")
    assert left == []
    everything = state(shop)
    settle(shop, account)
    assert state(shop) == everything


def child(store: str, account: str, source: str) -> None:
    """What the killed process does: one run."""
    wired = wire(Settings.from_environment(os.environ))
    shop = Shop(wired, StoreId(UUID(store)), wired.clock)
    tell(shop, pickle.loads(Path(source).read_bytes()))  # noqa: S301 - written by the test itself
    settle(shop, PaymentAccountId(UUID(account)))
