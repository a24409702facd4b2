"""What is due in any store is found and dealt with there, through the schedule that production runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from adapters.provisioning import DatabaseAddresses
from adapters.wiring import background
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.messages.queries import ListMessages, list_messages
from core.orders.use_cases.archive_order import ArchiveOrder, archive_order
from core.shared.errors import Unavailable
from core.shared.ids import OrderId
from jobs import background as process
from jobs.background import tasks
from jobs.schedule import Result, Task
from ports.deadlines import Due
from tests.shop import ORIGIN, Shop, open_shop, settings_for


@pytest.fixture
def shops(fresh_database: DatabaseAddresses, tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    """Two stores of one deployment, on one clock."""
    first = open_shop(fresh_database, tmp_path)
    second = open_shop(fresh_database, tmp_path, first.clock)
    yield first, second
    for opened in (first, second):
        opened.wired.engines.dispose()


def _session(shop: Shop, method: str = "bank_transfer") -> str:
    token = shop.cart({shop.product(): 1})
    command = OpenPaymentSession(token, method, f"{ORIGIN}/return", (ORIGIN,))
    shop.run(open_payment_session, command, shop.storefront)
    return token


def _place(shop: Shop) -> None:
    shop.run(complete_checkout, CompleteCheckout(_session(shop)), shop.storefront)


def _task(shop: Shop, name: str) -> Task:
    (task,) = [task for task in tasks(shop.wired, background(shop.wired)) if task.name == name]
    return task


def _run(shop: Shop, name: str) -> Result:
    return _task(shop, name).run(threading.Event())


def test_sessions_past_their_deadline_are_closed_in_every_store(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    for shop in shops:
        _session(shop)
    assert _run(first, "checkout.expire_sessions") == Result({"done": 0, "failed": 0})
    first.clock.advance(days=5, minutes=1)
    assert _run(first, "checkout.expire_sessions") == Result({"done": 2, "failed": 0})
    for shop in shops:
        assert shop.sql("SELECT state FROM payment_sessions") == [{"state": "expired"}]
        assert shop.sql("SELECT sum(reserved) AS n FROM stock_items") == [{"n": 0}]
        (entry,) = shop.sql("SELECT actor_kind, actor_label FROM activity ORDER BY occurred_at DESC, id DESC LIMIT 1")
        assert entry == {"actor_kind": "job", "actor_label": "checkout.expire_sessions"}
    assert _run(second, "checkout.expire_sessions") == Result({"done": 0, "failed": 0})


def test_orders_put_away_while_their_money_is_awaited_are_cancelled_all_the_same(shops: tuple[Shop, Shop]) -> None:
    first, _ = shops
    _place(first)
    first.run(archive_order, ArchiveOrder(OrderId(first.sql("SELECT id FROM orders")[0]["id"])))
    first.clock.advance(days=30)
    assert _run(first, "checkout.expire_orders").counts == {"done": 1, "failed": 0}
    assert first.sql("SELECT status FROM orders") == [{"status": "cancelled"}]
    assert first.sql("SELECT sum(reserved) AS n FROM stock_items") == [{"n": 0}]


def test_orders_whose_payment_failed_are_cancelled_at_the_same_deadline(shops: tuple[Shop, Shop]) -> None:
    first, _ = shops
    _place(first)
    first.execute("UPDATE payments SET state = 'declined'")
    assert _run(first, "checkout.expire_orders").counts == {"done": 0, "failed": 0}
    first.clock.advance(days=30)
    assert _run(first, "checkout.expire_orders").counts == {"done": 1, "failed": 0}
    assert first.sql("SELECT status FROM orders") == [{"status": "cancelled"}]


def test_orders_whose_money_never_came_are_cancelled(shops: tuple[Shop, Shop]) -> None:
    first, _ = shops
    _place(first)
    assert _run(first, "checkout.expire_orders").counts == {"done": 0, "failed": 0}
    first.clock.advance(days=30)
    assert _run(first, "checkout.expire_orders").counts == {"done": 1, "failed": 0}
    assert first.sql("SELECT status FROM orders") == [{"status": "cancelled"}]
    assert _run(first, "checkout.expire_orders").counts == {"done": 0, "failed": 0}


def test_an_order_with_a_payment_that_may_still_come_is_not_due(shops: tuple[Shop, Shop]) -> None:
    first, _ = shops
    _place(first)
    first.execute("UPDATE payments SET expires_at = NULL")
    first.clock.advance(days=30)
    assert _run(first, "checkout.expire_orders").counts == {"done": 0, "failed": 0}


def test_payments_are_due_when_their_next_look_is(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    deadlines = background(first.wired).deadlines
    for shop in shops:
        _place(shop)
        shop.execute("UPDATE payments SET check_at = :at", at=shop.clock.now() + timedelta(minutes=10))
    assert deadlines.payments_to_check(first.clock.now(), 10) == []
    found = deadlines.payments_to_check(first.clock.now() + timedelta(minutes=10), 10)
    assert {due.store_id for due in found} == {first.store_id, second.store_id}
    assert len(deadlines.payments_to_check(first.clock.now() + timedelta(minutes=10), 1)) == 1


def test_one_that_fails_does_not_hold_up_the_others(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    done: list[Due] = []
    items = [Due(first.store_id, first.wired.ids.new()), Due(second.store_id, second.wired.ids.new())]
    sweep = _task(first, "checkout.expire_sessions").run
    broken = replace(
        sweep,  # type: ignore[type-var]  # a Sweep, which is a dataclass
        due=lambda now, limit: items,
        app=_Failing(items[0], done),
    )
    result = broken(threading.Event())
    assert result.counts == {"done": 1, "failed": 1}
    assert result.error == f"unavailable: away ({items[0].id})"
    assert [due.store_id for due in done] == [second.store_id]


class _Failing:
    """An application whose provider is away for one item."""

    def __init__(self, broken: Due, done: list[Due]) -> None:
        self._broken = broken
        self._done = done

    def run(self, use_case: object, command: object, context: object) -> None:
        store = context.store_id  # type: ignore[attr-defined]  # the context of a sweep
        if store == self._broken.store_id:
            raise Unavailable("away")
        self._done.append(Due(store, self._broken.id))


def test_a_stop_ends_a_sweep_between_two_items(shops: tuple[Shop, Shop]) -> None:
    first, _ = shops
    _session(first)
    first.clock.advance(days=6)
    stop = threading.Event()
    stop.set()
    assert _task(first, "checkout.expire_sessions").run(stop).counts == {"done": 0, "failed": 0}


def test_an_order_placed_while_the_background_runs_is_confirmed_by_mail(
    fresh_database: DatabaseAddresses, tmp_path: Path
) -> None:
    shop = open_shop(fresh_database, tmp_path)
    running = open_shop(fresh_database, tmp_path, shop.clock)
    stop = threading.Event()
    settings = settings_for(fresh_database, tmp_path)
    thread = threading.Thread(target=process.run, args=(settings, running.wired, stop))
    thread.start()
    try:
        _place(shop)
        done = threading.Event()
        for _ in range(500):
            rows = shop.read(list_messages, ListMessages()).rows
            if rows and rows[0].sent_at:
                break
            done.wait(0.04)
        assert [(row.recipient, row.kind) for row in rows] == [("maria@example.com", "order_confirmation")]
        assert rows[0].sent_at is not None
    finally:
        stop.set()
        thread.join(15)
        shop.wired.engines.dispose()
    assert not thread.is_alive()
    states = {row["state"] for row in _all_states(fresh_database)}
    assert states == {"done"}


def _all_states(database: DatabaseAddresses) -> list[dict[str, str]]:
    with psycopg.connect(database.owner_url, row_factory=dict_row) as connection:
        return list(connection.execute("SELECT state FROM deliveries").fetchall())
