"""The look as a browser sees it: axe in both themes, no sideways scroll on a phone, keys, bars and dialogs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.admin.gallery import gallery_app
from tests.browser import chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.browser
_PAGES = ("/gallery", "/login", "/error")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", _PAGES)
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(
    chromium: Browser, address: str, path: str, theme: Literal["light", "dark"], width: int
) -> None:
    size = {"width": width, "height": 900}
    context = chromium.new_context(viewport=size, color_scheme=theme, base_url=address)  # type: ignore[arg-type]  # a ViewportSize
    opened = context.new_page()
    opened.goto(path)
    violations = Axe().run(opened).response["violations"]
    context.close()
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []


_OPENED = {
    "dialog": "document.querySelector('[data-dialog]').click()",
    "keys": "document.getElementById('keys').showModal()",
    "person": "document.getElementById('person').showPopover()",
    "filter": "document.querySelector('.filters details').open = true",
    "bar": "document.querySelectorAll('[data-pick]').forEach((box) => box.click())",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("opened", _OPENED)
def test_axe_finds_nothing_in_what_opens(page: Page, opened: str, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto("/gallery")
    page.evaluate(_OPENED[opened])
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("path", _PAGES)
@pytest.mark.parametrize("width", [360, 768, 1152])
def test_nothing_scrolls_sideways(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_bar_counts_the_selected_rows_and_adds_them_up(page: Page) -> None:
    page.goto("/gallery")
    bar = page.locator("#bulk")
    assert not bar.is_visible()
    page.locator("[data-pick]").nth(0).check()
    page.locator("[data-pick]").nth(2).check()
    assert bar.locator("[data-count]").inner_text() == "2 selected"
    assert bar.locator("[data-sum]").inner_text() == "R$\xa01.287,54, 6 items"
    page.locator("[data-unpick]").click()
    assert not bar.is_visible()


def test_the_save_bar_names_what_changed(page: Page) -> None:
    page.goto("/gallery")
    page.get_by_label("Name", exact=True).fill("Caneca azul")
    page.get_by_label("Track stock").check()
    bar = page.locator("[data-save-bar]")
    assert bar.locator("[data-count]").inner_text() == "2 changes"
    assert bar.locator("[data-fields]").inner_text() == "Name, Track stock"


def test_a_dialog_takes_the_focus_and_gives_it_back(page: Page) -> None:
    page.goto("/gallery")
    page.get_by_role("link", name="Refund").click()
    dialog = page.get_by_role("dialog", name="Refund CI-10482")
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Refund"


def test_keys_move_select_and_list_themselves(page: Page) -> None:
    page.goto("/gallery")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-pick]").nth(1).is_checked()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()


def test_g_and_a_letter_go_to_an_area(page: Page) -> None:
    page.goto("/gallery")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders/")


def test_a_job_shows_its_progress_until_it_is_done(page: Page) -> None:
    page.goto("/counting")
    page.get_by_text("3 of 3").wait_for(timeout=5000)
    assert page.locator("[data-refresh]").count() == 0


def test_menus_work_without_javascript(chromium: Browser, address: str) -> None:
    size = {"width": 360, "height": 760}
    context = chromium.new_context(viewport=size, java_script_enabled=False, base_url=address)  # type: ignore[arg-type]  # a ViewportSize
    opened = context.new_page()
    opened.goto("/gallery")
    assert not opened.get_by_role("navigation", name="Areas").is_visible()
    opened.get_by_role("button", name="Menu", exact=True).click()
    opened.get_by_role("link", name="Orders 48").click()
    opened.wait_for_url("**/orders/")
    opened.get_by_role("button", name="Júlia Prado, settings and sign out").click()
    opened.get_by_role("button", name="Dark").click()
    assert opened.locator("html").get_attribute("data-bs-theme") == "dark"
    assert opened.locator("[data-selection]").is_visible(), "without JavaScript the server counts"
    context.close()
