"""The payment page in a browser, with a stand-in for Stripe.js at its own address: the policy must let it in."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from werkzeug.serving import make_server

from tests.browser import chromium, chromium_path
from tests.web.connected import PUBLIC_KEY, page_of, real
from tests.web.selling import RETURN_URL, Selling, path_of

__all__ = ["chromium", "real"]

pytestmark = pytest.mark.browser

STUB = (Path(__file__).parent / "stripe_stub.js").read_text()
DECLINED = {"type": "card_error", "code": "card_declined", "message": "Seu cartão foi recusado."}
CORS = {"Access-Control-Allow-Origin": "*"}


@dataclass
class Checkout:
    """A shopper in front of the payment page. `answers` are what Stripe's API says to confirmations, in turn; None
    is yes. `outages` counts how often its script can't be had."""

    selling: Selling
    context: BrowserContext
    address: str
    cart: str
    session: dict[str, Any]
    answers: list[dict[str, Any] | None] = field(default_factory=list)
    outages: int = 0
    complaints: list[str] = field(default_factory=list)

    def open(self) -> Page:
        """The payment page, in a window of its own."""
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.address + path_of(self.session["next_action"]["url"]))
        return page

    def intent(self) -> str:
        return self.selling.paying.intent(self.session["id"])

    def play_stripe(self) -> None:
        """Answer for the hosts of Stripe and for the shop that the browser goes back to."""
        self.context.route("https://js.stripe.com/**", self._script)
        self.context.route("https://api.stripe.com/**", self._confirm)
        self.context.route(f"{RETURN_URL}**", lambda route: route.fulfill(body="<title>back</title>"))

    def _script(self, route: Route) -> None:
        if route.request.url.endswith("/frame.html"):
            return route.fulfill(body="<p>4242", content_type="text/html")
        assert route.request.url == "https://js.stripe.com/dahlia/stripe.js"
        assert "referer" not in route.request.headers, "the page's address is its secret"
        if self.outages:
            self.outages -= 1
            return route.abort()
        return route.fulfill(body=STUB, content_type="text/javascript")

    def _confirm(self, route: Route) -> None:
        error = self.answers.pop(0)
        if error == {"type": "no_connection"}:
            return route.abort()
        if error is None:
            self.selling.paying.sandbox.approve(self.intent())
        return route.fulfill(body=json.dumps({"error": error} if error else {}), headers=CORS)


@pytest.fixture
def address(real: Selling) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, real.api.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shoppers(real: Selling, chromium: Browser, address: str) -> Iterator[Callable[..., Checkout]]:
    """Makes shoppers, each with a window of `width` pixels; at the end no console had anything to say."""
    made: list[Checkout] = []

    def shopper(width: int = 1440, **options: Any) -> Checkout:
        cart = real.cart(price=6990, quantity=2)
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        made.append(Checkout(real, context, address, cart, real.session(cart)))
        made[-1].play_stripe()
        return made[-1]

    yield shopper
    for one in made:
        one.context.close()
    assert [said for one in made for said in one.complaints] == []


@pytest.fixture
def checkout(shoppers: Callable[..., Checkout]) -> Checkout:
    return shoppers()


def pay(page: Page) -> None:
    page.get_by_role("button", name="Pagar").click()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_form_is_put_into_the_page(shoppers: Callable[..., Checkout], width: int) -> None:
    checkout = shoppers(width)
    page = checkout.open()
    expect(page.get_by_role("button", name="Pagar R$\N{NO-BREAK SPACE}157,70")).to_be_visible()
    expect(page.locator("[data-element] iframe")).to_have_count(1)
    expect(page.get_by_text("Carregando")).to_be_hidden()
    asked = page.evaluate("window.asked")
    assert (asked["key"], asked["options"]) == (PUBLIC_KEY, {"locale": "pt-BR"})
    assert asked["elements"]["clientSecret"].startswith(f"{checkout.intent()}_secret_")
    assert asked["elements"]["appearance"]["variables"]["colorPrimary"] == "#0B5F70"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []


def test_paying_ends_at_the_shop_and_is_done_once(checkout: Checkout) -> None:
    checkout.answers = [None]
    page = checkout.open()
    page.get_by_role("button", name="Pagar").dblclick()
    page.wait_for_url(f"{RETURN_URL}**")
    back = f"{RETURN_URL}?payment_session={checkout.session['id']}"
    assert page.url == f"{back}&payment_intent=pi&redirect_status=succeeded"
    assert checkout.selling.complete(checkout.cart).status_code == 201
    assert checkout.selling.paying.booked(checkout.session["id"])["captured"] == 15770
    expect(checkout.open().get_by_role("heading", level=1)).to_have_text("Recebemos o seu pagamento")


def test_a_refused_card_is_said_and_another_may_follow(checkout: Checkout) -> None:
    checkout.answers = [DECLINED, None]
    page = checkout.open()
    pay(page)
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("Seu cartão foi recusado.")
    expect(alert).to_be_focused()
    button = page.get_by_role("button", name="Pagar R$")
    expect(button).to_have_attribute("aria-disabled", "false")
    assert Axe().run(page).response["violations"] == []
    button.click()
    page.wait_for_url(f"{RETURN_URL}**")


@pytest.mark.parametrize(
    "error", [{"type": "api_error", "message": "An internal id leaked."}, {"type": "no_connection"}]
)
def test_what_is_not_for_shoppers_is_not_shown_to_them(checkout: Checkout, error: dict[str, Any]) -> None:
    checkout.answers = [error]
    page = checkout.open()
    pay(page)
    expect(page.get_by_role("alert")).to_contain_text("O pagamento não foi concluído.")
    expect(page.get_by_role("button", name="Pagar R$")).to_have_attribute("aria-disabled", "false")
    if error["type"] == "no_connection":
        assert "ERR_FAILED" in checkout.complaints.pop()


def test_what_was_paid_in_another_tab_is_told_by_the_page_itself(checkout: Checkout) -> None:
    checkout.answers = [{"type": "invalid_request_error", "code": "payment_intent_unexpected_state"}]
    page = checkout.open()
    expect(page.get_by_role("button", name="Pagar")).to_be_visible()
    checkout.selling.paying.sandbox.approve(checkout.intent())
    pay(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Seu pagamento está em análise")


def test_a_script_that_does_not_come_is_said_and_tried_again(checkout: Checkout) -> None:
    checkout.outages = 1
    page = checkout.open()
    expect(page.get_by_role("alert")).to_contain_text("Não foi possível carregar o formulário")
    expect(page.get_by_role("button", name="Pagar")).to_be_hidden()
    assert "ERR_FAILED" in checkout.complaints.pop()
    page.get_by_role("button", name="Tentar de novo").click()
    expect(page.get_by_role("button", name="Pagar")).to_be_visible()


def test_a_form_that_stripe_refuses_is_said(real: Selling, shoppers: Callable[..., Checkout]) -> None:
    checkout = shoppers()
    page_html = page_of(real, checkout.session).text.replace(PUBLIC_KEY, "pk_test_refused")
    headers = dict(page_of(real, checkout.session).headers)
    checkout.context.route("**/pay/*", lambda route: route.fulfill(body=page_html, headers=headers))
    page = checkout.open()
    expect(page.get_by_role("alert")).to_contain_text("Não foi possível carregar o formulário")
    expect(page.get_by_role("button", name="Tentar de novo")).to_be_visible()


def test_without_scripts_the_page_says_what_it_needs(checkout: Checkout, chromium: Browser) -> None:
    # The driver's own switch leaves `noscript` hidden, as if scripts ran.
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(), args=["--blink-settings=scriptEnabled=false"]
    )
    page = browser.new_page()
    page.goto(checkout.address + path_of(checkout.session["next_action"]["url"]))
    said = page.locator("noscript p")
    expect(said).to_be_visible()
    assert "precisa de JavaScript" in said.inner_text()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Voltar para a loja sem pagar")).to_be_visible()
    browser.close()
