"""Every page as people see it, on the demo shop: clean for axe in both themes, silent, fitting, drawn by tokens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.files import changed_catalogue, many_drafts
from tests.e2e.pictures import picture
from tests.e2e.shopping import add_to_bag, fill_checkout, pay_with
from tests.e2e.watching import problems

PART_REFUNDED = "orders/?payment=partially_refunded"


def at(path: str, *follow: str) -> Callable[[Page, str], None]:
    """Open `path` of the back office, then the first link that each selector finds."""

    def go(page: Page, admin: str) -> None:
        page.goto(admin + path)
        for selector in follow:
            address = page.locator(selector).first.get_attribute("href")
            assert address, selector
            page.goto(address if address.startswith("http") else admin.split("/admin")[0] + address)

    return go


ROW = "tr[data-row] a"
TITLE = "main .titleline"
PAGES: dict[str, tuple[str, Callable[[Page, str], None]]] = {
    "home": ("owner", at("")),
    "orders": ("owner", at("orders/")),
    "orders-to-ship": ("owner", at("orders/", ".tabs a:text-is('To ship')")),
    "orders-waiting": ("owner", at("orders/", ".tabs a:text-is('Waiting for payment')")),
    "orders-problems": ("owner", at("orders/", ".tabs a:text-is('Problems')")),
    "orders-cancelled": ("owner", at("orders/", ".tabs a:text-is('Cancelled')")),
    "orders-archived": ("owner", at("orders/", ".tabs a:text-is('Archived')")),
    "orders-none-found": ("owner", at("orders/?q=nobody")),
    "order": ("owner", at(PART_REFUNDED, f"{ROW} >> nth=1")),
    "order-by-pix": ("owner", at("orders/?payment=paid", ROW)),
    "order-waiting": ("owner", at("orders/?payment=awaiting", ROW)),
    "order-cancelled": ("owner", at("orders/?status=cancelled&payment=refunded", ROW)),
    "order-overpaid": ("owner", at("orders/?payment=overpaid", ROW)),
    "order-for-finance": ("finance", at(PART_REFUNDED, ROW)),
    "refund": ("support", at(PART_REFUNDED, ROW, f"{TITLE} a[href$='/refund']")),
    "cancel": ("support", at("orders/?status=open&payment=paid", ROW, "a[href$='/cancel']")),
    "record": ("manager", at("orders/?payment=awaiting", f"{ROW} >> nth=-1", f"{TITLE} a[href$='/record']")),
    "products": ("manager", at("products/")),
    "products-draft": ("manager", at("products/?status=draft")),
    "product": ("manager", at("products/?q=Caneca", ROW)),
    "product-options": ("manager", at("products/?q=Caneca", ROW, "a[href$='/options']")),
    "product-archive": ("manager", at("products/?q=Caneca", ROW, "a[href$='/archive']")),
    "product-new": ("manager", at("products/new")),
    "inventory": ("manager", at("inventory/")),
    "stock": ("manager", at("inventory/?state=reserved", ROW)),
    "imports-none": ("manager", at("products/imports/")),
    "exceptions": ("finance", at("exceptions/")),
    "exception": ("finance", at("exceptions/", "a[data-row] >> nth=2")),
    "exceptions-resolved": ("finance", at("exceptions/?state=resolved")),
    "approvals": ("owner", at("approvals/")),
    "order-shipped": ("support", at("orders/?fulfilment=in_transit", ROW)),
    "order-to-ship": ("support", at("orders/", ".tabs a:text-is('To ship')", ROW, "a[href$='/fulfil']")),
    "batches": ("support", at("shipping/")),
    "batch": ("support", at("shipping/batches/1")),
    "payouts": ("finance", at("payouts/")),
    "payout": ("finance", at("payouts/", ROW)),
    "payout-report": ("finance", at("payouts/", ROW, "a[href$='/report']")),
    "not-paid-out": ("finance", at("settlements/unpaid")),
    "fees": ("finance", at("settlements/fees")),
    "comparisons": ("finance", at("reconciliation/")),
    "ledger": ("finance", at("ledger/")),
    "ledger-account": ("finance", at("ledger/", "tr:has-text('1100') a.name")),
    "ledger-journal": ("finance", at("ledger/journal")),
    "ledger-entry": ("finance", at("ledger/entries/1")),
    "ledger-day": ("finance", at("ledger/days/")),
    "mailbox": ("support", at("messages/")),
    "message": ("support", at("messages/", ROW)),
    "message-text": ("support", at("messages/", ROW, "a[href*='text']")),
    "activity": ("owner", at("activity/")),
    "activity-prices": ("owner", at("activity/?view=stock")),
    "jobs": ("owner", at("jobs/")),
    "delivery": ("owner", at("jobs/?state=done", "a[href*='delivery=']")),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_back_office(people: People, name: str) -> None:
    role, go = PAGES[name]
    page = people.staff(role)
    go(page, people.shown["admin"])
    expect(page.locator("h1")).to_have_count(1)
    picture(page, name)
    assert problems(page) == []


@pytest.mark.parametrize(
    ("role", "path", "name", "status"),
    [("owner", "nowhere", "error", 404), ("support", "products/imports/", "error-forbidden", 403)],
)
def test_a_page_that_is_refused(people: People, role: str, path: str, name: str, status: int) -> None:
    page = people.staff(role)
    people.complaints.expected = (people.shown["admin"] + path,)
    answer = page.goto(people.shown["admin"] + path)
    assert answer is not None
    assert answer.status == status
    picture(page, name)
    assert problems(page) == []


def test_the_sign_in_page_also_after_a_wrong_password(people: People) -> None:
    page = people.anybody()
    address = f"{people.shown['admin']}sign-in"
    page.goto(address)
    picture(page, "login")
    assert problems(page) == []
    people.complaints.expected = (address,)
    page.get_by_label("E-mail").fill("nobody@casaipe.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("E-mail and password do not match")).to_be_visible()
    assert problems(page) == []


def test_orders_in_the_dark_on_a_phone_and_in_portuguese(people: People) -> None:
    admin = people.shown["admin"]
    go = PAGES["order"][1]
    dark = people.staff("owner")
    go(dark, admin)
    dark.emulate_media(color_scheme="dark", reduced_motion="reduce")
    picture(dark, "order-dark")
    phone = people.staff("owner", width=360)
    go(phone, admin)
    picture(phone, "order-360")
    phone.goto(f"{admin}orders/")
    picture(phone, "orders-360")
    portuguese = people.staff("owner", language="pt-BR")
    go(portuguese, admin)
    expect(portuguese.locator("html")).to_have_attribute("lang", "pt-BR")
    picture(portuguese, "order-pt")
    assert problems(portuguese) == []


def test_the_dialogs_of_an_order(people: People) -> None:
    page = people.staff("support")
    PAGES["order"][1](page, people.shown["admin"])
    page.locator(TITLE).get_by_role("link", name="Refund").click()
    dialog = page.get_by_role("dialog", name="Refund")
    dialog.get_by_label("Other amount").fill("10,00")
    expect(dialog.get_by_role("button", name="Refund R$\u00a010,00")).to_be_visible()
    picture(page, "dialog", full=False)
    assert problems(page) == []


def test_the_way_of_an_import(people: People, tmp_path: Path) -> None:
    page = people.staff("manager")
    hand_in(page, people, changed_catalogue(tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the import")
    picture(page, "import")
    assert problems(page) == []
    hand_in(page, people, many_drafts(tmp_path, 60_000))
    page.get_by_role("heading", name="Check the import").wait_for(timeout=120_000)
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("region", name="Writing rows").wait_for()
    expect(page.get_by_text(" a second, about ")).to_be_visible(timeout=60_000)
    picture(page, "import-running")
    assert problems(page) == []
    page.get_by_role("button", name="Stop after this part").click()
    go_on = page.get_by_role("button", name="Go on with")
    go_on.wait_for(timeout=60_000)
    picture(page, "import-stopped")
    assert problems(page) == []
    page.goto(f"{people.shown['admin']}products/imports/")
    picture(page, "imports")
    assert problems(page) == []


def hand_in(page: Page, people: People, file: Path) -> None:
    page.goto(f"{people.shown['admin']}products/imports/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def shop_problems(page: Page) -> list[str]:
    return problems(page, themes=("light",))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("shop-list", "/"), ("shop-search", "/?q=caneca"), ("shop-nothing-found", "/?q=nada-disso"),
        ("shop-product", "/products/caneca-barro-300-ml"), ("shop-cart-empty", "/cart"),
        ("shop-login", "/account/login"), ("shop-register", "/account/register"),
    ],
)  # fmt: skip
def test_a_page_of_the_storefront(people: People, name: str, path: str) -> None:
    page = people.anybody(language="pt-BR")
    page.goto(people.shown["storefront"] + path)
    picture(page, name)
    assert shop_problems(page) == []


def test_a_page_that_the_storefront_lacks(people: People) -> None:
    page = people.anybody(language="pt-BR")
    address = f"{people.shown['storefront']}/products/nowhere"
    people.complaints.expected = (address,)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
    picture(page, "shop-404")
    assert shop_problems(page) == []


@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_of_a_purchase(people: People, width: int) -> None:
    page = people.anybody(width, "pt-BR")
    shop = people.shown["storefront"]
    end = "" if width == 1440 else "-360"
    checks: list[Any] = []

    def look(name: str) -> None:
        picture(page, f"{name}{end}")
        # The provider's page has a look of its own.
        checks.extend(problems(page, themes=("light",), tokens=not name.startswith("pay-")))

    for path, name in (("/", "shop-list"), ("/products/caneca-barro-300-ml", "shop-product")):
        page.goto(shop + path)
        if end:
            look(name)
    add_to_bag(page, shop, "caneca-barro-300-ml")
    look("shop-cart")
    page.goto(f"{shop}/checkout")
    look("shop-checkout-empty")
    fill_checkout(page, shop)
    look("shop-checkout")
    pay_with(page, "pix")
    look("shop-pix")
    address = page.url
    page.goto(page.get_by_role("link", name="Abrir a página do pagamento").get_attribute("href") or "")
    page.get_by_role("button", name="Pagar este Pix agora").wait_for()
    look("pay-pix")
    page.goto(address)
    page.get_by_role("link", name="Ver o pedido").click()
    look("shop-order")
    add_to_bag(page, shop, "bowl-musgo-14-cm")
    fill_checkout(page, shop)
    pay_with(page, "card")
    look("pay-card")
    assert checks == []


def test_a_shopper_with_an_account(people: People) -> None:
    page = people.anybody(language="pt-BR")
    page.goto(f"{people.shown['storefront']}/account/register")
    page.get_by_label("Nome").fill("Luciana Sampaio Rocha")
    page.get_by_label("E-mail").fill("luciana.sampaio@uol.example")
    page.get_by_label("Senha").fill("uma senha bem longa")
    page.locator("form.card .button").click()
    page.wait_for_url("**/account")
    picture(page, "shop-account")
    assert shop_problems(page) == []


def test_two_people_edit_one_product(people: People) -> None:
    mine, theirs = people.staff("manager"), people.staff("owner")
    for page in (mine, theirs):
        PAGES["product"][1](page, people.shown["admin"])
    edit(theirs, "Caneca Barro 300 ml, segunda fornada")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Caneca Barro 300 ml, segunda fornada")
    people.complaints.expected = (mine.url,)
    edit(mine, "Caneca de Barro 300 ml")
    expect(mine.get_by_text("Nothing you typed is lost.")).to_be_visible()
    picture(mine, "conflict")
    assert problems(mine) == []


def edit(page: Page, title: str) -> None:
    page.get_by_label("Name", exact=True).fill(title)
    page.get_by_role("button", name="Save").click()
