"""A day's business from the catalogue to the books: a file comes in, an order is paid and sent, its parcel arrives, its
money is paid out, and Finance closes the day. As Manager, Support and Finance; in both themes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.files import one_product
from tests.e2e.pictures import picture
from tests.e2e.shopping import add_to_bag, fill_checkout, pay_with
from tests.e2e.watching import problems
from tests.running import Run

DONE = 90_000  # milliseconds that a job may take on a busy machine
LOOKS, PAUSE = 60, 1_500  # times that a page is opened again, milliseconds between
HANDLE, TITLE = "gamela-de-cedro", "Gamela de Cedro 36 cm"
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def test_from_the_catalogue_to_a_closed_day(people: People, running_shop: Run, tmp_path: Path) -> None:
    day = datetime.now(UTC).astimezone(SAO_PAULO).date().isoformat()
    manager = people.staff("manager")
    bring_in(manager, people, one_product(tmp_path, HANDLE, TITLE))
    number = buy_by_card(people.anybody(language="pt-BR"), people.shown["storefront"])
    support = people.staff("support")
    send(support, people, number)
    look(support, "shipment-sent")
    assert running_shop.command("clock", "+9d").returncode == 0
    arrived(support, people, number)
    look(support, "order-delivered")
    finance = people.staff("finance")
    compare(finance, people)
    look(finance, "comparisons")
    paid_out(finance, people, number)
    look(finance, "payout")
    explain_what_blocks(finance, people, day)
    close(finance, people, day)
    look(finance, "ledger-day-closed")


def look(page: Page, name: str) -> None:
    """Both themes are clean."""
    picture(page, name)
    assert problems(page) == []


def again(page: Page, address: str, there: Callable[[], bool]) -> None:
    """Open `address` until what is looked for is there: jobs take their time. Raises AssertionError."""
    for _ in range(LOOKS):
        page.goto(address)
        if there():
            return
        page.wait_for_timeout(PAUSE)
    raise AssertionError(f"{address}: {page.inner_text('main')}")


def bring_in(page: Page, people: People, file: Path) -> None:
    """The manager hands a file in, looks at the dry run, applies it: the product is on sale."""
    page.goto(f"{people.shown['admin']}products/imports/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the import", timeout=DONE)
    page.get_by_role("button", name=re.compile(r"^Apply \d+ rows?")).click()
    page.locator(".progress-card").wait_for()
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=DONE)


def buy_by_card(page: Page, shop: str) -> str:
    """A shopper buys one piece of it; the bank approves. Returns the order's number with its prefix."""
    add_to_bag(page, shop, HANDLE)
    fill_checkout(page, shop)
    pay_with(page, "card")
    page.get_by_role("button", name="Aprovar").click()
    page.wait_for_url("**/orders/*")
    found = re.search(r"Pedido (CI-\d+)", page.inner_text("main"))
    assert found
    return found[1]


def order_of(people: People, number: str) -> str:
    return f"{people.shown['admin']}orders/{number.partition('-')[2]}"


def send(page: Page, people: People, number: str) -> None:
    """Support packs it, compares prices, buys the label, and the goods leave."""
    page.goto(order_of(people, number))
    page.get_by_role("link", name="Ship 1 item").first.click()
    page.get_by_label("Weight").fill("1850")
    page.get_by_role("button", name="Prepare and compare prices").click()
    page.get_by_role("button", name="Buy the label").click()
    expect(page.get_by_role("link", name="Print label")).to_be_visible(timeout=DONE)
    page.get_by_role("button", name="Goods leave now").click()
    expect(page.get_by_text("have left: stock fell")).to_be_visible()


def arrived(page: Page, people: People, number: str) -> None:
    """The carrier tells by itself that it was delivered, and the customer was written to."""
    address = order_of(people, number)
    letter = page.get_by_role("link", name=f"Seu pedido {number} foi entregue")
    again(page, address, lambda: letter.count() > 0)
    expect(page.locator("#fulfilment .parcel-top").get_by_text("Delivered")).to_be_visible()


def compare(page: Page, people: People) -> None:
    """Finance has the provider's lines compared now."""
    page.goto(f"{people.shown['admin']}reconciliation/")
    page.get_by_role("button", name="Run now").first.click()
    run = page.locator("tr[data-row]").first
    expect(run).to_contain_text("By hand", timeout=DONE)
    expect(run).to_contain_text("Done", timeout=DONE)


def paid_out(page: Page, people: People, number: str) -> None:
    """The payout with the order's line is explained to the cent."""
    page.goto(f"{people.shown['admin']}payouts/")
    payouts = page.locator("tr[data-row] a").evaluate_all("links => links.map(link => link.href)")
    for address in (each for each in payouts if "/payouts/" in each and "?" not in each):
        page.goto(address)
        if page.locator("#lines").get_by_text(number).count():
            break
    expect(page.locator("#lines")).to_contain_text(number)
    expect(page.locator(".titleline")).to_contain_text("Paid")


def explain_what_blocks(page: Page, people: People, day: str) -> None:
    """What is open above the limit is explained, one after the other."""
    for _ in range(12):
        page.goto(f"{people.shown['admin']}ledger/days/?day={day}")
        link = page.get_by_role("link", name="Explain them")
        if not link.count():
            return
        link.click()
        page.locator("a[data-row]").first.click()
        explain(page)
    raise AssertionError("the exceptions never end")


def explain(page: Page) -> None:
    choice = page.get_by_role("link", name="Explain", exact=True)
    if choice.count():
        choice.click()
    page.locator("#decide textarea").first.fill("O banco confirmou a devolução; repasse refeito.")
    page.locator("#decide button[type=submit]").click()
    page.wait_for_load_state()


def close(page: Page, people: People, day: str) -> None:
    """Nothing waits any more: the day is sealed."""
    address = f"{people.shown['admin']}ledger/days/?day={day}"
    shut = page.get_by_role("button", name=re.compile("^Close "))
    again(page, address, lambda: shut.is_enabled())
    expect(page.get_by_text("Balanced").first).to_be_visible()
    shut.click()
    expect(page.get_by_text("is closed: later facts go into the next open day.")).to_be_visible()
