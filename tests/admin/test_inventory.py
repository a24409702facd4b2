"""Stock in the back office: levels, movements with their balance, and putting it right."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.posting import posted
from tests.shop import ORIGIN, Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def browser(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.MANAGER)


def adjust(browser: Browser, path: str, change: str, reason: str) -> int:
    form = posted(browser.get(path).text, "adjust-form") | {"change": change, "reason": reason}
    return browser.post(f"{path}/adjust", form).status_code


def cells(html: str, head: str) -> list[str]:
    """The texts of table cells after the heading `head`."""
    part = html[html.index(head) :]
    return [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", part, re.DOTALL)
    ]


def test_every_adjustment_leaves_a_line_with_its_reason_and_balance(browser: Browser, shop: Shop) -> None:
    path = f"/inventory/{shop.product(stock=10)}"
    assert adjust(browser, path, "-7", "count of 24 November") == 303
    shop.clock.advance(seconds=1)
    assert adjust(browser, path, "+2", "found behind the shelf") == 303
    page = browser.get(path).text
    assert "On hand is 5 now, of which 5 are free." in page
    assert "why on hand is 5" in page
    shown = cells(page, ">Movements</h2>")
    assert [shown[at] for at in (2, 4, 7, 9, 12, 14)] == [
        *("found behind the shelf", "5"),
        *("count of 24 November", "3"),
        *("– none", "10"),
    ]


@pytest.mark.parametrize(
    ("change", "reason", "said"),
    [
        ("-9", "count", "2 units are reserved, so on hand can&#39;t become 1."),
        ("0", "count", "Say how many come in or go out."),
        ("", "count", "This is needed."),
        ("three", "count", "Write a whole number."),
        ("1", " ", "Say why, so that others understand the number."),
    ],
)
def test_a_refused_adjustment_says_why_in_figures(
    browser: Browser, shop: Shop, change: str, reason: str, said: str
) -> None:
    variant = shop.product(stock=10)
    token = shop.cart({variant: 2})
    command = OpenPaymentSession(token, "bank_transfer", f"{ORIGIN}/done", (ORIGIN,))
    shop.run(open_payment_session, command, shop.storefront)
    path = f"/inventory/{variant}"
    assert adjust(browser, path, change, reason) == 422
    assert said in browser.last
    assert "<dialog" in browser.last
    assert "open data-open-now" in browser.last
    assert "A shopper who is paying" in browser.last
    assert posted(browser.last, "adjust-form")["change"] == change


def test_an_order_that_holds_units_is_led_to(browser: Browser, shop: Shop) -> None:
    variant = shop.product(stock=10)
    token = shop.cart({variant: 2})
    command = OpenPaymentSession(token, "bank_transfer", f"{ORIGIN}/done", (ORIGIN,))
    shop.run(open_payment_session, command, shop.storefront)
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    page = browser.get(f"/inventory/{variant}").text
    number = shop.sql("SELECT number FROM orders")[0]["number"]
    assert f'href="/admin/orders/{number}"' in page
    assert cells(page, ">Who holds it</h2>")[2:4] == ["until it leaves", "2"]
    assert browser.get(f"/orders/{number}").status_code == 200


def test_the_list_tells_what_is_sold_out_and_what_is_not_counted(browser: Browser, shop: Shop) -> None:
    shop.product("Bule", stock=0)
    shop.product("Caneca", stock=4)
    shop.product("Vale-presente", stock=None)
    page = browser.get("/inventory/").text
    assert cells(page, "<tbody>")[2:5] == ["0", "0", "Sold out 0"]
    assert cells(page, "<tbody>")[14] == "not counted"

    def shown(query: str) -> list[str]:
        return re.findall(r'<a class="name"[^>]*data-open>([^<]+)</a>', browser.get(f"/inventory/?{query}").text)

    assert shown("state=sold_out") == ["Bule"]
    assert shown("state=in_stock") == ["Caneca"]
    assert shown("state=reserved") == []
    assert shown("q=cane") == ["Caneca"]


def test_a_foreign_variant_is_not_found_and_support_adjusts_nothing(admin: Flask, browser: Browser, shop: Shop) -> None:
    assert browser.get(f"/inventory/{uuid4()}").status_code == 404
    path = f"/inventory/{shop.product(stock=1)}"
    support = signed_in(admin, shop, Role.SUPPORT)
    assert "adjust-form" not in support.get(path).text
    assert support.post(f"{path}/adjust", {"change": "1", "reason": "x"}).status_code == 403
