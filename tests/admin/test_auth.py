"""Sign-in to the back office: sessions that are renewed, end, pause and cannot be forged."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.model import digest
from core.identity.roles import Role
from core.identity.use_cases.create_staff import CreateStaff, create_staff
from core.shared.context import CallContext, Job
from tests.addresses import new_address
from tests.admin.desks import COOKIE, Browser, make_admin, signed_in
from tests.shop import PASSWORD, Shop, open_shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def other_shop(database: DatabaseAddresses, tmp_path: Path) -> Iterator[Shop]:
    opened = open_shop(database, tmp_path)
    yield opened
    opened.wired.engines.dispose()


@pytest.mark.parametrize("path", ["/", "/stores", "/nothing-here"])
def test_everything_needs_a_session(admin: Flask, path: str) -> None:
    answer = Browser(admin).get(path)
    if path == "/nothing-here":
        assert answer.status_code == 404
        return
    assert answer.status_code == 303
    assert answer.location.startswith("/admin/sign-in")


def test_every_endpoint_but_a_few_redirects_strangers(admin: Flask) -> None:
    seen = 0
    for rule in admin.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint == "auth.sign_in":
            continue
        answer = Browser(admin).get(rule.rule)
        assert (rule.endpoint, answer.status_code) == (rule.endpoint, 303)
        assert answer.location.startswith("/admin/sign-in")
        seen += 1
    assert seen >= 2


def test_sign_in_shows_the_home_page_of_the_store(admin: Flask, shop: Shop) -> None:
    browser = Browser(admin)
    email, password = shop.add_staff(Role.OWNER)
    answer = browser.sign_in(email, password)
    assert (answer.status_code, answer.location) == (303, "/admin/")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in (f"{COOKIE}=", "HttpOnly", "SameSite=Lax", "Path=/admin"))
    assert "Expires" not in cookie
    page = browser.get("/")
    assert page.status_code == 200
    assert "Casa Ipê" in page.text
    assert "Owner" in page.text


def test_staying_signed_in_keeps_the_cookie_for_14_days(admin: Flask, shop: Shop) -> None:
    browser = Browser(admin)
    answer = browser.sign_in(*shop.add_staff(Role.OWNER), remember="y")
    assert "Expires" in answer.headers["Set-Cookie"]
    with shop.wired.engines.platform.connect() as connection:
        days = connection.exec_driver_sql(
            "SELECT extract(day FROM expires_at - created_at) FROM staff_sessions ORDER BY created_at DESC LIMIT 1"
        ).scalar_one()
    assert days == 14


def test_signing_in_leads_to_where_one_wanted_to_go_and_nowhere_else(admin: Flask, shop: Shop) -> None:
    email, password = shop.add_staff(Role.OWNER)
    for wanted, location in (
        ("/stores?a=1", "/admin/stores?a=1"), ("//evil.example", "/admin/"), ("https://evil.example", "/admin/"),
        ("/\\evil.example", "/admin/"), ("/\t/evil.example", "/admin/"),
    ):  # fmt: skip
        browser = Browser(admin)
        browser.get("/sign-in")
        answer = browser.client.post(
            "/admin/sign-in",
            query_string={"next": wanted},
            data={"email": email, "password": password, "csrf_token": browser.token},
        )
        assert (wanted, answer.location) == (wanted, location)


def test_a_wrong_password_keeps_the_address_and_counts_down(admin: Flask, shop: Shop) -> None:
    email, _password = shop.add_staff(Role.OWNER)
    browser = Browser(admin)
    answer = browser.sign_in(email, "wrong")
    assert answer.status_code == 401
    assert "4 tries left, then 15 minutes pause" in answer.text
    assert f'value="{email}"' in answer.text
    assert "wrong" not in answer.text.split("</form>")[0].split("password")[-1]


def test_five_wrong_passwords_pause_sign_in_even_with_the_right_one(admin: Flask, shop: Shop) -> None:
    email, password = shop.add_staff(Role.OWNER)
    browser = Browser(admin)
    assert [browser.sign_in(email, "wrong").status_code for _ in range(5)] == [401] * 5
    paused = browser.sign_in(email, password)
    assert paused.status_code == 429
    assert "15 minutes" in paused.text
    assert int(paused.headers["Retry-After"]) <= 901


def test_the_right_password_forgets_the_wrong_ones(admin: Flask, shop: Shop) -> None:
    email, password = shop.add_staff(Role.OWNER)
    address = new_address()
    for _ in range(2):
        assert [Browser(admin, address).sign_in(email, "wrong").status_code for _ in range(4)] == [401] * 4
        assert Browser(admin, address).sign_in(email, password).status_code == 303


def test_wrong_passwords_from_elsewhere_lock_nobody_out(admin: Flask, shop: Shop) -> None:
    email, password = shop.add_staff(Role.OWNER)
    elsewhere = Browser(admin)
    assert [elsewhere.sign_in(email, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert Browser(admin).sign_in(email, password).status_code == 303


def test_nobodys_account_is_answered_in_the_same_words(admin: Flask, shop: Shop) -> None:
    """Down to the pause: byte for byte but for the address typed and what is new in every form."""
    told = []
    for email in (shop.add_staff(Role.OWNER)[0], "y@example.com"):
        browser = Browser(admin)
        for _ in range(6):
            answer = browser.sign_in(email, "wrong")
            lines = answer.text.replace(email, "x@example.com").splitlines()
            told.append((answer.status_code, [line for line in lines if "csrf" not in line]))
    assert told[:6] == told[6:]
    assert [status for status, _lines in told[:6]] == [401] * 5 + [429]


def test_signing_in_renews_the_session(admin: Flask, shop: Shop) -> None:
    email, password = shop.add_staff(Role.OWNER)
    browser = Browser(admin)
    browser.get("/sign-in")
    before = browser.cookie
    planted = browser.token
    browser.post("/sign-in", {"email": email, "password": password})
    first = browser.cookie
    assert first not in ("", before)
    # The token of before sign-in is worthless now: whoever planted the cookie knows it.
    assert browser.post("/sign-out", token=planted).status_code == 400
    browser.get("/")
    browser.post("/sign-in", {"email": email, "password": password})
    assert browser.cookie != first
    stale = Browser(admin)
    stale.client.set_cookie(COOKIE, first, path="/admin")
    assert stale.get("/").status_code == 303


def test_signing_out_makes_copies_of_the_cookie_worthless(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    copy = browser.cookie
    assert browser.post("/sign-out").location == "/admin/sign-in"
    assert browser.get("/").status_code == 303
    thief = Browser(admin)
    thief.client.set_cookie(COOKIE, copy, path="/admin")
    assert thief.get("/").status_code == 303


def test_a_session_that_ran_out_is_worthless(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    with shop.wired.engines.platform.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_sessions SET expires_at = created_at")
    assert browser.get("/").status_code == 303


def test_a_disabled_person_is_out_at_once(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    with shop.wired.engines.platform.begin() as connection:
        connection.exec_driver_sql("UPDATE staff SET enabled = false")
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("token", ["", "forged"])
def test_forms_need_their_token(admin: Flask, shop: Shop, token: str) -> None:
    browser = signed_in(admin, shop)
    for path in ("/sign-out", "/store", "/preferences", "/sign-in"):
        answer = browser.post(path, token=token)
        assert (path, answer.status_code) == (path, 400)
        assert "Nothing was changed" in answer.text
    assert browser.get("/").status_code == 200


def test_a_cookie_that_is_not_ours(admin: Flask) -> None:
    browser = Browser(admin)
    browser.client.set_cookie(COOKIE, "eyJfdXNlcl9pZCI6ICJ4In0.forged.signature", path="/admin")
    assert browser.get("/").status_code == 303


def test_the_row_keeps_only_the_digest(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    serializer = admin.session_interface.get_signing_serializer(admin)  # type: ignore[attr-defined]
    secret = serializer.loads(browser.cookie)["_user_id"]
    with shop.wired.engines.platform.connect() as connection:
        hashes = connection.exec_driver_sql("SELECT token_hash FROM staff_sessions").scalars().all()
    assert digest(secret) in [bytes(found) for found in hashes]
    assert secret.encode() not in [bytes(found) for found in hashes]


def test_somebody_of_two_stores_chooses_and_changes(admin: Flask, shop: Shop, other_shop: Shop) -> None:
    email = f"two-{secrets.token_hex(4)}@example.com"
    command = CreateStaff(
        email, "Júlia Prado", PASSWORD, ((shop.store_id, Role.OWNER), (other_shop.store_id, Role.SUPPORT))
    )
    shop.wired.app.run(create_staff, command, CallContext(None, Job("test"), "test-request"))
    browser = Browser(admin)
    browser.sign_in(email, PASSWORD)
    assert browser.get("/").location == "/admin/stores"
    page = browser.get("/stores")
    assert page.text.count("Casa Ipê") >= 2
    assert browser.post("/store", {"store": str(shop.store_id)}).status_code == 303
    assert browser.get("/").status_code == 200
    assert browser.post("/store", {"store": str(other_shop.store_id)}).status_code == 303
    entries = other_shop.sql("SELECT actor_label FROM activity WHERE action = 'identity.choose_store'")
    assert [entry["actor_label"] for entry in entries] == ["Júlia Prado"]


@pytest.mark.parametrize("store", ["", "no uuid", "01900000-0000-7000-8000-000000000000"])
def test_a_foreign_store_is_not_there(admin: Flask, shop: Shop, store: str) -> None:
    browser = signed_in(admin, shop)
    assert browser.post("/store", {"store": store}).status_code == 404
    assert browser.get("/").status_code == 200


def test_sign_in_and_out_stand_in_the_stores_activity(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    browser.post("/sign-out")
    rows = shop.sql(
        "SELECT action, actor_label FROM activity WHERE action LIKE 'identity.sign%' ORDER BY occurred_at, id"
    )
    assert [(row["action"], row["actor_label"]) for row in rows] == [
        ("identity.sign_in_staff", "Owner Example"), ("identity.sign_out_staff", "Owner Example")
    ]  # fmt: skip


def test_a_nul_is_refused_before_anything_reads_it(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    assert browser.get("/?q=%00").status_code == 400
    assert browser.post("/store", {"store": "\x00"}).status_code == 400
    assert Browser(admin).sign_in("a\x00@example.com", "x").status_code == 400
