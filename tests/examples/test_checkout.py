"""The checkout's three parts in one form."""

from __future__ import annotations

import pytest

from tests.examples.conftest import PERSON, Browser
from tests.examples.stub_shop import Refusal, carriers_option


def test_an_empty_bag_has_no_checkout(visitor: Browser) -> None:
    assert visitor.get("/checkout").location == "/cart"
    assert visitor.post("/checkout", action="pay").location == "/cart"


def test_contact_and_address_are_saved_and_the_first_delivery_chosen(visitor: Browser) -> None:
    visitor.fill_bag()
    first = visitor.get("/checkout").text
    assert "Ver opções de entrega" in first
    assert "Pagar R$" not in first
    assert visitor.post("/checkout", action="delivery", **PERSON).status_code == 303
    page = visitor.get("/checkout").text
    (cart,) = visitor.shop.carts.values()
    assert cart["contact"] == {
        "email": "luciana@uol.example",
        "name": "Luciana Sampaio Rocha",
        "phone": "47988204471",
        "tax_id": "52998224725",
    }
    assert cart["shipping_address"]["postal_code"] == "89010003"
    assert cart["shipping_address"]["name"] == "Luciana Sampaio Rocha"
    assert cart["shipping_option"]["id"] == "pac"
    assert "chega em 3 a 5 dias" in page
    assert "Pagar R$\u00a072,48 com Pix" in page
    assert "CPF •••.982.247-••, (47) 98820-4471" in page


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(visitor: Browser) -> None:
    visitor.fill_bag()
    page = visitor.post("/checkout", action="delivery", **{**PERSON, "number": "", "tax_id": "529.982.247-26"})
    assert page.status_code == 422
    assert "Falta o número. Sem número? Escreva S/N." in page.text
    assert "Confira o CPF: os dígitos não batem." in page.text
    for typed in ("Luciana Sampaio Rocha", "529.982.247-26", "Rua XV de Novembro", "Apto 402"):
        assert typed in page.text
    (cart,) = visitor.shop.carts.values()
    assert cart["contact"] is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "luciana", "Confira o e-mail."),
        ("phone", "12", "Telefone com DDD."),
        ("postal_code", "8901", "O CEP tem oito números."),
        ("region", "", "Escolha o estado."),
    ],
)
def test_what_cannot_be_right_is_said(visitor: Browser, field: str, value: str, sentence: str) -> None:
    visitor.fill_bag()
    page = visitor.post("/checkout", action="delivery", **{**PERSON, field: value})
    assert page.status_code == 422
    assert sentence in page.text
    assert f'id="{field}-note"' in page.text


def test_a_refusal_of_the_api_stands_beside_the_field_it_names(visitor: Browser) -> None:
    visitor.fill_bag()
    error = {"field": "shipping.district", "code": "unheard_of", "message": "O bairro é longo demais."}
    visitor.shop.refuse["PUT", "/addresses"] = Refusal(422, "invalid", [error])
    page = visitor.post("/checkout", action="delivery", **PERSON)
    assert page.status_code == 422
    assert '<p class="error" id="district-note">' in page.text
    assert "O bairro é longo demais." in page.text


def test_what_is_already_saved_is_not_written_again(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.shop.seen.clear()
    visitor.post("/checkout", action="delivery", **PERSON, shipping_option="sedex", method="pix")
    writes = [path.rsplit("/", 1)[-1] for method, path in visitor.shop.seen if method in ("PUT", "PATCH")]
    assert writes == ["shipping-option"]
    assert "Pagar R$\u00a077,00 com Pix" in visitor.get("/checkout").text


def test_nobody_pays_another_amount_than_the_button_named(visitor: Browser) -> None:
    visitor.ready_to_pay()
    page = visitor.pay("pix", shipping_option="sedex")  # chosen in the same press: the button still said PAC
    assert page.status_code == 422
    assert "O total mudou." in page.text
    assert not visitor.shop.orders
    assert visitor.pay("pix", shipping_option="sedex").status_code == 303


def test_a_method_has_to_be_one_of_the_store_s(visitor: Browser) -> None:
    visitor.ready_to_pay()
    page = visitor.pay("cheque")
    assert page.status_code == 422
    assert "Escolha como pagar." in page.text


def test_stock_that_ran_out_leads_back_to_the_bag(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.shop.refuse["POST", "/payment-sessions"] = Refusal(422, "insufficient_stock")
    assert visitor.pay("card").location == "/cart"
    assert "Não temos mais essa quantidade." in visitor.get("/cart").text


def test_what_the_api_still_misses_is_shown_at_its_field(visitor: Browser) -> None:
    visitor.ready_to_pay()
    error = {"field": "contact.phone", "code": "required", "message": ""}
    visitor.shop.refuse["POST", "/payment-sessions"] = Refusal(422, "cart_incomplete", [error])
    page = visitor.pay("card")
    assert page.status_code == 422
    assert 'id="phone-note"' in page.text


def test_what_is_missing_beyond_the_fields_is_said_in_portuguese(visitor: Browser) -> None:
    visitor.ready_to_pay()
    errors = [
        {"field": "shipping_address", "code": "required", "message": "Where shall it go?"},
        {"field": "contact.tax_id", "code": "malformed", "message": "Neither a CPF nor a CNPJ."},
        {"field": "method", "code": "unavailable", "message": "Not offered here."},
    ]
    visitor.shop.refuse["POST", "/payment-sessions"] = Refusal(422, "cart_incomplete", errors)
    page = visitor.pay("card").text
    assert "Falta o endereço de entrega." in page
    assert 'id="tax_id-note"' in page
    assert 'id="method-note"' in page
    assert not any(error["message"] in page for error in errors)


def test_problems_of_the_bag_come_before_paying(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.shop.problems = [{"code": "variant_unavailable", "line_id": None, "remedy": None}]
    assert visitor.pay("card").location == "/cart"


def test_what_a_carrier_offers_is_shown_and_what_is_an_estimate_is_said(visitor: Browser) -> None:
    visitor.shop.carriers = [carriers_option("a.0", 1499, estimated=True)]
    visitor.ready_to_pay()
    page = visitor.get("/checkout").text
    assert "Loggi Express" in page
    assert "prazo a combinar, preço estimado" in page
    assert page.count("preço estimado") == 1
    assert visitor.pay("pix", shipping_option="a.0").status_code == 422  # the button still said PAC
    assert visitor.pay("pix", shipping_option="a.0").status_code == 303


def test_a_delivery_price_that_is_over_is_taken_anew(visitor: Browser) -> None:
    visitor.shop.carriers = [carriers_option("a.0", 1499)]
    visitor.ready_to_pay()
    visitor.post("/checkout", action="delivery", **PERSON, shipping_option="a.0")
    visitor.shop.carriers = [carriers_option("b.0", 1599)]
    visitor.shop.problems = [
        {"code": "shipping_option_expired", "line_id": None, "remedy": {"change": "shipping_option"}}
    ]
    assert "Pagar R$\u00a070,89 com Pix" in visitor.get("/checkout").text  # and not the first of the options
    (cart,) = visitor.shop.carts.values()
    assert cart["shipping_option"]["id"] == "b.0"
    assert visitor.pay("pix", shipping_option="b.0").status_code == 303


def test_that_no_price_is_known_right_now_is_no_fault_of_the_address(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.examples.stub_api.OPTIONS", [])
    visitor.shop.no_delivery = [
        {"code": "no_shipping_option", "line_id": None, "detail": "", "remedy": {"retry_after": 60}}
    ]
    visitor.fill_bag()
    visitor.post("/checkout", action="delivery", **PERSON)
    page = visitor.get("/checkout").text
    assert "Não conseguimos consultar o frete agora." in page
    assert "Ainda não entregamos neste endereço." not in page
    assert "Pagar R$" not in page


def test_no_delivery_to_an_address_is_said_at_the_cep(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.examples.stub_api.OPTIONS", [])
    visitor.fill_bag()
    visitor.post("/checkout", action="delivery", **PERSON)
    page = visitor.get("/checkout").text
    assert "Ainda não entregamos neste endereço." in page
    assert "Pagar R$" not in page.split("pay-word", maxsplit=1)[0]


def test_what_is_not_sent_asks_for_no_delivery(visitor: Browser) -> None:
    visitor.fill_bag("v-vale")
    assert "Nada nesta sacola precisa de entrega." in visitor.get("/cart").text
    page = visitor.get("/checkout").text
    assert 'name="postal_code"' not in page
    assert "Ver opções de entrega" not in page
    assert '<span class="step-n ">2</span><h2 class="h3" id="part-3">Pagamento</h2>' in page
    person = {name: PERSON[name] for name in ("name", "email", "tax_id")}
    assert visitor.post("/checkout", action="delivery", **person).location == "/checkout#payment"
    visitor.shop.seen.clear()
    assert "Pagar R$\u00a0100,00 com Pix" in visitor.get("/checkout").text
    assert visitor.post("/checkout", action="pay", **person, method="pix", shown_total="10000").status_code == 303
    (cart,) = visitor.shop.carts.values()
    assert cart["payment_session"]["amount"]["amount"] == 10000
    assert (cart["shipping_address"], cart["shipping_option"]) == (None, None)
    assert not [path for _method, path in visitor.shop.seen if "shipping" in path or "address" in path]


def test_without_delivery_the_buyer_is_still_asked_for(visitor: Browser) -> None:
    visitor.fill_bag("v-vale")
    page = visitor.post("/checkout", action="pay", name="", email="luciana", tax_id=PERSON["tax_id"], method="pix")
    assert page.status_code == 422
    for said in ("Como você se chama?", "Confira o e-mail."):
        assert said in page.text
    for silent in ("Falta a rua.", "A transportadora pode precisar ligar."):
        assert silent not in page.text


def test_one_piece_that_is_sent_brings_the_delivery_back(visitor: Browser) -> None:
    visitor.fill_bag("v-vale")
    visitor.fill_bag("v-cafe")
    assert 'name="postal_code"' in visitor.get("/checkout").text
    person = {name: PERSON[name] for name in ("name", "email", "tax_id")}
    assert "Falta a rua." in visitor.post("/checkout", action="pay", **person).text
