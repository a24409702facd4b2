"""Payouts on the screen: the list, one explained to the cent with its lines, its report, each as a file."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.settled import payout, settled
from tests.core.reconciliation.provider import Books
from tests.shop import Shop, settings_for

PLANTS = ("amount_over", "fee_mismatch", "missing_internally", "unexpected_adjustment", "payout_short")


@pytest.fixture
def books(shop: Shop) -> Books:
    return settled(shop, *PLANTS)


@pytest.fixture
def admin(books: Books, shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def finance(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.FINANCE)


def seen(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, page.status
    words = html.unescape(re.sub(r"<[^>]+>", " ", page.text.split("<main")[1]))
    return re.sub(r"\s+", " ", words).replace("\xa0", " ")


def file(browser: Browser, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def reais(minor: int) -> str:
    whole, cents = divmod(abs(minor), 100)
    text = f"{whole:,},{cents:02}".replace(",", ".", f"{whole:,}".count(","))
    return f"({text})" if minor < 0 else text


def test_the_list_has_every_payout_with_its_remainder(finance: Browser, books: Books) -> None:
    page = seen(finance, "/payouts/")
    short = next(minor for kind, _reference, minor in books.planted if kind == "payout_short")
    for told in books.payouts:
        assert told.reference in page
        assert reais(told.amount.minor) in page
    assert reais(-short) in page
    assert page.count("to decide") >= 1


def test_days_and_account_narrow_the_list(finance: Browser, books: Books) -> None:
    arrival = books.payouts[0].arrival_on
    assert books.payouts[0].reference in seen(finance, f"/payouts/?since={arrival}&until={arrival}")
    assert "No payout arrived in these days" in seen(finance, "/payouts/?since=2020-01-01&until=2020-01-31")
    turned = seen(finance, f"/payouts/?since=2030-01-01&until={arrival}")
    assert books.payouts[0].reference in turned, "a span that runs back is turned"
    assert books.payouts[0].reference in seen(finance, f"/payouts/?account={books.account}")
    assert "No payout arrived" in seen(finance, f"/payouts/?account={uuid4()}")
    for nonsense in ("since=x&until=99", "account=nobody", "since=0001-01-01"):
        assert books.payouts[0].reference in seen(finance, f"/payouts/?{nonsense}")


def test_a_payout_is_explained_to_the_cent(finance: Browser, books: Books, shop: Shop) -> None:
    for told in books.payouts:
        id_ = shop.sql("SELECT id FROM payouts WHERE reference = :r", r=told.reference)[0]["id"]
        rows = file(finance, f"/payouts/{id_}.csv")
        lines = [line for line in books.lines if line.payout_reference == told.reference]
        assert {row[0] for row in rows[1:]} == {line.external_id for line in lines}
        net = sum(line.net.minor for line in lines)
        assert sum(round(float(row[8]) * 100) for row in rows[1:]) == net
        page = seen(finance, f"/payouts/{id_}")
        assert f"Stripe lists R$ {reais(net)}" in page
        assert f"Stripe paid out R$ {reais(told.amount.minor)}" in page
        remainder = told.amount.minor - net
        assert re.search(
            rf"Remainder nobody can name {re.escape(reais(remainder))} 0,00 {re.escape(reais(remainder))}", page
        )
        assert f"Net, paid out {len(lines)} {reais(told.amount.minor)}" in page


def test_lines_stand_side_by_side_with_what_to_decide_first(finance: Browser, shop: Shop, books: Books) -> None:
    id_ = payout(shop)
    everything = seen(finance, f"/payouts/{id_}")
    undecided = seen(finance, f"/payouts/{id_}?which=undecided")
    matched = seen(finance, f"/payouts/{id_}?which=matched")
    counted = re.search(r"All (\d+) To decide (\d+) Matched (\d+)", everything)
    assert counted is not None
    assert len(re.findall(r"txnx?_s1_", undecided)) == int(counted[2]) > 0
    assert int(counted[1]) == len(re.findall(r"txnx?_s1_", everything))
    assert "Provider's reference" in matched
    assert seen(finance, f"/payouts/{id_}?which=nonsense") == everything


def test_pages_of_lines_follow_one_another(finance: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.payouts._PAGE", 3)
    path, found = f"/payouts/{payout(shop)}", set()
    whole = len(file(finance, f"/payouts/{payout(shop)}.csv")) - 1
    while path:
        text = finance.get(path).text
        found |= set(re.findall(r'<code title="(txn\w+)"', text))
        older = re.search(r'rel="next" href="([^"]*)"', text)
        path = older[1].replace("&amp;", "&").removeprefix("/admin").partition("#")[0] if older else ""
    assert len(found) == whole


def test_the_report_has_every_line_and_no_way_to_decide(finance: Browser, shop: Shop, books: Books) -> None:
    id_ = payout(shop)
    answer = finance.get(f"/payouts/{id_}/report")
    main = answer.text.split("<main")[1]
    assert answer.status_code == 200
    assert "data-print" in main
    assert "<form" not in main.partition("paper-foot")[0].replace('<form class="menu', "")
    rows = file(finance, f"/payouts/{id_}.csv")
    assert all(row[0] in main for row in rows[1:])
    assert "Casa Ipê, po_" in main


def test_a_long_report_says_what_is_in_the_file(finance: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.payouts._ON_PAPER", 2)
    monkeypatch.setattr("admin.payouts.MAX_LIMIT", 2)
    assert re.search(r"\d+ more lines are in the file", seen(finance, f"/payouts/{payout(shop)}/report"))


def test_entries_lead_to_the_books(finance: Browser, shop: Shop) -> None:
    text = finance.get(f"/payouts/{payout(shop)}").text
    found = re.search(r'href="/admin/ledger/entries/(\d+)"', text)
    assert found is not None
    assert "1110 Payouts in transit" in text
    assert finance.get(f"/ledger/entries/{found[1]}").status_code == 200


def test_what_is_not_there(finance: Browser) -> None:
    for path in (f"/payouts/{uuid4()}", f"/payouts/{uuid4()}.csv", f"/payouts/{uuid4()}/report", "/payouts/x"):
        assert finance.get(path).status_code == 404
    assert finance.get("/payouts/?cursor=nonsense").status_code == 422


def test_a_file_of_the_list_has_machines_numbers(finance: Browser, books: Books) -> None:
    rows = file(finance, "/payouts/payouts.csv")
    assert len(rows) == 1 + len(books.payouts)
    by_reference = {row[0]: row for row in rows[1:]}
    for told in books.payouts:
        row = by_reference[told.reference]
        assert row[12] == f"{told.amount.minor / 100:.2f}"
        assert round(float(row[11]) * 100) + round(float(row[13]) * 100) == told.amount.minor


@pytest.mark.parametrize(
    ("role", "starts"), [(Role.OWNER, True), (Role.FINANCE, True), (Role.SUPPORT, False), (Role.MANAGER, False)]
)
def test_what_a_role_sees(admin: Flask, shop: Shop, role: Role, starts: bool) -> None:
    browser = signed_in(admin, shop, role)
    page = browser.get(f"/payouts/{payout(shop)}")
    assert page.status_code == 200
    assert ("Match again" in page.text) is starts
    assert ("/ledger/entries/" in page.text) is starts
    for path in ("/payouts/", "/settlements/unpaid", "/settlements/fees", "/reconciliation/", "/approvals/"):
        assert browser.get(path).status_code == 200


def test_finance_edits_no_product(finance: Browser) -> None:
    assert finance.get("/products/new").status_code == 403


def test_no_payout_says_what_the_page_is_for(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> None:
    browser = signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.FINANCE)
    assert "Every payout lands here" in seen(browser, "/payouts/")
    assert "Nothing was compared yet" in seen(browser, "/reconciliation/")
    assert "Everything is paid out" in seen(browser, "/settlements/unpaid")
    assert "No provider to ask" in seen(browser, "/reconciliation/")
