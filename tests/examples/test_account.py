"""Register, log in, own orders, log out; a login that ends in the middle is no accident."""

from __future__ import annotations

from tests.examples.conftest import Browser
from tests.examples.stub_shop import Refusal

ANA = {"name": "Ana Lima", "email": "ana@uol.example", "password": "uma frase comprida"}


def test_registering_logs_in_and_own_orders_are_listed(visitor: Browser) -> None:
    assert visitor.get("/account").location == "/account/login"
    assert visitor.post("/account/register", **ANA).location == "/account"
    assert "Você ainda não fez pedidos" in visitor.get("/account").text
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.get("/checkout/return")
    page = visitor.get("/account").text
    assert "Pedido CI-1042" in page
    assert "R$\u00a072,48" in page


def test_errors_stand_beside_their_fields_and_passwords_are_never_sent_back(visitor: Browser) -> None:
    page = visitor.post("/account/register", **{**ANA, "password": "curta"})
    assert page.status_code == 422
    assert 'id="password-note"' in page.text
    assert "Ana Lima" in page.text
    assert "curta" not in page.text
    page = visitor.post("/account/login", email="", password="")
    assert page.status_code == 422
    assert page.text.count("Preencha este campo.") == 2


def test_too_many_tries_are_told_in_the_form(visitor: Browser) -> None:
    visitor.shop.refuse["POST", "/auth/login"] = Refusal(429, "too_many_tries", retry_after=60)
    page = visitor.post("/account/login", email=ANA["email"], password="x")
    assert page.status_code == 422
    assert "Espere um minuto" in page.text


def test_a_wrong_password_says_so_without_saying_which(visitor: Browser) -> None:
    page = visitor.post("/account/login", email="nobody@uol.example", password="x")
    assert page.status_code == 422
    assert "E-mail e senha não combinam." in page.text
    assert "nobody@uol.example" in page.text


def test_a_token_that_ended_is_renewed_without_the_shopper_noticing(visitor: Browser) -> None:
    visitor.post("/account/register", **ANA)
    visitor.shop.access = "access-2"
    assert visitor.get("/account").status_code == 200
    assert ("POST", "/auth/refresh") in visitor.shop.seen


def test_a_login_ended_elsewhere_goes_on_as_a_guest(visitor: Browser) -> None:
    visitor.post("/account/register", **ANA)
    visitor.shop.access = "access-2"
    visitor.shop.refuse["POST", "/auth/refresh"] = Refusal(401, "session_ended")
    visitor.fill_bag()
    assert "Café Mantiqueira" in visitor.get("/cart").text
    assert visitor.get("/account").location == "/account/login"


def test_logging_in_on_the_way_to_the_checkout_leads_back_there_and_nowhere_else(visitor: Browser) -> None:
    visitor.post("/account/register", **ANA)
    assert visitor.post("/account/logout").location == "/"
    assert visitor.get("/account").location == "/account/login"
    login = {"email": ANA["email"], "password": ANA["password"]}
    assert visitor.post("/account/login", **login, next="checkout").location == "/checkout"
    assert visitor.post("/account/login", **login, next="https://evil.example").location == "/account"


def test_the_api_away_while_logging_in_keeps_the_password_out_of_the_page(visitor: Browser) -> None:
    visitor.shop.refuse["POST", "/auth/login"] = Refusal(503, "unavailable")
    page = visitor.post("/account/login", email=ANA["email"], password=ANA["password"])
    assert page.status_code == 503
    assert ANA["password"] not in page.text
