"""What is decided about exceptions on the screen: who may, what is posted, who has to agree, and who comes second."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.reconciliation.use_cases.set_approval_limit import SetApprovalLimit, set_approval_limit
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.settled import exception, settled
from tests.admin.test_payouts import file, reais, seen
from tests.core.reconciliation.provider import Books
from tests.shop import Shop, settings_for

PLANTS = ("amount_over", "fee_mismatch", "missing_internally", "refund_failed", "dispute_opened", "payout_short")


@pytest.fixture
def books(shop: Shop) -> Books:
    return settled(shop, *PLANTS)


@pytest.fixture
def admin(books: Books, shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def finance(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.FINANCE)


@pytest.fixture
def owner(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.OWNER)


def minor(books: Books, kind: str) -> int:
    return next(amount for planted, _reference, amount in books.planted if planted == kind)


def sent(browser: Browser, id_: UUID, do: str = "resolve", **more: str) -> int:
    """Open the exception as a person does, and send what is decided; the answer's status."""
    page = browser.get(f"/exceptions/{id_}?do={do}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    form = {"do": do, "version": version[1] if version else "", "resolution": "As agreed on the phone.", **more}
    return browser.post(f"/exceptions/{id_}", form).status_code


def state(shop: Shop, id_: UUID) -> str:
    return str(shop.sql("SELECT state FROM reconciliation_exceptions WHERE id = :i", i=id_)[0]["state"])


def entries(shop: Shop, id_: UUID) -> dict[str, int]:
    """What was posted about the exception, by account."""
    rows = shop.sql(
        "SELECT a.code, p.amount_minor FROM journal_entries e JOIN postings p ON p.entry_id = e.id"
        " JOIN ledger_accounts a ON a.id = p.account_id WHERE e.key LIKE 'closing_item:' || :i || ':%'",
        i=str(id_),
    )
    return {str(row["code"]): int(row["amount_minor"]) for row in rows}


def test_the_list_is_by_value_at_risk_with_age_kind_and_owner(finance: Browser, books: Books) -> None:
    page = seen(finance, "/exceptions/")
    amounts = sorted((amount for _kind, _reference, amount in books.planted), reverse=True)
    shown = re.findall(r"R\$ ([\d.,]+) Stripe, 0 minutes", page)
    assert shown == [reais(amount) for amount in amounts]
    assert f"R$ {reais(sum(amounts))} at risk in {len(amounts)}" in page
    assert "Look today" in page
    assert "Unassigned" in page
    assert "Up to 1 day" in page


def test_kinds_and_days_narrow_the_list_and_its_file(finance: Browser, books: Books) -> None:
    narrowed = seen(finance, "/exceptions/?kind=fee_mismatch&kind=nonsense")
    assert f"R$ {reais(minor(books, 'fee_mismatch'))} Stripe" in narrowed
    assert f"R$ {reais(minor(books, 'payout_short'))} Stripe" not in narrowed
    assert "Nothing of this kind" in seen(finance, "/exceptions/?since=2020-01-01&until=2020-01-02")
    assert [row[0] for row in file(finance, "/exceptions/exceptions.csv?kind=fee_mismatch")[1:]] == [
        "Fee not as agreed"
    ]
    rows = file(finance, "/exceptions/exceptions.csv")
    assert len(rows) == 1 + len(books.planted)
    assert {row[2] for row in rows[1:]} == {f"{amount / 100:.2f}" for _k, _r, amount in books.planted}


def test_both_sides_and_what_each_decision_posts(finance: Browser, shop: Shop, books: Books) -> None:
    id_ = exception(shop, "amount_over")
    page = seen(finance, f"/exceptions/{id_}?do=write_off")
    amount = reais(minor(books, "amount_over"))
    assert re.search(rf"Difference – R\$ {re.escape(amount)}", page)
    assert re.search(
        rf"6200 Reconciliation differences +{re.escape(amount)} +1100 Provider clearing +{re.escape(amount)}", page
    )
    assert "Balanced" in page
    assert f"Write off R$ {amount}" in page
    explained = seen(finance, f"/exceptions/{id_}?do=nonsense")
    assert "nothing is posted by this decision" in explained


def test_a_write_off_posts_what_was_shown_and_closes(finance: Browser, shop: Shop, books: Books) -> None:
    id_, amount = exception(shop, "amount_over"), minor(books, "amount_over")
    assert sent(finance, id_, "write_off") == 303
    assert state(shop, id_) == "resolved"
    assert entries(shop, id_) == {"6200": -amount, "1100": amount}
    page = seen(finance, f"/exceptions/{id_}")
    assert "wrote it off" in page
    assert "As agreed on the phone." in page


def test_a_write_off_goes_to_the_account_that_was_chosen(finance: Browser, shop: Shop, books: Books) -> None:
    id_, amount = exception(shop, "amount_over"), minor(books, "amount_over")
    assert sent(finance, id_, "write_off", account="9999") == 422
    assert state(shop, id_) == "open"
    assert sent(finance, id_, "write_off", account="4000") == 303
    assert entries(shop, id_) == {"4000": -amount, "1100": amount}


def test_a_fee_has_nothing_open_to_write_off(finance: Browser, shop: Shop) -> None:
    id_ = exception(shop, "fee_mismatch")
    assert "do=write_off" not in finance.get(f"/exceptions/{id_}").text
    assert sent(finance, id_, "write_off") == 303
    assert "Nothing is open of it on the books any more" in finance.get(f"/exceptions/{id_}").text
    assert state(shop, id_) == "open"


def test_of_two_at_once_the_second_is_told(finance: Browser, owner: Browser, shop: Shop) -> None:
    id_ = exception(shop, "amount_over")
    version = re.search(r'name="version"[^>]*value="(\d+)"', owner.get(f"/exceptions/{id_}").text)
    assert version is not None
    assert sent(finance, id_, "write_off") == 303
    late = {"do": "resolve", "version": version[1], "resolution": "Never mind."}
    assert owner.post(f"/exceptions/{id_}", late).status_code == 303
    page = seen(owner, f"/exceptions/{id_}")
    assert "Somebody changed this meanwhile" in page
    assert "Never mind." not in page
    assert len(entries(shop, id_)) == 2


def test_a_figure_that_changed_is_not_decided_about(finance: Browser, shop: Shop) -> None:
    id_ = exception(shop, "fee_mismatch")
    finance.get(f"/exceptions/{id_}")
    stale = {"do": "resolve", "version": "77", "resolution": "As before."}
    assert finance.post(f"/exceptions/{id_}", stale).status_code == 303
    assert "Somebody changed this meanwhile" in finance.get(f"/exceptions/{id_}").text
    assert state(shop, id_) == "open"


def test_above_the_limit_somebody_else_has_to_agree(finance: Browser, owner: Browser, shop: Shop, books: Books) -> None:
    id_, amount = exception(shop, "amount_over"), minor(books, "amount_over")
    shop.run(set_approval_limit, SetApprovalLimit(0))
    page = seen(finance, f"/exceptions/{id_}?do=write_off")
    assert "A second person approves above R$ 0,00" in page
    assert f"Propose R$ {reais(amount)}" in page
    assert sent(finance, id_, "write_off", note="They insist.") == 303
    assert state(shop, id_) == "open"
    assert entries(shop, id_) == {}
    asked = shop.sql("SELECT id FROM approvals")[0]["id"]
    own = seen(finance, f"/exceptions/{id_}")
    assert "You asked for this: somebody else decides." in own
    finance.post(f"/exceptions/{id_}/approvals/{asked}", {"agrees": "yes"})
    assert "somebody else decides" in seen(finance, f"/exceptions/{id_}")
    assert state(shop, id_) == "open"
    assert "They insist." in seen(owner, f"/exceptions/{id_}")
    assert owner.post(f"/exceptions/{id_}/approvals/{asked}", {"agrees": "yes", "answer": "Fine."}).status_code == 303
    assert (state(shop, id_), entries(shop, id_)) == ("resolved", {"6200": -amount, "1100": amount})
    assert "Fine." in seen(owner, f"/exceptions/{id_}")
    owner.post(f"/exceptions/{id_}/approvals/{asked}", {"agrees": "no"})
    assert "Somebody decided this meanwhile" in seen(owner, f"/exceptions/{id_}")


def test_what_is_refused_can_be_asked_for_anew(finance: Browser, owner: Browser, shop: Shop) -> None:
    id_ = exception(shop, "fee_mismatch")
    shop.run(set_approval_limit, SetApprovalLimit(0))
    sent(finance, id_)
    sent(finance, id_)
    assert "Somebody asked for approval already" in finance.get(f"/exceptions/{id_}").text
    listed = seen(owner, "/approvals/")
    assert "Fee not as agreed" in listed
    assert "As agreed on the phone." in listed
    assert "To approve 1" in seen(owner, "/exceptions/?state=to_approve")
    asked = shop.sql("SELECT id FROM approvals")[0]["id"]
    owner.get(f"/exceptions/{id_}")
    owner.post(f"/exceptions/{id_}/approvals/{asked}", {"agrees": "no", "answer": "Claim it first."})
    assert state(shop, id_) == "open"
    assert "Claim it first." in seen(owner, "/approvals/?view=decided")
    assert [row[2] for row in file(owner, "/approvals/approvals.csv?view=decided")[1:]] == ["Refused"]
    assert "Nothing waits for approval" in seen(owner, "/approvals/")
    assert sent(finance, id_) == 303
    assert len(shop.sql("SELECT 1 FROM approvals")) == 2


def test_hand_on_one_and_many(finance: Browser, shop: Shop) -> None:
    one, other = exception(shop, "amount_over"), exception(shop, "fee_mismatch")
    people = dict(re.findall(r'<option value="([0-9a-f-]{36})">([^<]+)<', finance.get(f"/exceptions/{one}").text))
    assert "Finance Example" in people.values()
    me = next(id_ for id_, name in people.items() if name == "Finance Example")
    assert finance.post(f"/exceptions/{one}/owner", {"owner": me}).status_code == 303
    assert "Finance Example works on it" in seen(finance, f"/exceptions/{one}")
    assert finance.post(f"/exceptions/{one}/owner", {"owner": str(uuid4())}).status_code == 422
    finance.get("/exceptions/")
    sent(finance, other)
    finance.get("/exceptions/")
    chosen = [str(one), str(other), str(uuid4())]
    assert finance.post("/exceptions/owner", {"ids": chosen, "owner": me, "back": "//evil.example"}).status_code == 303
    page = seen(finance, "/exceptions/?state=mine")
    assert "2 were explained meanwhile and left alone." in page
    assert "1 exception was handed on." in page
    for nothing in ({}, {"ids": ["x"]}):
        finance.post("/exceptions/owner", {**nothing, "owner": me})
        assert "Select exceptions first" in seen(finance, "/exceptions/")
    finance.post(f"/exceptions/{one}/owner", {"owner": ""})
    assert "Nobody works on it now" in seen(finance, f"/exceptions/{one}")


def test_people_of_another_store_are_no_choice(
    finance: Browser, shop: Shop, database: DatabaseAddresses, tmp_path: Path
) -> None:
    from tests.shop import open_shop

    other = open_shop(database, tmp_path / "other")
    other.add_staff(Role.FINANCE)
    stranger = other.sql("SELECT staff_id FROM memberships")[0]["staff_id"]
    other.wired.engines.dispose()
    id_ = exception(shop, "fee_mismatch")
    assert str(stranger) not in finance.get(f"/exceptions/{id_}").text
    assert finance.post(f"/exceptions/{id_}/owner", {"owner": str(stranger)}).status_code == 422


def test_comments_and_opening_again(finance: Browser, shop: Shop) -> None:
    id_ = exception(shop, "fee_mismatch")
    finance.get(f"/exceptions/{id_}")
    finance.post(f"/exceptions/{id_}/comments", {"body": "Asked their support <b>twice</b>."})
    assert "&lt;b&gt;twice" in finance.get(f"/exceptions/{id_}").text
    finance.post(f"/exceptions/{id_}/comments", {"body": "  "})
    assert "Write a comment" in finance.get(f"/exceptions/{id_}").text
    finance.post(f"/exceptions/{id_}/reopen", {"reason": "Why not"})
    assert "It is open already" in finance.get(f"/exceptions/{id_}").text
    sent(finance, id_)
    finance.get(f"/exceptions/{id_}")
    empty = finance.post(f"/exceptions/{id_}/reopen", {"reason": " "})
    assert (empty.status_code, "Say why it is opened again." in empty.text) == (422, True)
    assert finance.post(f"/exceptions/{id_}/reopen", {"reason": "They took it back"}).status_code == 303
    assert state(shop, id_) == "open"
    assert "They took it back" in finance.get(f"/exceptions/{id_}").text


def test_candidates_say_what_speaks_for_them(finance: Browser, shop: Shop, books: Books) -> None:
    amount, id_ = minor(books, "missing_internally"), exception(shop, "missing_internally")
    assert "No payment of this account comes near it" in seen(finance, f"/exceptions/{id_}")
    books.put_payment(shop.wired.ids.new(), "pix", amount, 0, "expired", "pi_candidate", books.start)
    page = seen(finance, f"/exceptions/{id_}")
    assert re.search(r"65 .*same amount .*same day .*same method .*came to nothing", page)


def test_who_may_decide(admin: Flask, shop: Shop) -> None:
    support = signed_in(admin, shop, Role.SUPPORT)
    id_ = exception(shop, "fee_mismatch")
    page = support.get(f"/exceptions/{id_}").text
    assert "Both sides" in page
    for word in ('name="resolution"', 'name="body"', "Hand on", 'name="ids"'):
        assert word not in page
    support.get("/")
    for path in ("", "/comments", "/reopen", "/owner", f"/approvals/{uuid4()}"):
        assert support.post(f"/exceptions/{id_}{path}", {"owner": "", "body": "x"}).status_code == 403
    assert support.post("/exceptions/owner", {"ids": [str(id_)]}).status_code == 403


def test_what_is_not_there(finance: Browser, shop: Shop) -> None:
    finance.get("/exceptions/")
    for path in ("", "/comments", "/reopen", "/owner", f"/approvals/{uuid4()}"):
        sent_ = {"resolution": "x", "body": "x", "reason": "x", "owner": ""}
        assert finance.post(f"/exceptions/{uuid4()}{path}", sent_).status_code == 404
        finance.get("/exceptions/")
    assert finance.post(f"/exceptions/{exception(shop, 'fee_mismatch')}", {}, token="no").status_code == 400
