"""Roles decide what is drawn, what is answered, and what the refusal says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask

from adapters.postgres.queries.home import PostgresHomeQueries
from adapters.provisioning import DatabaseAddresses
from admin.access import allows, requires
from admin.context import run
from core.identity.roles import ROLE_PERMISSIONS, Role
from core.shared.errors import Conflict, Invalid, NotFound, PaymentDeclined, Rejected, Unavailable, WriteConflict
from core.shared.permission import permission
from tests.admin.desks import Browser, make_admin, signed_in
from tests.shop import Shop, settings_for

probe = Blueprint("probe", __name__)
REFUSALS: dict[str, tuple[Exception, int]] = {
    "declined": (PaymentDeclined("The bank said no."), 402),
    "missing": (NotFound(), 404),
    "conflict": (Conflict("It is shipped."), 409),
    "stale": (WriteConflict(), 412),
    "invalid": (Invalid("Not so."), 422),
    "rejected": (Rejected("Not today."), 422),
    "unavailable": (Unavailable(), 503),
    "bug": (RuntimeError("the secret of the house"), 500),
}


@probe.get("/probe/money")
@requires("reconciliation.exception.resolve")
def money() -> str:
    return "money"


@permission("reconciliation.exception.resolve")
def resolve(cmd: str, /) -> str:
    return cmd


@probe.get("/probe/unguarded")
def unguarded() -> str:
    """A view that forgot its guard: App.run decides in the end."""
    return run(resolve, "done")


@probe.get("/probe/allows")
def told() -> dict[str, bool]:
    return {"function": allows(resolve), "name": allows("catalog.product.edit")}


@probe.get("/probe/refusal/<name>")
def refusal(name: str) -> str:
    raise REFUSALS[name][0]


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    flask = make_admin(shop, settings_for(database, tmp_path))
    flask.register_blueprint(probe)
    return flask


@pytest.mark.parametrize("role", list(Role))
def test_views_and_use_cases_ask_for_the_same_permission(admin: Flask, shop: Shop, role: Role) -> None:
    browser = signed_in(admin, shop, role)
    allowed = "reconciliation.exception.resolve" in ROLE_PERMISSIONS[role]
    assert allowed == (role in (Role.OWNER, Role.FINANCE))
    for path in ("/probe/money", "/probe/unguarded"):
        answer = browser.get(path)
        assert answer.status_code == (200 if allowed else 403)
        assert ("reconciliation.exception.resolve" in answer.text) is not allowed
    assert browser.get("/probe/allows").get_json() == {
        "function": allowed, "name": role in (Role.OWNER, Role.MANAGER)
    }  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_holds_what_the_role_may_see(admin: Flask, shop: Shop, role: Role) -> None:
    for name, endpoint in (("products", "products.index"), ("exceptions", "exceptions.index")):
        if endpoint not in admin.view_functions:
            screen = Blueprint(name, __name__)
            screen.add_url_rule(f"/{name}", "index", lambda: "")
            admin.register_blueprint(screen)
    page = signed_in(admin, shop, role).get("/").text
    menu = re.search(r'<nav class="areas".*?</nav>', page, re.S)
    assert menu
    assert ("/admin/products" in menu[0]) is ("catalog.product.read" in ROLE_PERMISSIONS[role])
    assert ("/admin/exceptions" in menu[0]) is ("reconciliation.exception.read" in ROLE_PERMISSIONS[role])


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_a_page_with_the_request_id(admin: Flask, shop: Shop, name: str) -> None:
    browser = signed_in(admin, shop)
    answer = browser.get(f"/probe/refusal/{name}", headers={"X-Request-Id": "request-of-mine"})
    error, status = REFUSALS[name]
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "request-of-mine" in answer.text
    assert answer.headers["X-Request-Id"] == "request-of-mine"
    assert "secret of the house" not in answer.text
    if name in ("declined", "conflict", "rejected"):
        assert str(error) in answer.text


def test_wrong_addresses_and_methods_have_pages_too(admin: Flask, shop: Shop) -> None:
    browser = signed_in(admin, shop)
    assert "There is no such page" in browser.get("/nothing").text
    answer = browser.get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_the_error_page_stands_without_the_database(admin: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(admin, shop)

    def broken(*_: Any) -> None:
        raise ConnectionError("no database")

    # The session is the first thing a page looks up; the figures of the menu are the last.
    for adapter, name in ((PostgresHomeQueries, "today"), (type(shop.wired.lookups), "staff_session")):
        monkeypatch.setattr(adapter, name, broken)
        answer = browser.get("/")
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text


def test_pages_carry_a_strict_policy(admin: Flask) -> None:
    answer = Browser(admin).get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style| style=", answer.text)


def test_theme_and_language_go_with_the_person(admin: Flask, shop: Shop) -> None:
    email, password = shop.add_staff(Role.OWNER)
    browser = Browser(admin)
    browser.sign_in(email, password)
    browser.get("/")
    browser.post("/preferences", {"theme": "dark", "back": "/admin/"})
    assert 'data-bs-theme="dark"' in browser.get("/").text
    browser.post("/preferences", {"language": "pt_BR", "back": "/admin/"})
    assert 'lang="pt-BR"' in browser.get("/").text
    elsewhere = Browser(admin)
    elsewhere.sign_in(email, password)
    page = elsewhere.get("/").text
    assert 'data-bs-theme="dark"' in page
    assert 'lang="pt-BR"' in page
