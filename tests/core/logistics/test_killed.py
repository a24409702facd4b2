"""Killed between any two steps of a purchase: the label is bought at most once, and found by asking."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.logistics.lifecycle import LabelState
from core.logistics.use_cases.settle_label import SettleLabel, settle_label
from tests.carrier import FiledCarrier, add_carrier
from tests.core.logistics.sending import buy, order_of, plan, quoted, ship, status
from tests.shop import Shop

ROOT = Path(__file__).resolve().parents[3]
POINTS = (
    "logistics.purchase_label.commit:1",
    "logistics.purchase_label.committed:1",
    "carrier.purchase.before",
    "carrier.purchase.after",
    "logistics.purchase_label.commit:2",
    "logistics.purchase_label.committed:2",
    "carrier.label.before",
    "carrier.label.after",
    "logistics.purchase_label.commit:3",
    "logistics.purchase_label.committed:3",
)

pytestmark = pytest.mark.kill


def die_at(point: str, shop: Shop, database: DatabaseAddresses, folder: Path, quote: str) -> int:
    """Buy in a process of its own that dies at `point`; its exit code."""
    told = {
        "database": asdict(database), "data_dir": str(folder), "store": str(shop.store_id), "quote": quote,
        "now": shop.clock.at.isoformat(), "books": str(folder / "books.json"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.logistics.buyer"],
        input=json.dumps(told), text=True, cwd=ROOT, capture_output=True, check=False,
        env={**os.environ, "ECOMMERCE_FAILPOINT": point},
    )  # fmt: skip
    return done.returncode


@pytest.mark.parametrize("point", POINTS)
def test_at_most_once_and_never_lost(shop: Shop, database: DatabaseAddresses, tmp_path: Path, point: str) -> None:
    carrier = FiledCarrier(file=tmp_path / "books.json")
    add_carrier(shop, carrier)
    order = order_of(shop, 1)
    planned = plan(shop, order)
    quote = quoted(shop, planned).quotes[0].id
    assert die_at(point, shop, database, tmp_path, str(quote)) == -signal.SIGKILL
    shop.clock.advance(minutes=2)
    for row in shop.sql("SELECT id FROM shipments WHERE check_at <= :now", now=shop.clock.now()):
        shop.run(settle_label, SettleLabel(row["id"]))
    carrier.read()
    states = [row["state"] for row in shop.sql("SELECT state FROM shipments")]
    assert states == {0: states and ["refused"], 1: ["purchased"]}[len(carrier.books)]
    again = buy(shop, quote, "click")  # the client repeats its click
    assert again.state in (LabelState.PURCHASED, LabelState.REFUSED)
    if again.state is LabelState.REFUSED:
        assert buy(shop, quote, "another").state is LabelState.PURCHASED
    assert len(carrier.books) == 1
    papers = shop.sql("SELECT label_sha256 FROM shipments WHERE state = 'purchased'")
    assert [row["label_sha256"] is not None for row in papers] == [True]
    bought = shop.sql("SELECT count(*) AS n FROM outbox WHERE name = 'logistics.label_purchased.v1'")[0]["n"]
    assert bought == 1
    ship(shop, planned)
    assert status(shop, order) == "fulfilled"
