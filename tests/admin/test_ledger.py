"""The books on the screen: chart, accounts, entries, trial balance, closing; each also as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import place
from tests.core.ledger.books import deliver
from tests.core.ledger.test_days import NOON
from tests.core.ledger.test_facts import give_back, pay
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    shop.clock.at = NOON
    pay(shop, place(shop))
    order = place(shop)
    pay(shop, order)
    give_back(shop, order, 770)
    deliver(shop)
    shop.clock.at = NOON + timedelta(days=1)
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def finance(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.FINANCE)


def seen(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, page.status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.split("<main")[1])).replace("\xa0", " ")


def file(browser: Browser, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def account(shop: Shop, code: str) -> UUID:
    return UUID(str(shop.sql("SELECT id FROM ledger_accounts WHERE code = :c", c=code)[0]["id"]))


def test_the_chart_has_every_account_and_its_balance_as_of_a_day(finance: Browser) -> None:
    page = seen(finance, "/ledger/")
    assert "1100 Manual clearing" in page
    assert "307,70" in page
    assert "6200 Reconciliation differences" in page
    assert "307,70" not in seen(finance, "/ledger/?until=2026-11-19")


def test_an_account_shows_postings_with_the_balance_after_each(finance: Browser, shop: Shop) -> None:
    page = seen(finance, f"/ledger/accounts/{account(shop, '1100')}")
    assert page.index("JE-000003") < page.index("JE-000002") < page.index("JE-000001")
    assert re.search(r"JE-000003 Refund CI-\d+ Payment open 7,70 307,70", page)
    assert re.search(r"JE-000001 Capture CI-\d+ Payment open 157,70 157,70", page)


def test_what_is_open_is_a_view_of_the_account(finance: Browser, shop: Shop) -> None:
    page = seen(finance, f"/ledger/accounts/{account(shop, '2100')}?view=open")
    assert "(157,70)" in page
    assert "(150,00)" in page


def test_an_entry_leads_to_its_document_and_its_accounts(finance: Browser, shop: Shop) -> None:
    text = finance.get("/ledger/entries/3").text
    number = shop.sql("SELECT max(number) AS n FROM orders")[0]["n"]
    assert f'href="/admin/orders/{number}"' in text or f"/orders/{number}" in text
    assert str(account(shop, "1100")) in text
    assert "Balanced" in text
    assert finance.get("/ledger/entries/4").status_code == 404
    assert finance.get(f"/ledger/entries/{2**70}").status_code == 404


def test_the_journal_and_the_entries_of_one_order(finance: Browser, shop: Shop) -> None:
    assert "JE-000001" in seen(finance, "/ledger/journal")
    order = shop.sql("SELECT order_id FROM journal_entries WHERE number = 3")[0]["order_id"]
    page = seen(finance, f"/ledger/journal?order={order}")
    assert ("JE-000001" in page, "JE-000002" in page, "JE-000003" in page) == (False, True, True)
    assert finance.get("/ledger/journal?order=x").status_code == 404


def test_pages_of_an_account_keep_their_balance(finance: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.ledger._PAGE", 2)
    first = finance.get(f"/ledger/accounts/{account(shop, '1100')}").text
    older = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert older is not None
    page = seen(finance, older[1].replace("&amp;", "&").removeprefix("/admin"))
    assert re.search(r"JE-000001 Capture CI-\d+ Payment open 157,70 157,70", page)
    assert "JE-000002" not in page


def test_an_account_is_narrowed_to_kind_and_document(finance: Browser, shop: Shop) -> None:
    address = f"/ledger/accounts/{account(shop, '1100')}"
    page = seen(finance, f"{address}?kind=refund")
    assert "JE-000001" not in page
    number = shop.sql("SELECT number FROM orders ORDER BY number LIMIT 1")[0]["number"]
    for said in (f"CI-{number}", str(number), "JE-000001", "je1"):
        assert "JE-000001 Capture" in seen(finance, f"{address}?document={said}"), said
    for said in ("JE-000999", "no number", "CI-9999"):
        assert "Nothing of this is posted" in seen(finance, f"{address}?document={said}"), said
    assert "JE-000001 Capture" in seen(finance, f"{address}?kind=nonsense")


def test_the_trial_balance_and_what_speaks_against_closing(finance: Browser, shop: Shop) -> None:
    page = seen(finance, "/ledger/days/")
    assert "Friday, 20 November" in page
    assert "4 of 4 done" in page
    assert re.search(r"1100 Manual clearing – none 315,40 7,70 307,70", page)
    pay(shop, place(shop))
    assert "4 of 4 done" in seen(finance, "/ledger/days/"), "that is a fact of today"
    today = seen(finance, "/ledger/days/?day=2026-11-21")
    assert "The day is not over yet" in today
    assert "1 posting waits" in today
    assert "2 of 4 done" in today


def test_open_items_are_counted_up_to_a_thousand(finance: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search(r"2100 Customer deposits .*? 2 ", seen(finance, "/ledger/"))
    monkeypatch.setattr("admin.ledger_words.MOST_OPEN_ITEMS", 1)
    assert re.search(r"2100 Customer deposits .*? 1\+ ", seen(finance, "/ledger/"))


def test_the_limit_of_exceptions_is_changed_where_days_are_closed(finance: Browser, shop: Shop) -> None:
    address = "/ledger/days/2026-11-20/limit"
    assert "Exceptions that may stay open" in seen(finance, "/ledger/days/?day=2026-11-20")
    assert finance.post(address, {"limit": "1.250,50"}).status_code == 303
    page = seen(finance, "/ledger/days/?day=2026-11-20")
    assert "Exceptions of up to R$ 1.250,50 may stay open." in page
    assert "No exception above R$ 1.250,50 is open" in page
    for wrong, said in (("", "Say an amount"), ("-1", "Not less than nothing."), ("much", "Write an amount like")):
        refused = finance.post(address, {"limit": wrong})
        assert (refused.status_code, said in refused.text) == (422, True), wrong
    assert shop.sql("SELECT exception_limit_minor AS l FROM ledger_settings") == [{"l": 125050}]


def test_a_day_is_closed_and_opened_again(finance: Browser, shop: Shop) -> None:
    finance.get("/ledger/days/")
    assert finance.post("/ledger/days/2026-11-20/close").status_code == 303
    page = seen(finance, "/ledger/days/?day=2026-11-20")
    assert "Closed" in page
    assert "By Finance Example" in page
    assert finance.post("/ledger/days/2026-11-20/close").status_code == 409
    nameless = finance.post("/ledger/days/2026-11-20/reopen", {"reason": " "})
    assert (nameless.status_code, "Say why the day is opened again." in nameless.text) == (422, True)
    assert finance.post("/ledger/days/2026-11-20/reopen", {"reason": "A fee was missing"}).status_code == 303
    assert "Opened again" in seen(finance, "/ledger/days/?day=2026-11-20")
    assert finance.post("/ledger/days/2026-11-21/close").status_code in (409, 422)
    assert finance.post("/ledger/days/x/close").status_code == 404


def test_every_screen_is_a_file_too(finance: Browser, shop: Shop) -> None:
    chart = file(finance, "/ledger/chart.csv")
    assert chart[1] == ["1100", "Manual clearing", "BRL", "0.00", "315.40", "7.70", "307.70", "3"]
    assert chart[2][-2] == "-307.70", "a negative number stays a number"
    trial = file(finance, "/ledger/days/trial-balance.csv?day=2026-11-20")
    assert [row[0] for row in trial[1:]] == ["1100", "2100"]
    rows = file(finance, f"/ledger/accounts/{account(shop, '1100')}.csv")
    assert [(row[2], row[-2], row[-1]) for row in rows[1:]] == [
        ("JE-000003", "-7.70", "307.70"),
        ("JE-000002", "157.70", "315.40"),
        ("JE-000001", "157.70", "157.70"),
    ]
    assert [(row[3], row[-1]) for row in file(finance, "/ledger/entries/3.csv")[1:]] == [
        ("2100", "7.70"),
        ("1100", "-7.70"),
    ]


PATHS = (
    "/ledger/",
    "/ledger/journal",
    "/ledger/days/",
    "/ledger/entries/1",
    "/ledger/chart.csv",
    "/ledger/entries/1.csv",
)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.MANAGER])
@pytest.mark.parametrize("path", PATHS)
def test_the_books_are_for_finance_and_the_owner(admin: Flask, shop: Shop, role: Role, path: str) -> None:
    assert signed_in(admin, shop, role).get(path).status_code == 403


def test_an_account_of_nobody(finance: Browser) -> None:
    assert finance.get(f"/ledger/accounts/{uuid4()}").status_code == 404


def test_days_of_the_address_are_read_with_care(finance: Browser, shop: Shop) -> None:
    clearing = account(shop, "1100")
    for said in ("9999-12-31", "0001-01-01", "x", str(date(2099, 1, 1))):
        assert "307,70" in seen(finance, f"/ledger/?until={said}")
        assert seen(finance, f"/ledger/accounts/{clearing}?until={said}&since={said}")
        assert seen(finance, f"/ledger/days/?day={said}")


def test_in_portuguese(finance: Browser) -> None:
    finance.get("/ledger/", headers={"Accept-Language": "pt-BR"})
    page = finance.get("/ledger/", headers={"Accept-Language": "pt-BR", "Cookie": "language=pt_BR"})
    assert page.status_code == 200


def test_postings_under_way_are_said(finance: Browser, shop: Shop) -> None:
    assert "waits" not in seen(finance, "/ledger/")
    shop.clock.at += timedelta(minutes=-5)
    pay(shop, place(shop))
    shop.clock.at += timedelta(minutes=5)
    for path in ("/ledger/", "/ledger/journal", f"/ledger/accounts/{account(shop, '1100')}"):
        assert "1 posting waits." in seen(finance, path)
