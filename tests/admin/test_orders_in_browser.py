"""Orders and exceptions as a browser sees them: axe in both themes, phones, dialogs, figures that follow the typing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.orders.use_cases.add_note import AddNote, add_note
from core.reconciliation.model import ExceptionKind
from tests.admin.desks import make_admin
from tests.admin.order_desk import cancelled, fresh, odd, paid, place, refunded
from tests.browser import chromium
from tests.shop import Shop, open_shop, settings_for

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A back office that answers on loopback, with an order in every story."""

    shop: Shop
    address: str
    login: tuple[str, str]
    pages: tuple[str, ...]

    def open(
        self, chromium: Browser, width: int = 1440, theme: str = "light", *, script: bool = True
    ) -> BrowserContext:
        """A browser in which the owner is signed in."""
        size = {"width": width, "height": 900}
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]  # a ViewportSize
            color_scheme=theme,  # type: ignore[arg-type]  # light or dark
            base_url=self.address,
            java_script_enabled=script,
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


@pytest.fixture(scope="module")
def desk(database: DatabaseAddresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    shop = open_shop(database, folder)
    back, waits, gone = refunded(shop, 1000), place(shop), cancelled(shop)
    shop.run(add_note, AddNote(back.id, "Mug arrived chipped."), shop.as_(Role.SUPPORT))
    found = odd(shop, gone, ExceptionKind.LATE_PAYMENT)
    admin = make_admin(shop, settings_for(database, folder))
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(admin, {"/admin": admin}), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    pages = (
        "/orders/", "/orders/?status=open&payment=awaiting&from=2026-01-01", "/orders/?q=nobody",
        *(f"/orders/{order.number}" for order in (back, waits, gone)),
        f"/orders/{back.number}/refund", f"/orders/{waits.number}/cancel", f"/orders/{waits.number}/record",
        "/exceptions/", f"/exceptions/{found}",
    )  # fmt: skip
    yield Desk(shop, f"http://127.0.0.1:{server.server_port}", shop.add_staff(Role.OWNER), pages)
    server.shutdown()
    thread.join()
    server.server_close()
    shop.wired.engines.dispose()


@pytest.fixture
def page(desk: Desk, chromium: Browser) -> Iterator[Page]:
    context = desk.open(chromium)
    complaints: list[str] = []
    opened = context.pages[0]
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(desk: Desk, chromium: Browser, theme: str, width: int) -> None:
    context = desk.open(chromium, width, theme)
    opened = context.pages[0]
    for path in desk.pages:
        answer = opened.goto(f"/admin{path}")
        assert answer is not None
        assert answer.status == 200
        assert (path, violations(opened)) == (path, [])
        assert (path, opened.evaluate("document.documentElement.scrollWidth")) == (path, width)
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dialogs(desk: Desk, chromium: Browser, theme: str) -> None:
    context = desk.open(chromium, theme=theme)
    opened = context.pages[0]
    order = place(desk.shop)
    for which, number in (("record", order.number), ("cancel", order.number), ("refund", paid(desk.shop).number)):
        opened.goto(f"/admin/orders/{number}")
        opened.evaluate(f"document.querySelector('[data-dialog={which}]').click()")
        assert opened.locator(f"dialog#{which}").is_visible()
        assert (which, violations(opened)) == (which, [])
    context.close()


def test_the_figures_follow_the_typing_and_the_button_moves_what_it_says(desk: Desk, page: Page) -> None:
    order = paid(desk.shop)
    page.goto(f"/admin/orders/{order.number}")
    page.get_by_role("link", name="Refund", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Refund CI-{order.number}")
    dialog.get_by_label("Pieces of Caneca").fill("1")
    dialog.get_by_role("button", name="Refund R$ 69,90").wait_for()
    dialog.get_by_label("Other amount").fill("10,10")
    dialog.get_by_role("button", name="Refund R$ 80,00").wait_for()
    assert dialog.get_by_text("R$ 77,70 of this payment can still be refunded later.").is_visible()
    dialog.get_by_label("Other amount").fill("10,1x")
    dialog.get_by_role("button", name="Show the figures").last.wait_for()
    dialog.get_by_label("Other amount").fill("10,10")
    dialog.get_by_role("button", name="Refund R$ 80,00").click()
    page.get_by_text("goes back by hand").wait_for()
    assert fresh(desk.shop, order).refunded.minor == 8000


def test_axe_finds_nothing_in_what_a_refund_says(desk: Desk, page: Page) -> None:
    order = paid(desk.shop)
    page.goto(f"/admin/orders/{order.number}/refund")
    page.get_by_label("Pieces of Caneca").fill("2")
    page.get_by_role("button", name="Refund R$ 139,80").wait_for()
    assert violations(page) == []


def test_the_dialog_is_left_without_a_trace(desk: Desk, page: Page) -> None:
    order = paid(desk.shop)
    page.goto(f"/admin/orders/{order.number}")
    page.get_by_role("link", name="Refund", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Refund CI-{order.number}")
    dialog.get_by_label("Other amount").fill("5")
    dialog.get_by_role("button", name="Refund R$ 5,00").wait_for()
    dialog.get_by_role("button", name="Cancel").click()
    assert not dialog.is_visible()
    assert page.url.endswith(f"/orders/{order.number}")
    assert fresh(desk.shop, order).refunded.minor == 0


def test_money_is_recorded_and_an_order_cancelled_without_javascript(desk: Desk, chromium: Browser) -> None:
    order = place(desk.shop)
    context = desk.open(chromium, 360, script=False)
    page = context.pages[0]
    page.goto(f"/admin/orders/{order.number}")
    page.get_by_role("link", name="Record payment").click()
    page.get_by_role("button", name="Record that R$ 157,70 came in").click()
    page.get_by_text("recorded that R$ 157,70 came in").wait_for()
    page.get_by_role("link", name="Refund", exact=True).click()
    page.get_by_label("Pieces of Caneca").fill("2")
    page.get_by_role("button", name="Show the figures").last.click()
    page.get_by_role("button", name="Refund R$ 139,80").click()
    page.get_by_text("goes back by hand").wait_for()
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Cancel the order").click()
    page.get_by_label("Reason").fill("Out of stock")
    page.get_by_role("button", name="Cancel the order, free 2 items").click()
    page.get_by_text("its stock is free again").wait_for()
    context.close()
    after = fresh(desk.shop, order)
    assert (after.status, after.refunded.minor) == ("cancelled", 13980)


def test_rows_are_picked_by_keys_and_the_bar_says_what_they_amount_to(desk: Desk, page: Page) -> None:
    place(desk.shop)
    place(desk.shop)
    page.goto("/admin/orders/")
    for key in "jxjx":
        page.keyboard.press(key)
    bar = page.locator("#bulk")
    assert bar.locator("[data-count]").inner_text() == "2 selected"
    assert bar.locator("[data-sum]").inner_text() == "R$\xa0315,40, 4 items"
    bar.get_by_role("button", name="Archive").click()
    page.get_by_text("2 orders were archived.").wait_for()


def test_a_filter_is_changed_and_taken_away(desk: Desk, page: Page) -> None:
    page.goto("/admin/orders/?payment=awaiting")
    page.get_by_text("Add filter").click()
    form = page.locator("form.adder", has_text="Awaiting payment")
    form.get_by_label("Awaiting payment").uncheck()
    form.get_by_label("Part refunded").check()
    form.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/orders/?payment=partially_refunded")
    page.get_by_label("Remove the filter Payment").click()
    page.wait_for_url("**/orders/")
