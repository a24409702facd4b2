"""The mailbox: what was written to whom, the letter in a frame that can do nothing."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from admin.messages import LETTER_POLICY
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.core.messages.test_confirmation import confirm, place
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def browser(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.SUPPORT)


def test_an_empty_mailbox_says_what_it_is_for(browser: Browser) -> None:
    assert "Every message to customers lands here" in browser.get("/messages/").text


def test_a_confirmation_is_listed_and_shown_in_both_forms(browser: Browser, shop: Shop) -> None:
    message = confirm(shop, place(shop))
    listed = browser.get("/messages/").text
    assert message.subject in listed
    assert "Waiting" in listed
    page = browser.get(f"/messages/{message.id}").text
    assert f'src="/admin/messages/{message.id}/letter" sandbox=""' in page
    assert "Order confirmation" in page
    assert "Caneca Barro" not in page
    assert "Caneca Barro 300 ml" in browser.get(f"/messages/{message.id}?text=1").text


def test_the_letter_comes_alone_and_may_do_nothing(browser: Browser, shop: Shop) -> None:
    message = confirm(shop, place(shop))
    letter = browser.get(f"/messages/{message.id}/letter")
    assert letter.text == message.html
    assert letter.headers["Content-Security-Policy"] == LETTER_POLICY
    assert "script-src" not in LETTER_POLICY
    assert "default-src 'none'" in LETTER_POLICY
    assert LETTER_POLICY.endswith("; sandbox")
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" in browser.get("/messages/").headers["Content-Security-Policy"]


def test_messages_are_found_by_the_whole_address(browser: Browser, shop: Shop) -> None:
    message = confirm(shop, place(shop))
    assert message.subject in browser.get("/messages/?q=maria@example.com").text
    other = browser.get("/messages/?q=maria").text
    assert message.subject not in other
    assert "No message to this address" in other


def test_what_is_not_there_is_not_found(browser: Browser) -> None:
    for path in (f"/messages/{uuid4()}", f"/messages/{uuid4()}/letter", "/messages/nonsense"):
        assert browser.get(path).status_code == 404
    assert browser.get("/messages/?cursor=nonsense").status_code == 422
