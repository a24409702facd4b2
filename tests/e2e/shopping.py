"""What a shopper does on the storefront."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.examples.conftest import PERSON


def add_to_bag(page: Page, shop: str, slug: str) -> None:
    """Put one piece into the bag; ends on the bag's page."""
    page.goto(f"{shop}/products/{slug}")
    page.get_by_role("button", name="Adicionar à sacola").click()
    page.wait_for_url("**/cart")


def fill_checkout(page: Page, shop: str) -> None:
    """Say who one is and where it goes; ends where delivery and payment are chosen."""
    page.goto(f"{shop}/checkout")
    for name, value in PERSON.items():
        if name == "region":
            page.select_option("#region", value)
        elif name != "country":
            page.fill(f"#{name}", value)
    page.locator("button[value=delivery]:visible").last.click()
    page.wait_for_url("**/checkout#delivery")


def pay_with(page: Page, method: str) -> None:
    """Choose `method` and press the button; ends where the money is asked for."""
    page.check(f"[name=method][value={method}]")
    page.locator("button[value=pay]:visible").last.click()
    page.wait_for_url("**/pix" if method == "pix" else "**/pay/**")
