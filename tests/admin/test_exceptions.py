"""Exceptions: both sides, and what became of the money in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.reconciliation.model import ExceptionKind
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import cancelled, fresh, odd, place
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


def test_nothing_to_explain_says_so(admin: Flask, shop: Shop) -> None:
    page = signed_in(admin, shop, Role.FINANCE).get("/exceptions/")
    assert page.status_code == 200
    assert "All money is explained" in page.text
    assert "Nothing was explained yet" in signed_in(admin, shop, Role.FINANCE).get("/exceptions/?state=resolved").text


def test_every_kind_is_told_in_words_with_and_without_an_order(admin: Flask, shop: Shop) -> None:
    order = cancelled(shop)
    finance = signed_in(admin, shop, Role.FINANCE)
    for kind in ExceptionKind:
        for found in (odd(shop, order, kind), odd(shop, None, kind)):
            page = finance.get(f"/exceptions/{found}").text.replace("\xa0", " ")
            assert kind not in re.sub(r"<[^>]+>", " ", page.split("<main")[1]), "no wire name is shown"
            assert "R$ 157,70" in page
            assert "R$ 315,40" in page
    assert finance.get("/exceptions/").text.count("data-row") == 2 * len(ExceptionKind)


def test_finance_explains_and_nobody_twice(admin: Flask, shop: Shop) -> None:
    order = cancelled(shop)
    found = odd(shop, order)
    finance = signed_in(admin, shop, Role.FINANCE)
    finance.get(f"/exceptions/{found}")
    empty = finance.post(f"/exceptions/{found}", {"resolution": "  "})
    assert (empty.status_code, "This is needed." in empty.text) == (422, True)
    assert finance.post(f"/exceptions/{found}", {"resolution": "Refunded by Pix."}).status_code == 303
    page = finance.get(f"/exceptions/{found}").text
    assert "Refunded by Pix." in page
    assert "resolution" not in page
    finance.get("/exceptions/")
    finance.post(f"/exceptions/{found}", {"resolution": "Something else"})
    assert "Somebody changed this meanwhile" in finance.get(f"/exceptions/{found}").text
    assert shop.sql("SELECT resolution FROM reconciliation_exceptions") == [{"resolution": "Refunded by Pix."}]
    assert "All money is explained" in finance.get("/exceptions/").text


@pytest.mark.parametrize("role", list(Role))
def test_who_may_explain(admin: Flask, shop: Shop, role: Role) -> None:
    order = place(shop)
    found = odd(shop, order)
    browser = signed_in(admin, shop, role)
    explains = role in (Role.OWNER, Role.FINANCE)
    assert ('name="resolution"' in browser.get(f"/exceptions/{found}").text) is explains
    assert ("Finance or an owner explains this" in browser.last) is not explains
    browser.get("/")
    answer = browser.post(f"/exceptions/{found}", {"resolution": "Explained"})
    assert answer.status_code == (303 if explains else 403)


def test_an_orders_page_says_what_has_to_be_explained(admin: Flask, shop: Shop) -> None:
    order = place(shop)
    found = odd(shop, order, ExceptionKind.AMOUNT_OVER)
    page = signed_in(admin, shop, Role.SUPPORT).get(f"/orders/{order.number}").text
    assert "Paid more than asked" in page
    assert f"/admin/exceptions/{found}" in page
    assert fresh(shop, order).exceptions[0].id == found


def test_an_unknown_exception_is_not_found(admin: Flask, shop: Shop) -> None:
    browser: Browser = signed_in(admin, shop)
    assert browser.get("/exceptions/01900000-0000-7000-8000-000000000000").status_code == 404
    assert browser.get("/exceptions/nonsense").status_code == 404
