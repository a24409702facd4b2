"""The activity log: who did what, field by field, filtered and paged."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from admin.activity_words import ACTIONS
from core.catalog.use_cases.archive import ArchiveProduct, archive_product
from core.identity.roles import Role
from core.messages.use_cases.run_schedule_now import run_schedule_now
from core.shared.ids import ProductId
from tests.admin.desks import Browser, make_admin, signed_in
from tests.core.messages.test_confirmation import confirm, place
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def browser(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.FINANCE)


def _shown(page: str) -> str:
    """The text of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_change_is_told_with_its_fields_and_whoever_made_it(browser: Browser, shop: Shop) -> None:
    shop.product("Bule Barro", price=15990)
    product = ProductId(shop.sql("SELECT id FROM products")[0]["id"])
    shop.run(archive_product, ArchiveProduct(product), shop.as_(Role.MANAGER))
    page = _shown(browser.get("/activity/?who=all").text)
    assert "Manager Example People archived a product" in page
    assert "Status On sale Archived" in page
    assert "R$ 159,90" in page


def test_jobs_are_called_by_what_they_do(browser: Browser, shop: Shop) -> None:
    confirm(shop, place(shop))
    page = _shown(browser.get("/activity/?view=system").text)
    assert "wrote an order confirmation" in page
    assert "placed an order" not in page


def test_filters_narrow_and_can_be_taken_away(browser: Browser, shop: Shop) -> None:
    shop.product()
    jobs = browser.get("/activity/?who=job").text
    assert "created a product" in jobs
    assert "Finance Example People signed in" not in _shown(jobs)
    people = browser.get("/activity/?who=staff").text
    assert "created a product" not in people
    assert "Finance Example People signed in" in _shown(people)
    by_request = browser.get("/activity/?request=test-request").text
    assert "created a product" in by_request
    assert "Nothing like that happened" in browser.get(f"/activity/?target={uuid4()}").text


def test_people_come_first_and_machines_are_one_link_away(browser: Browser, shop: Shop) -> None:
    shop.product()
    page = browser.get("/activity/").text
    assert "created a product" not in page
    assert "signed in" in _shown(page)
    assert "Who People, Customers" in _shown(page)
    shown = re.search(r'href="/admin(/activity/[^"]*)"[^>]*>(?:(?!</a>).)*Show jobs and webhooks too', page, re.S)
    assert shown
    assert shown[1] == "/activity/?who=all"
    everybody = browser.get(shown[1]).text
    assert "created a product" in everybody
    assert "signed in" in _shown(everybody)
    assert 'href="/admin/activity/"' in everybody.split("Hide jobs and webhooks")[0].rpartition("<a ")[2]
    assert "created a product" in browser.get("/activity/?view=stock&who=job").text
    assert "No person did anything like that" in browser.get("/activity/?view=stock").text


def test_pages_keep_whose_rows_are_shown(browser: Browser, shop: Shop) -> None:
    for _ in range(52):
        shop.execute(
            "INSERT INTO activity (id, store_id, action, actor_kind, actor_label, request_id, changes, occurred_at)"
            " VALUES (:id, :store, 'orders.add_note', 'staff', 'Ana', 'r', '[]', :at)",
            id=uuid4(), store=shop.store_id, at=shop.clock.now(),
        )  # fmt: skip
    for path, kept in (("/activity/", False), ("/activity/?who=all", True)):
        older = re.search(r'rel="next" href="/admin([^"]+)"', html.unescape(browser.get(path).text))
        assert older
        assert ("who=all" in older[1]) is kept


def test_days_are_the_stores(browser: Browser, shop: Shop) -> None:
    shop.product()
    today = (shop.clock.now() - timedelta(hours=3)).date()  # São Paulo has no summer time
    assert "created a product" in browser.get(f"/activity/?who=all&from={today}&to={today}").text
    yesterday = today - timedelta(days=1)
    assert "Nothing like that happened" in browser.get(f"/activity/?who=all&to={yesterday}").text
    assert browser.get("/activity/?from=tomorrow").status_code == 404


def test_pages_follow_one_another_without_gap_or_repeat(browser: Browser, shop: Shop) -> None:
    for number in range(60):
        shop.execute(
            "INSERT INTO activity (id, store_id, action, actor_kind, actor_label, request_id, changes, occurred_at)"
            " VALUES (:id, :store, 'orders.add_note', 'staff', :who, 'r', '[]', :at)",
            id=uuid4(),
            store=shop.store_id,
            who=f"Person {number:02}",
            at=shop.clock.now() + timedelta(minutes=5),
        )
    seen: list[str] = []
    path = "/activity/?who=staff"
    while path:
        page = html.unescape(browser.get(path).text)
        seen += re.findall(r"<b>(Person \d\d)</b>", page)
        older = re.search(r'rel="next" href="/admin([^"]+)"', page)
        path = older[1] if older else ""
    assert sorted(seen) == [f"Person {n:02}" for n in range(60)]
    assert browser.get("/activity/?cursor=nonsense").status_code == 422


def test_personal_fields_are_masked(browser: Browser, shop: Shop) -> None:
    shop.execute(
        "INSERT INTO activity (id, store_id, action, actor_kind, actor_label, request_id, changes, occurred_at)"
        " VALUES (:id, :store, 'cart.change', 'shopper', 'Ana', 'r', CAST(:changes AS jsonb), :at)",
        id=uuid4(),
        store=shop.store_id,
        changes=json.dumps([{"kind": "cart", "id": str(uuid4()), "before": None, "after": {"tax_id": "52998224725"}}]),
        at=shop.clock.now(),
    )
    page = browser.get("/activity/").text
    assert "52998224725" not in page
    assert "••••" in page


def test_words_are_for_actions_that_exist() -> None:
    assert f"messages.{run_schedule_now.__name__}" in ACTIONS
