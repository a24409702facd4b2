"""Three people at work: a catalogue comes in, a shopper pays by card and by Pix, money goes back, Finance looks on."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.pictures import picture
from tests.e2e.shopping import add_to_bag, fill_checkout, pay_with
from tests.e2e.watching import problems

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
DONE = 60_000  # milliseconds that a job may take on a busy machine
NBSP = "\N{NO-BREAK SPACE}"


def test_manager_imports_shopper_pays_support_refunds_finance_watches(people: People) -> None:
    manager = people.staff("manager")
    bring_in(manager, people, "products.csv")
    bring_in(manager, people, "apparel_like.csv")
    shopper = people.anybody(language="pt-BR")
    shop = people.shown["storefront"]
    by_card = buy_by_card(shopper, shop, "linen-field-shirt")
    by_pix = buy_by_pix(shopper, shop, "prato-raso-barro-27-cm")
    support = people.staff("support")
    refund_ten(support, people, by_card)
    read_the_mail(support, people, by_card)
    finance = people.staff("finance")
    watch(finance, people, by_pix)


def bring_in(page: Page, people: People, name: str) -> None:
    """Hand a file in, look at the dry run, apply it, and see it done."""
    page.goto(f"{people.shown['admin']}products/imports/")
    page.locator("input[type=file]").set_input_files(FIXTURES / name)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the import")
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Apply \d+ rows?")).click()
    page.locator(".progress-card").wait_for()
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=DONE)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    picture(page, "import-done")
    assert problems(page) == []


def buy_by_card(page: Page, shop: str, slug: str) -> str:
    """Buy one piece; the bank approves. Returns the order's number with its prefix."""
    add_to_bag(page, shop, slug)
    fill_checkout(page, shop)
    pay_with(page, "card")
    expect(page.get_by_role("banner")).to_contain_text("Casa Ipê")
    page.get_by_role("button", name="Aprovar").click()
    page.wait_for_url("**/orders/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pedido confirmado, Luciana")
    return order_number(page)


def buy_by_pix(page: Page, shop: str, slug: str) -> str:
    """Buy one piece by Pix, pay it on another device: the Pix page notices by itself."""
    add_to_bag(page, shop, slug)
    fill_checkout(page, shop)
    pay_with(page, "pix")
    expect(page.get_by_role("heading", level=1)).to_have_text("Falta só o Pix")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Abrir a página do pagamento").click()
    other = opened.value
    other.get_by_role("button", name="Pagar este Pix agora").click()
    other.get_by_text("Pagamento aprovado").wait_for()
    other.close()
    page.wait_for_url(re.compile(r"/orders/\d+$"), timeout=DONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pedido confirmado, Luciana")
    return order_number(page)


def order_number(page: Page) -> str:
    found = re.search(r"Pedido (CI-\d+)", page.inner_text("main"))
    assert found
    return found[1]


def open_order(page: Page, people: People, number: str) -> None:
    page.goto(f"{people.shown['admin']}orders/")
    page.get_by_role("link", name=number, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)


def refund_ten(page: Page, people: People, number: str) -> None:
    """Give R$ 10 back: the preview says it in figures before, the order page after."""
    open_order(page, people, number)
    page.locator("main .titleline").get_by_role("link", name="Refund").click()
    dialog = page.get_by_role("dialog", name="Refund")
    dialog.get_by_label("Other amount").fill("10,00")
    dialog.get_by_label("Note").fill("Botão solto")
    expect(dialog.locator("#refund-figures")).to_contain_text("10,00")
    dialog.get_by_role("button", name=f"Refund R${NBSP}10,00").click()
    page.wait_for_load_state()
    expect(page.get_by_text("Part refunded").first).to_be_visible(timeout=DONE)
    expect(page.locator("#timeline")).to_contain_text(f"Refund of R${NBSP}10,00")


def read_the_mail(page: Page, people: People, number: str) -> None:
    """The confirmation was written to the shopper, in their language."""
    page.goto(f"{people.shown['admin']}messages/")
    page.get_by_role("link", name=f"Seu pedido {number} na Casa Ipê").click()
    expect(page.get_by_text("luciana@uol.example")).to_be_visible()
    letter = page.frame_locator("iframe")
    expect(letter.get_by_text(f"Recebemos o seu pedido {number}")).to_be_visible()


def watch(page: Page, people: People, number: str) -> None:
    """Finance sees what does not fit and reads orders, but changes no product."""
    admin = people.shown["admin"]
    page.goto(f"{admin}exceptions/")
    expect(page.get_by_text("Paid twice").locator("visible=true").first).to_be_visible()
    open_order(page, people, number)
    expect(page.get_by_text("Pix, captured")).to_be_visible()
    page.goto(f"{admin}products/?q=Prato")
    expect(page.get_by_role("link", name="New product")).to_have_count(0)
    page.locator("tr[data-row] a").first.click()
    expect(page.get_by_label("Name", exact=True)).not_to_be_editable()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    people.complaints.expected = (f"{admin}products/new",)
    answer = page.goto(f"{admin}products/new")
    assert answer is not None
    assert answer.status == 403
