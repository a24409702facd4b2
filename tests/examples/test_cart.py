"""The bag: what goes in, what changes, what is wrong with it and how it is put right."""

from __future__ import annotations

import re

from tests.examples.conftest import Browser
from tests.examples.stub_shop import Refusal


def line_of(visitor: Browser) -> str:
    (cart,) = visitor.shop.carts.values()
    return str(cart["lines"][0]["id"])


def test_a_bag_is_made_with_its_first_piece_and_counted_at_the_top(visitor: Browser) -> None:
    visitor.get("/")
    assert not visitor.shop.carts
    visitor.fill_bag(quantity="2")
    visitor.fill_bag()
    page = visitor.get("/cart").text
    assert "Sacola, 3 peças" in page
    assert "R$\u00a0164,70" in page
    assert "cart-1" not in page  # the token is a secret of the cookie


def test_a_cart_cookie_that_was_tampered_with_is_no_cart(visitor: Browser) -> None:
    visitor.fill_bag()
    visitor.client.set_cookie("casa_ipe_cart", "ImNhcnQtMSI.forged.signature", domain="localhost")
    assert "Ainda não há nada aqui." in visitor.get("/cart").text


def test_a_cart_that_the_api_forgot_is_forgotten_and_a_new_one_made(visitor: Browser) -> None:
    visitor.fill_bag()
    visitor.shop.carts.clear()
    assert "Ainda não há nada aqui." in visitor.get("/cart").text
    visitor.fill_bag()
    assert len(visitor.shop.carts) == 1


def test_quantity_is_changed_by_step_or_typed_and_zero_removes(visitor: Browser) -> None:
    visitor.fill_bag()
    line = line_of(visitor)
    visitor.post(f"/cart/lines/{line}", step="2", quantity="1")
    assert "R$\u00a0109,80" in visitor.get("/cart").text
    visitor.post(f"/cart/lines/{line}", quantity="5")
    assert "Sacola, 5 peças" in visitor.get("/cart").text
    visitor.post(f"/cart/lines/{line}", quantity="0")
    assert "Ainda não há nada aqui." in visitor.get("/cart").text


def test_nonsense_is_not_a_quantity(visitor: Browser) -> None:
    visitor.fill_bag()
    for nonsense in ("-1", "1.5", "x", "99999999", "²"):
        visitor.post(f"/cart/lines/{line_of(visitor)}", quantity=nonsense)
        page = visitor.get("/cart").text
        assert "A quantidade é um número" in page
        assert "Sacola, 1 peça" in page
    refused = visitor.post("/cart/lines", variant="v-cafe", slug="cafe", quantity="abc")
    assert refused.status_code == 422
    assert 'value="abc"' in refused.text  # nothing typed is lost


def test_a_line_removed_in_another_tab_is_no_error(visitor: Browser) -> None:
    visitor.fill_bag()
    line = line_of(visitor)
    visitor.post(f"/cart/lines/{line}/remove")
    assert visitor.post(f"/cart/lines/{line}/remove").status_code == 303
    assert visitor.get("/cart").status_code == 200


def test_a_piece_that_cannot_be_added_is_told_on_its_page(visitor: Browser) -> None:
    visitor.shop.refuse["POST", "/lines"] = Refusal(422, "insufficient_stock")
    page = visitor.post("/cart/lines", variant="v-cafe", slug="cafe", quantity="7")
    assert page.status_code == 422
    assert "Não temos mais essa quantidade." in page.text
    assert 'value="7"' in page.text


def test_each_problem_has_its_remedy_as_a_button(visitor: Browser) -> None:
    visitor.fill_bag(quantity="3")
    line = line_of(visitor)
    problem = {"code": "insufficient_stock", "line_id": line, "detail": "", "remedy": {"quantity": 1}}
    visitor.shop.problems = [problem]
    page = visitor.get("/cart").text
    assert "Só resta 1 desta peça." in page
    assert "Fechar pedido" not in page
    remedy = re.search(
        r'action="([^"]+)">\s*<input[^>]+csrf[^>]+>\s*<input type="hidden" name="quantity" value="1">', page
    )
    assert remedy
    visitor.post(remedy[1], quantity="1")
    visitor.shop.problems = []
    assert "Sacola, 1 peça" in visitor.get("/cart").text


def test_every_problem_of_the_contract_has_words(visitor: Browser) -> None:
    visitor.fill_bag()
    line = line_of(visitor)
    expected = {
        "variant_unavailable": "Tirar da sacola",
        "price_changed": "Aceitar o preço de R$\u00a054,90",
        "shipping_option_expired": "Escolher a entrega",
        "shipping_option_invalid": "Escolher a entrega",
    }
    for code, button in expected.items():
        on_line = None if code.startswith("shipping") else line
        remedy = {"quantity": 1} if code == "price_changed" else None  # set again, at the price of today
        visitor.shop.problems = [{"code": code, "line_id": on_line, "detail": "", "remedy": remedy}]
        assert button in visitor.get("/cart").text, code


def test_a_payment_in_progress_keeps_the_bag_as_it_is(visitor: Browser) -> None:
    visitor.fill_bag()
    visitor.shop.refuse["PATCH", line_of(visitor)] = Refusal(409, "payment_in_progress")
    visitor.post(f"/cart/lines/{line_of(visitor)}", quantity="2")
    assert "Há um pagamento em andamento" in visitor.get("/cart").text


def test_a_form_without_its_token_is_refused(visitor: Browser) -> None:
    visitor.get("/")
    for data in ({}, {"csrf_token": "guess"}):
        page = visitor.client.post("/cart/lines", data={"variant": "v-cafe", "quantity": "1", **data})
        assert page.status_code == 400
        assert "Esta página ficou aberta por muito tempo" in page.text
    assert not visitor.shop.carts


def test_a_bag_that_became_an_order_leads_to_it(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.refuse["PATCH", line_of(visitor)] = Refusal(409, "cart_completed")
    moved = visitor.post(f"/cart/lines/{line_of(visitor)}", quantity="2")
    assert moved.location == "/checkout/return"
    page = visitor.get(visitor.get("/checkout/return").location or "").text
    assert "A sua sacola já virou este pedido." in page
    assert "Pedido CI-1042" in page
