"""Menu, language, theme, assets and headers of the frame around every screen."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from admin.desk import Person
from admin.navigation import NAVIGATION
from admin.security import HEADERS
from core.identity.roles import EVERY_PERMISSION
from tests.admin.gallery import everybody, gallery_app


@pytest.fixture
def client() -> FlaskClient:
    app = gallery_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def _menu(client: FlaskClient, path: str = "/gallery") -> list[str]:
    page = client.get(path).text
    nav = page[page.index('id="areas"') :].partition("</nav>")[0]
    return re.findall(r'<span class="word">([^<]+)</span>', nav)


def test_the_menu_shows_what_exists(client: FlaskClient) -> None:
    assert _menu(client) == ["Home", "Orders", "Products", "Finance"]


def test_the_menu_shows_what_the_person_may_see() -> None:
    person = Person("Ana Lopes", everybody().permissions - {"orders.order.read"})
    assert _menu(gallery_app(person).test_client()) == ["Home", "Products", "Finance"]


def test_sub_items_open_in_their_area_and_the_current_page_is_marked(client: FlaskClient) -> None:
    assert "Imports" in _menu(client, "/products/")
    page = client.get("/imports/").text
    assert re.search(r'class="sub" href="/imports/" aria-current="page"', page)


def test_counts_wait_in_the_menu_and_money_at_risk_is_red(client: FlaskClient) -> None:
    page = client.get("/gallery").text
    assert '<span class="count">48</span>' in page
    assert '<span class="count t-crit">9</span>' in page


def test_the_menu_asks_for_permissions_that_roles_can_hold() -> None:
    items = [item for group in NAVIGATION for one in group for item in (one, *one.children)]
    assert {item.permission for item in items} - {None} <= EVERY_PERMISSION
    jumps = [item.jump for item in items if item.jump]
    assert len(jumps) == len(set(jumps))


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/gallery", "/login", "/nowhere"):
        headers = client.get(path).headers
        assert HEADERS.items() <= dict(headers).items()
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_an_asset_is_kept_for_a_year_under_its_hash_and_not_under_another(client: FlaskClient) -> None:
    href = re.findall(r'href="(/assets/[0-9a-f]+/admin\.css)"', client.get("/gallery").text)[0]
    answer = client.get(href, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert client.get("/assets/0000/admin.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/0000/secrets.json").status_code == 404


def test_the_theme_comes_from_the_cookie(client: FlaskClient) -> None:
    assert 'data-bs-theme="system"' in client.get("/gallery").text
    answer = client.post("/preferences", data={"theme": "dark", "back": "/gallery?view=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gallery?view=1")
    assert 'data-bs-theme="dark"' in client.get("/gallery").text
    client.post("/preferences", data={"theme": "plaid"})
    assert 'data-bs-theme="dark"' in client.get("/gallery").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_preferences_never_lead_elsewhere(client: FlaskClient, back: str) -> None:
    assert client.post("/preferences", data={"theme": "dark", "back": back}).headers["Location"] == "/"


def test_the_language_is_chosen_apart_from_the_region(client: FlaskClient) -> None:
    english = client.get("/gallery", headers={"Accept-Language": "de"}).text
    assert '<html lang="en"' in english
    assert "R$\xa0643,77" in english
    assert '<html lang="pt-BR"' in client.get("/gallery", headers={"Accept-Language": "pt-PT"}).text
    client.post("/preferences", data={"language": "pt_BR"})
    assert '<html lang="pt-BR"' in client.get("/gallery", headers={"Accept-Language": "en"}).text


def test_preferences_need_the_csrf_token() -> None:
    assert gallery_app().test_client().post("/preferences", data={"theme": "dark"}).status_code == 400
