"""What is not paid out yet by age, fees by method, comparisons and asking for one."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.settled import compare, settled
from tests.admin.test_payouts import file, reais, seen
from tests.core.reconciliation.provider import CONTRACTS, Books
from tests.shop import Shop, settings_for


@pytest.fixture
def books(shop: Shop) -> Books:
    return settled(shop, "fee_mismatch", "missing_internally")


@pytest.fixture
def finance(books: Books, shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.FINANCE)


def test_what_is_not_paid_out_adds_up(finance: Browser, books: Books) -> None:
    waiting = [line for line in books.lines if line.payout_reference is None]
    page = seen(finance, "/settlements/unpaid")
    assert f"R$ {reais(sum(line.net.minor for line in waiting))}" in page
    rows = file(finance, "/settlements/unpaid.csv")[1:]
    assert sum(int(row[3]) for row in rows) == len(waiting)
    assert sum(round(float(row[7]) * 100) for row in rows) == sum(line.net.minor for line in waiting)


def test_lines_grow_old(finance: Browser, shop: Shop) -> None:
    assert "2 to 7 days" in seen(finance, "/settlements/unpaid")
    shop.clock.at += timedelta(days=40)
    assert "31 days and more" in seen(finance, "/settlements/unpaid")
    assert "2 to 7 days" not in seen(finance, "/settlements/unpaid")


def test_fees_by_method_stand_beside_the_contract(finance: Browser, books: Books) -> None:
    rows = file(finance, "/settlements/fees.csv?since=2020-01-01")[1:]
    fees = sum(line.fee.minor for line in books.lines if line.category == "charge")
    assert sum(round(float(row[5]) * 100) for row in rows) == fees
    assert {row[1] for row in rows} <= {"Card", "Pix", "Boleto"}
    assert len(rows) == len(CONTRACTS)
    page = seen(finance, "/settlements/fees?since=2020-01-01")
    assert "By contract" in page
    assert re.search(r"Boleto \d+ [\d.,]+ [\d.,]+ [\d,]+ %", page)
    assert "No fee was kept in these days" in seen(finance, "/settlements/fees?since=2020-01-01&until=2020-01-02")
    assert finance.get("/settlements/fees?since=2099-01-01").status_code == 200


def test_comparisons_say_what_they_found(finance: Browser, shop: Shop, books: Books) -> None:
    compare(shop, books.account, dry_run=True)
    page = seen(finance, "/reconciliation/")
    assert "dry run" in page
    assert "1 Fee not as agreed" in page
    assert "1 Not in our books" in page
    rows = file(finance, "/reconciliation/runs.csv")
    assert [row[5] for row in rows[1:]] == ["yes", "no"]
    assert int(rows[2][8]) == len(books.lines)
    assert "Nothing was compared in these days" in seen(finance, "/reconciliation/?since=2020-01-01&until=2020-01-02")


@pytest.mark.parametrize("dry", [True, False])
def test_a_comparison_is_asked_for(finance: Browser, shop: Shop, books: Books, dry: bool) -> None:
    shop.clock.at += timedelta(minutes=1)
    finance.get("/reconciliation/")
    asked = {"account": str(books.account), **({"dry_run": "yes"} if dry else {})}
    answer = finance.post("/reconciliation/", asked)
    assert answer.status_code == 303
    told = shop.sql("SELECT payload FROM outbox WHERE name = 'reconciliation.run_requested.v1'")
    assert [row["payload"]["dry_run"] for row in told] == [dry]
    watched = finance.get(answer.headers["Location"].removeprefix("/admin")).text
    assert "data-refresh" in watched, "the page looks again until it stands there"
    shop.clock.at += timedelta(minutes=3)
    assert "data-refresh" not in finance.get(answer.headers["Location"].removeprefix("/admin")).text


def test_a_comparison_of_nothing(finance: Browser) -> None:
    for account in ("", "x", str(uuid4())):
        finance.get("/reconciliation/")
        assert finance.post("/reconciliation/", {"account": account}).status_code == 404
    for asked in ("x", "2026-01-01", "2026-01-01T00:00:00"):
        assert finance.get(f"/reconciliation/?asked={asked}").status_code == 200


def test_support_looks_and_starts_nothing(
    books: Books, shop: Shop, database: DatabaseAddresses, tmp_path: Path
) -> None:
    admin: Flask = make_admin(shop, settings_for(database, tmp_path))
    support = signed_in(admin, shop, Role.SUPPORT)
    assert "Run now" not in support.get("/reconciliation/").text
    assert support.post("/reconciliation/", {"account": str(books.account)}).status_code == 403
