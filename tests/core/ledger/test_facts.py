"""Facts of a real shop in its books: posted by the subscribers, once, and found again when they were not."""

from __future__ import annotations

import importlib

import pytest

from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.identity.roles import Role
from core.ledger.use_cases.backfill import Backfill, backfill
from core.shared.money import Money
from ports.orders import OrderDetail
from tests.admin.order_desk import fresh, place
from tests.core.ledger.books import balances, deliver, entries, kept, open_items
from tests.shop import Shop

TOTAL = 15770


def pay(shop: Shop, order: OrderDetail, minor: int = TOTAL, key: str = "a") -> None:
    wish = RecordPayment(order.id, order.payments[0].id, Money(minor, "BRL"), key, "", None)
    shop.run(record_payment, wish, shop.as_(Role.SUPPORT))


def give_back(shop: Shop, order: OrderDetail, minor: int, key: str = "r") -> None:
    wish = RefundOrder(order.id, order.payments[0].id, key, other=Money(minor, "BRL"))
    shop.run(refund_order, wish, shop.as_(Role.SUPPORT))


def test_placing_an_order_posts_nothing(shop: Shop) -> None:
    place(shop)
    deliver(shop)
    assert entries(shop) == []


def test_money_that_came_is_a_deposit_of_its_order(shop: Shop) -> None:
    order = place(shop)
    pay(shop, order)
    assert deliver(shop) == 1
    assert balances(shop) == kept(shop) == {"1100": TOTAL, "2100": -TOTAL}
    assert open_items(shop) == {f"payment:{order.payments[0].id}": TOTAL, f"order:{order.id}": -TOTAL}
    (entry,) = entries(shop)
    operation = fresh(shop, order).payments[0].operations[0]
    assert (entry["number"], entry["key"], entry["fact_at"]) == (1, f"capture:{operation.id}", operation.finished_at)


def test_a_refund_takes_it_back_under_an_item_of_its_own(shop: Shop) -> None:
    order = place(shop)
    pay(shop, order)
    give_back(shop, order, 2000)
    deliver(shop)
    assert balances(shop) == kept(shop) == {"1100": TOTAL - 2000, "2100": 2000 - TOTAL}
    assert -2000 in open_items(shop).values()


def test_a_replay_posts_nothing(shop: Shop) -> None:
    order = place(shop)
    pay(shop, order)
    give_back(shop, order, 2000)
    deliver(shop)
    before = entries(shop)
    assert deliver(shop, again=True) == 2
    assert entries(shop) == before
    assert shop.sql("SELECT next FROM counters WHERE series = 'journal'") == [{"next": 3}]


def test_facts_that_no_delivery_told_of_are_found_and_posted_under_the_same_keys(shop: Shop) -> None:
    first, second = place(shop), place(shop)
    pay(shop, first)
    deliver(shop)
    known = entries(shop)
    pay(shop, second, 10000)
    pay(shop, second, 5770, "b")
    give_back(shop, second, 70)
    shop.execute("DELETE FROM deliveries WHERE subscriber LIKE 'ledger.%'")
    step = shop.run(backfill, Backfill(None))
    assert (step.posted, step.next) == (3, None)
    assert balances(shop) == {"1100": 2 * TOTAL - 70, "2100": 70 - 2 * TOTAL}
    assert entries(shop)[:1] == known
    assert shop.run(backfill, Backfill(None)).posted == 0


def test_a_backfill_goes_on_by_itself_page_by_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.ledger.use_cases.backfill.PAGE", 2)
    for _ in range(3):
        pay(shop, place(shop))
    shop.execute("DELETE FROM deliveries WHERE subscriber LIKE 'ledger.%'")
    shop.run(backfill, Backfill(None))
    assert len(entries(shop)) == 2
    assert deliver(shop) == 1
    assert [entry["number"] for entry in entries(shop)] == [1, 2, 3]


def test_stores_from_before_the_ledger_get_the_job_that_posts_their_facts(shop: Shop) -> None:
    pay(shop, place(shop))
    shop.execute("DELETE FROM deliveries WHERE subscriber LIKE 'ledger.%'")
    migration = importlib.import_module("migrations.versions.0004_ledger")
    # The migration's own words, for this store alone and as the role that the test has.
    shop.execute(migration.BACKFILL)
    assert deliver(shop) == 1
    assert balances(shop) == {"1100": TOTAL, "2100": -TOTAL}
