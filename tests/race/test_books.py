"""Many post at once: numbers have no gaps, a fact is posted once, nothing slips into a day that closes meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from core.ledger.use_cases.backfill import Backfill, backfill
from core.ledger.use_cases.close_day import CloseDay, close_day
from core.ledger.use_cases.post_fact import PostOperation, post_capture
from core.ledger.use_cases.verify import Verify, verify
from core.shared.ids import OperationId
from tests.admin.order_desk import place
from tests.core.ledger.books import balances, entries, kept
from tests.core.ledger.test_days import FRIDAY, NOON, SATURDAY
from tests.core.ledger.test_facts import TOTAL, pay
from tests.shop import Shop

pytestmark = pytest.mark.race


def at_once(*calls: Any) -> None:
    """Call all of them at the same moment; the first that raises is raised."""
    barrier = Barrier(len(calls))

    def go(call: Any) -> None:
        barrier.wait()
        call()

    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(go, call) for call in calls]:
            done.result()


def captures(shop: Shop, count: int) -> list[OperationId]:
    """So many captures that nobody has posted yet."""
    shop.clock.at = NOON
    for _ in range(count):
        pay(shop, place(shop))
    shop.execute("DELETE FROM deliveries WHERE subscriber LIKE 'ledger.%'")
    return [OperationId(row["id"]) for row in shop.sql("SELECT id FROM payment_operations WHERE kind = 'capture'")]


def test_one_fact_by_many_is_one_entry_and_many_facts_leave_no_gap(shop: Shop) -> None:
    operations = captures(shop, 4)
    posts = [lambda id_=id_: shop.run(post_capture, PostOperation(id_)) for id_ in (*operations, *operations)]
    at_once(*posts, lambda: shop.run(backfill, Backfill(None)))
    assert [entry["number"] for entry in entries(shop)] == [1, 2, 3, 4]
    assert balances(shop) == kept(shop) == {"1100": 4 * TOTAL, "2100": -4 * TOTAL}
    assert list(shop.run(verify, Verify()).findings) == []


def test_a_day_that_closes_meanwhile_takes_nothing_more(shop: Shop) -> None:
    operations = captures(shop, 4)
    shop.clock.at = NOON + timedelta(days=1)
    posts = [lambda id_=id_: shop.run(post_capture, PostOperation(id_)) for id_ in operations]
    at_once(*posts, lambda: shop.run(close_day, CloseDay(FRIDAY, "Júlia")))
    booked = [entry["booked_on"] for entry in entries(shop)]
    assert booked == sorted(booked)
    assert set(booked) <= {FRIDAY, SATURDAY}
    sealed = shop.sql("SELECT entries FROM ledger_days")[0]["entries"]
    assert sealed == booked.count(FRIDAY)
    assert list(shop.run(verify, Verify()).findings) == []
