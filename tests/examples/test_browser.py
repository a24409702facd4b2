"""In Chromium: axe is content, nothing is wider than a phone, and the whole way with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from tests.browser import chromium
from tests.examples.conftest import PERSON, Served
from tests.examples.stub_shop import Refusal, Shop, carriers_option

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]

PHONE: ViewportSize = {"width": 360, "height": 760}
# Steppers of the bag are 36 high by design; a radio and the search's button lie in a larger target.
TOO_SMALL = """() => [...document.querySelectorAll("button, input, select, .button, .tool, .chip")]
  .filter((e) => e.offsetParent && !e.closest(".radio, .line, .find"))
  .filter((e) => e.getBoundingClientRect().height < 43.5)
  .map((e) => e.outerHTML.slice(0, 80))"""
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """A window of a visitor of their own; a script that throws or a broken policy fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_one(size: ViewportSize, scripts: bool = True) -> Page:
        context = chromium.new_context(viewport=size, java_script_enabled=scripts, locale="pt-BR")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(error.message))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def fits(page: Page) -> None:
    """Nothing is wider than the window, every target can be hit with a thumb, axe finds nothing."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("innerWidth"), f"{page.url} is {width} px wide"
    assert page.evaluate(TOO_SMALL) == [], page.url
    result = Axe().run(page)
    assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"


def fill_bag(page: Page, url: str, slug: str = "caneca-barro") -> None:
    page.goto(f"{url}/products/{slug}")
    page.get_by_role("button", name="Adicionar à sacola").click()
    page.wait_for_url("**/cart")


def fill_checkout(page: Page, url: str) -> None:
    page.goto(f"{url}/checkout")
    for name, value in PERSON.items():
        if name == "region":
            page.select_option("#region", value)
        elif name != "country":
            page.fill(f"#{name}", value)
    page.locator("button[value=delivery]:visible").last.click()
    page.wait_for_url("**/checkout#delivery")


def newest(shop: Shop) -> str:
    return list(shop.orders)[-1]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1440"])
def test_every_page_is_clean_and_fits(open_page: OpenPage, served: Served, size: ViewportSize) -> None:
    page = open_page(size)
    for path in (
        "/",
        "/?q=nada",
        "/?tag=café",
        "/products/caneca-barro",
        "/products/bowl",
        "/cart",
        "/nowhere",
    ):
        page.goto(served.url + path)
        fits(page)
    for path in ("/account/login", "/account/register"):
        page.goto(served.url + path)
        page.locator("form.card .button").click()
        expect(page.get_by_text("Preencha este campo.").first).to_be_visible()
        fits(page)
    served.shop.refuse["GET", "/products"] = Refusal(503, "unavailable", retry_after=60)
    page.goto(served.url)
    fits(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1440"])
def test_the_way_to_a_pix_that_is_noticed(open_page: OpenPage, served: Served, size: ViewportSize) -> None:
    page = open_page(size)
    fill_bag(page, served.url)
    (cart,) = served.shop.carts.values()
    served.shop.problems = [
        {"code": "insufficient_stock", "line_id": cart["lines"][0]["id"], "remedy": {"quantity": 1}},
        {"code": "shipping_option_expired", "line_id": None, "remedy": None},
    ]
    page.goto(f"{served.url}/cart")
    fits(page)
    served.shop.problems = []
    page.goto(f"{served.url}/checkout")
    fits(page)
    page.locator("button[value=delivery]:visible").last.click()
    expect(page.locator("#number-note")).to_be_visible()
    fits(page)
    served.shop.carriers = [carriers_option("a.0", 1499, estimated=True)]
    fill_checkout(page, served.url)
    expect(page.get_by_text("preço estimado")).to_be_visible()
    fits(page)
    page.check("[value=sedex]")
    page.check("[value=pix]")
    page.get_by_role("button", name="Pagar R$\u00a092,00 com Pix").click()
    page.wait_for_url("**/pix")
    fits(page)
    served.shop.orders[newest(served.shop)]["payment_status"] = "paid"
    page.wait_for_url(f"**/orders/{newest(served.shop)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pedido confirmado, Luciana")
    fits(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1440"])
def test_the_way_to_a_boleto(open_page: OpenPage, served: Served, size: ViewportSize) -> None:
    page = open_page(size)
    fill_bag(page, served.url)
    fill_checkout(page, served.url)
    page.check("[value=sedex]")
    expect(page.get_by_role("button", name="Pagar R$\u00a092,00")).to_be_visible()  # the page with the new total
    page.check("[value=boleto]")
    page.get_by_role("button", name="Pagar R$\u00a092,00 com boleto").click()
    page.wait_for_url("**/boleto")
    expect(page.get_by_role("heading", level=1)).to_have_text("Falta só o boleto")
    expect(page.get_by_label("Linha digitável")).to_have_value(re.compile(r"^99991\.23456 "))
    fits(page)
    page.get_by_role("link", name="Ver o pedido").click()
    expect(page.get_by_text("O boleto vence em 27 nov.")).to_be_visible()
    fits(page)


def test_the_whole_way_without_scripts(open_page: OpenPage, served: Served) -> None:
    page = open_page(PHONE, scripts=False)
    page.goto(f"{served.url}/products/caneca-barro")
    page.get_by_role("link", name="400 ml").click()
    page.fill("#quantity", "2")
    page.get_by_role("button", name="Adicionar à sacola").click()
    page.get_by_role("button", name="Uma a menos de Caneca Barro").click()
    page.get_by_label("Quantidade de Caneca Barro").fill("3")
    page.get_by_label("Quantidade de Caneca Barro").press("Enter")  # sends the figure, not a step
    expect(page.get_by_role("link", name="Sacola, 3 peças")).to_be_visible()
    fill_checkout(page, served.url)
    page.check("[value=sedex]")
    page.get_by_role("button", name="Atualizar o total com este frete").click()
    page.check("[value=bank_transfer]")
    page.get_by_role("button", name="Fechar pedido de R$\u00a0261,80 por transferência").click()
    expect(page.get_by_text("Agência 1234, conta 5678-9")).to_be_visible()


def test_scripts_add_comfort_and_say_so(open_page: OpenPage, served: Served) -> None:
    page = open_page(PHONE)
    page.goto(served.url)
    expect(page.locator("#products > li")).to_have_count(6)
    page.get_by_role("link", name="Mostrar mais").click()
    expect(page.locator("#products > li")).to_have_count(8)
    page.goto(f"{served.url}/products/caneca-barro")
    page.get_by_role("button", name="Uma a mais").click()
    page.get_by_role("link", name="400 ml").click()
    expect(page.locator(".big")).to_have_text("R$\u00a079,90")
    expect(page.locator("#quantity")).to_have_value("2")
    fill_bag(page, served.url)
    page.goto(f"{served.url}/checkout")
    page.fill("#tax_id", "529.982.247-26")
    expect(page.get_by_text("Os dígitos conferem")).to_be_hidden()
    page.fill("#tax_id", "529.982.247-25")
    expect(page.get_by_text("Os dígitos conferem")).to_be_visible()


def test_the_code_is_copied(open_page: OpenPage, served: Served) -> None:
    page = open_page(PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.url)
    fill_bag(page, served.url)
    fill_checkout(page, served.url)
    page.check("[value=pix]")
    page.locator("button[value=pay]:visible").click()
    page.get_by_role("button", name="Copiar código").click()
    expect(page.get_by_role("button", name="Código copiado")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#code").input_value()


def test_waiting_for_the_bank_asks_again_by_itself(open_page: OpenPage, served: Served) -> None:
    page = open_page(PHONE, scripts=False)
    fill_bag(page, served.url)
    fill_checkout(page, served.url)
    page.check("[value=cash_on_delivery]")
    served.shop.payment = "unknown"
    page.locator("button[value=pay]:visible").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmando o pagamento")
    served.shop.payment = "captured"
    page.wait_for_url("**/orders/1042")
