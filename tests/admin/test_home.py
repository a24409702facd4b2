"""The first page counts what waits, and today's orders by the store's midnight."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.home.queries import ShowToday, show_today
from core.identity.roles import Role
from core.shared.money import Money
from ports.home import Today
from tests.admin.desks import make_admin, signed_in
from tests.admin.order_desk import paid
from tests.shop import ORIGIN, Shop, settings_for

ZONE = "America/Sao_Paulo"


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


def place(shop: Shop) -> None:
    token = shop.cart({shop.product(price=6990): 1})
    shop.run(
        open_payment_session, OpenPaymentSession(token, "bank_transfer", f"{ORIGIN}/x", (ORIGIN,)), shop.storefront
    )
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)


def today(shop: Shop) -> Today:
    found: Today = shop.read(show_today, ShowToday(ZONE), shop.as_(Role.OWNER))
    return found


def an_exception(shop: Shop, minor: int) -> None:
    shop.execute(
        "INSERT INTO reconciliation_exceptions (id, store_id, kind, state, left_reference, right_reference,"
        " amount_minor, currency, details, opened_at, version)"
        " VALUES (:id, :store, 'late_payment', 'open', :id, 'x', :minor, 'BRL', '{}', :at, 0)",
        id=uuid4(), store=shop.store_id, minor=minor, at=shop.clock.now(),
    )  # fmt: skip


def a_dead_delivery(shop: Shop) -> None:
    shop.execute(
        "INSERT INTO deliveries (id, store_id, event_name, subscriber, payload, request_id, locale, state, attempts,"
        " created_at, next_attempt_at)"
        " VALUES (:id, :store, 'x.y.v1', 'x.y', '{}', 'r', 'en', 'dead', 8, :at, :at)",
        id=uuid4(), store=shop.store_id, at=shop.clock.now(),
    )  # fmt: skip


def test_an_empty_store_says_that_nothing_waits(admin: Flask, shop: Shop) -> None:
    assert today(shop) == Today(0, [], 0, 0, 0, 0, [], 0)
    page = signed_in(admin, shop).get("/").text
    assert "Nothing waits for you" in page
    assert "R$ 0,00" in page.replace("\xa0", " ")


def test_orders_count_from_the_stores_midnight_on(shop: Shop) -> None:
    shop.clock.at = datetime(2026, 11, 24, 23, 59, tzinfo=ZoneInfo(ZONE))
    place(shop)
    assert today(shop).placed == 1
    assert today(shop).sales == [Money(6990 + 1790, "BRL")]
    shop.clock.advance(minutes=2)
    assert (today(shop).placed, today(shop).sales, today(shop).awaiting_payment) == (0, [], 1)


def test_what_waits_is_listed_with_its_money(admin: Flask, shop: Shop) -> None:
    place(shop)
    an_exception(shop, 128900)
    an_exception(shop, 100)
    page = signed_in(admin, shop).get("/").text.replace("\xa0", " ")
    assert "R$ 1.290,00 at risk." in page
    assert "Exceptions to explain" in page
    assert "Order awaiting its payment" in page
    assert "CI-1001" in page
    assert "1 order placed" in page


def test_a_role_sees_what_it_may_deal_with(admin: Flask, shop: Shop) -> None:
    a_dead_delivery(shop)
    assert "Job that gave up" in signed_in(admin, shop, Role.MANAGER).get("/").text
    assert "Job that gave up" not in signed_in(admin, shop, Role.FINANCE).get("/").text


def test_a_cancelled_order_was_placed_and_waits_for_nothing(shop: Shop) -> None:
    place(shop)
    order = shop.sql("SELECT id FROM orders")[0]["id"]
    shop.run(cancel_order, CancelOrder(order, "The customer asked.", "cancel-1"), shop.as_(Role.OWNER))
    assert (today(shop).placed, today(shop).awaiting_payment) == (1, 0)


def test_orders_to_ship_are_counted_and_lead_to_their_list(admin: Flask, shop: Shop) -> None:
    paid(shop)
    paid(shop)
    place(shop)
    gone = paid(shop)
    shop.run(cancel_order, CancelOrder(gone.id, "The customer asked.", "cancel-1"), shop.as_(Role.OWNER))
    assert (today(shop).to_ship, today(shop).awaiting_payment) == (2, 1)
    desk = signed_in(admin, shop)
    page = desk.get("/").text
    assert "Orders to ship" in page
    assert 'href="/admin/shipping/"' in page
    listed = desk.get("/shipping/").text
    assert re.findall(r"data-open>(CI-\d+)<", listed) == ["CI-1001", "CI-1002"]


def test_a_count_that_costs_too_much_says_more(admin: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("admin.home", "adapters.postgres.queries.home"):
        monkeypatch.setattr(f"{module}.MOST_TO_SHIP", 1)
    paid(shop)
    paid(shop)
    page = signed_in(admin, shop).get("/").text
    assert '<span class="count">1+</span>' in page


def test_the_menu_counts_what_waits_on_every_page(admin: Flask, shop: Shop) -> None:
    a_dead_delivery(shop)
    a_dead_delivery(shop)
    page = signed_in(admin, shop).get("/nothing").text
    entry = re.search(r'<a class="item" href="/admin/jobs/?".*?</a>', page, re.S)
    assert entry
    assert '<span class="count">2</span>' in entry[0]
