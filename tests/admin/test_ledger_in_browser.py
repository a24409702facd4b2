"""The books as a browser sees them: axe in both themes, and no sideways scroll on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from tests.admin.desks import make_admin
from tests.admin.order_desk import place
from tests.browser import chromium
from tests.core.ledger.books import deliver
from tests.core.ledger.test_days import FRIDAY, NOON, close
from tests.core.ledger.test_facts import give_back, pay
from tests.shop import Shop, open_shop, settings_for

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A back office that answers on loopback, with four days of trade, the first of them closed."""

    address: str
    login: tuple[str, str]
    account: str

    @property
    def pages(self) -> dict[str, str]:
        return {
            "chart": "/admin/ledger/",
            "account": f"/admin/ledger/accounts/{self.account}",
            "open": f"/admin/ledger/accounts/{self.account}?view=open",
            "entry": "/admin/ledger/entries/3",
            "journal": "/admin/ledger/journal",
            "day": "/admin/ledger/days/",
            "closed": "/admin/ledger/days/?day=2026-11-20",
        }

    def open(self, chromium: Browser, width: int, theme: str) -> BrowserContext:
        """A browser in which somebody of finance is signed in."""
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]  # light or dark
            base_url=self.address,
            locale="en",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto("/admin/sign-in")
        page.get_by_label("E-mail").fill(self.login[0])
        page.get_by_label("Password", exact=True).fill(self.login[1])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/")
        return context


def trade(shop: Shop) -> None:
    """Four days of captures and refunds; the first day is closed, one posting waits."""
    for day in range(4):
        shop.clock.at = NOON + timedelta(days=day)
        for nth in range(3):
            shop.clock.at += timedelta(minutes=47)
            order = place(shop)
            pay(shop, order)
            if nth == 1:
                give_back(shop, order, 1234 + day)
        deliver(shop)
        if day == 1:
            close(shop, FRIDAY)
    pay(shop, place(shop))


@pytest.fixture(scope="module")
def desk(database: DatabaseAddresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("books")
    shop = open_shop(database, folder)
    trade(shop)
    admin = make_admin(shop, settings_for(database, folder))
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(admin, {"/admin": admin}), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    clearing = str(shop.sql("SELECT id FROM ledger_accounts WHERE code = '1100'")[0]["id"])
    yield Desk(f"http://127.0.0.1:{server.server_port}", shop.add_staff(Role.FINANCE), clearing)
    server.shutdown()
    thread.join()
    server.server_close()
    shop.wired.engines.dispose()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium: Browser, desk: Desk, theme: str, width: int) -> None:
    found = []
    with desk.open(chromium, width, theme) as context:
        page = context.pages[0]
        for name, path in desk.pages.items():
            page.goto(path)
            violations = Axe().run(page).response["violations"]
            found += [(name, v["id"], [node["html"][:160] for node in v["nodes"]]) for v in violations]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((name, "scrolls sideways", []))
    assert found == []
