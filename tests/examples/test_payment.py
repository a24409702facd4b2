"""Every answer that `complete` may give, and the pages that follow."""

from __future__ import annotations

import re

import httpx
import pytest
from flask import Flask

from core.logistics.tracking import ParcelStatus
from examples.storefront import words
from examples.storefront.app import create_app
from tests.examples.conftest import PERSON, Browser, settings_for
from tests.examples.stub_shop import Refusal, Shop


def test_a_card_goes_to_the_payment_page_and_comes_back_to_an_order(visitor: Browser) -> None:
    visitor.ready_to_pay()
    assert visitor.pay("card").location == "http://pay.example/pay/secret"
    back = visitor.get("/checkout/return?payment_session=ps-1")
    assert back.location == "/orders/1042"
    page = visitor.get(back.location).text
    assert "Pedido confirmado, Luciana" in page
    assert "Pedido CI-1042" in page
    assert "R$\u00a072,48" in page
    assert "Pacote" not in page
    assert "Ainda não há nada aqui." in visitor.get("/cart").text
    assert visitor.get("/checkout/return").location == "/orders/1042"  # the button "back" finds the order


def test_a_bag_that_costs_nothing_goes_straight_to_its_order(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.shop.refuse["POST", "/payment-sessions"] = Refusal(422, "nothing_to_pay")
    assert visitor.pay("card").location == "/checkout/return"


def test_an_unknown_outcome_waits_by_itself_and_repeats_with_the_same_key(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.payment = "unknown"
    page = visitor.get("/checkout/return")
    assert page.status_code == 200
    assert page.headers["Refresh"] == "3"
    assert "Confirmando o pagamento" in page.text
    visitor.shop.payment = "captured"
    assert visitor.get("/checkout/return").location == "/orders/1042"
    assert len(set(visitor.shop.keys)) == 1
    assert len(visitor.shop.keys) == 2


def test_an_api_that_goes_away_while_paying_never_says_that_nothing_happened(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.refuse["POST", "/complete"] = Refusal(503, "payment_outcome_unknown", retry_after=5)
    page = visitor.get("/checkout/return")
    assert page.headers["Refresh"] == "5"
    assert "Não pague outra vez" in page.text
    visitor.shop.refuse.clear()
    assert visitor.get("/checkout/return").location == "/orders/1042"


def test_a_declined_card_can_be_tried_again_under_a_new_key(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.payment = "declined"
    assert visitor.get("/checkout/return").location == "/checkout#payment"
    page = visitor.get("/checkout").text
    assert "O banco recusou o pagamento e nada foi cobrado." in page
    visitor.shop.payment = "captured"
    assert visitor.pay("card").status_code == 303
    assert visitor.get("/checkout/return").location == "/orders/1042"
    assert len(set(visitor.shop.keys)) == 2


def test_coming_back_without_having_paid_offers_to_go_on(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.refuse["POST", "/complete"] = Refusal(409, "payment_not_confirmed")
    page = visitor.get("/checkout/return")
    assert page.status_code == 409
    assert 'href="http://pay.example/pay/secret"' in page.text
    assert "Escolher outra forma de pagar" in page.text


def test_a_session_that_ran_out_leads_to_choosing_again(visitor: Browser) -> None:
    visitor.ready_to_pay()
    assert visitor.get("/checkout/return").location == "/checkout#payment"
    assert "O prazo do pagamento acabou." in visitor.get("/checkout").text


def test_an_order_being_made_by_another_request_is_waited_for(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.refuse["POST", "/complete"] = Refusal(409, "idempotency_in_flight")
    assert visitor.get("/checkout/return").headers["Refresh"] == "2"


def test_a_cart_paid_while_the_browser_was_away_is_found_as_an_order(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    (token,) = visitor.shop.carts
    visitor.shop.order(token, visitor.shop.carts[token]["payment_session"])  # by the provider's word
    assert visitor.get("/cart").location == "/checkout/return"
    assert visitor.get("/checkout").location == "/checkout/return"
    assert visitor.get("/checkout/return").location == "/orders/1042"


def test_a_button_pressed_twice_makes_one_order(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.shop.refuse["POST", "/payment-sessions"] = Refusal(409, "payment_in_progress")
    assert visitor.pay("card").location == "/checkout/return"


def test_pix_shows_time_code_steps_and_qr_in_this_order_and_goes_on_when_paid(visitor: Browser) -> None:
    visitor.ready_to_pay()
    assert visitor.pay("pix").location == "/checkout/return"
    assert visitor.get("/checkout/return").location == "/orders/1042/pix"
    page = visitor.get("/orders/1042/pix").text
    order = [
        "data-left=",
        "00020126580014br.gov.bcb.pix",
        "Copiar código",
        "Pix copia e cola",
        "data:image/svg+xml",
    ]
    places = [page.index(part, page.index("Falta só o Pix")) for part in order]
    assert places == sorted(places)
    assert "<noscript><meta http-equiv" in page
    waiting = visitor.get("/orders/1042/state").get_json()
    assert (waiting["payment_status"], waiting["next"]) == ("awaiting", None)
    visitor.shop.orders["1042"]["payment_status"] = "paid"
    assert visitor.get("/orders/1042/state").get_json()["next"] == "/orders/1042"
    assert visitor.get("/orders/1042/pix").location == "/orders/1042"
    assert "Pedido confirmado" in visitor.get("/orders/1042").text


def test_a_boleto_shows_its_day_its_number_in_groups_and_where_it_is(visitor: Browser) -> None:
    visitor.ready_to_pay()
    assert visitor.pay("boleto").location == "/checkout/return"
    assert visitor.get("/checkout/return").location == "/orders/1042/boleto"
    page = visitor.get("/orders/1042/boleto").text
    order = ["27 nov", "R$\u00a072,48", "99991.23456 78901.234567 89012.345678 9 01234567890123", "Copiar código",
             "http://pay.example/boleto", "próximo dia útil"]  # fmt: skip
    places = [page.index(part, page.index("Falta só o boleto")) for part in order]
    assert places == sorted(places)
    seen = visitor.get("/orders/1042").text
    assert "O boleto vence em 27 nov." in seen
    assert "Falta só o boleto" in seen
    visitor.shop.orders["1042"]["payment_status"] = "paid"
    assert visitor.get("/orders/1042/boleto").location == "/orders/1042"


def test_a_pix_that_ran_out_is_a_cancelled_order(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("pix")
    visitor.get("/checkout/return")
    assert "Pagar R$\u00a072,48 com Pix" in visitor.get("/orders/1042").text
    visitor.shop.orders["1042"].update(status="cancelled", payment_status="expired")
    assert visitor.get("/orders/1042/state").get_json()["next"] == "/orders/1042"
    page = visitor.get("/orders/1042").text
    assert "Pedido cancelado" in page
    assert "com Pix</a>" not in page


@pytest.mark.parametrize(
    ("method", "headline", "told"),
    [
        ("bank_transfer", "Falta só a transferência", "Agência 1234, conta 5678-9"),
        ("cash_on_delivery", "Pedido feito", "Você paga quando as peças chegarem."),
    ],
)
def test_money_that_comes_later_is_explained(visitor: Browser, method: str, headline: str, told: str) -> None:
    visitor.ready_to_pay()
    visitor.pay(method)
    page = visitor.get(visitor.get("/checkout/return").location or "").text
    assert headline in page
    assert told in page


def test_money_given_back_and_parcels_are_shown_when_there_are_any(visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.get("/checkout/return")
    order = visitor.shop.orders["1042"]
    order.update(payment_status="partially_refunded", fulfilment_status="in_transit")
    order["payments"][0]["refunded"] = {"amount": 1000, "currency": "BRL"}
    events = [
        {"status": "in_transit", "at": "2026-11-19T04:15:00Z", "text": "left", "place": "Curitiba", "local_time": ""},
        {"status": "accepted", "at": None, "text": "posted", "place": None, "local_time": "2026-11-18T16:40"},
    ]
    parcel = {
        "tracking_number": "QB482917305BR",
        "carrier": "Correios",
        "service": "SEDEX",
        "status": "in_transit",
        "events": events,
    }
    order["fulfilments"] = [{"parcels": [parcel]}]
    page = visitor.get("/orders/1042").text
    for part in (
        "Seu pedido está a caminho",
        "Pacote 1",
        "QB482917305BR",
        "Em trânsito",
        "Curitiba",
        "−R$\u00a010,00",
    ):
        assert part in page
    steps = re.findall(r'<li class="ahead"><span>([^<]+)', page)
    assert steps == ["Entregue", "Saiu para entrega"]
    parcel["status"] = "lost"
    assert 'class="ahead"' not in visitor.get("/orders/1042").text


def test_every_status_of_a_parcel_has_its_words() -> None:
    assert set(words.PARCEL_STATES) == {str(status) for status in ParcelStatus}
    assert set(words.PARCEL_WAY) < set(words.PARCEL_STATES)


def test_an_order_opens_for_its_token_only(storefront: Flask, visitor: Browser) -> None:
    visitor.ready_to_pay()
    visitor.pay("card")
    visitor.get("/checkout/return")
    stranger = Browser(storefront.test_client(), visitor.shop)
    assert stranger.get("/orders/1042").status_code == 404
    assert stranger.get("/orders/1042/state").status_code == 404
    assert stranger.get("/orders/1042?token=token-1042").location == "/orders/1042"  # the link of the mail
    assert stranger.get("/orders/1042").status_code == 200


def test_the_api_away_is_a_friendly_page_that_tries_again(visitor: Browser) -> None:
    visitor.shop.refuse["GET", "/products"] = Refusal(503, "unavailable", retry_after=7)
    page = visitor.get("/?q=caneca")
    assert page.status_code == 503
    assert page.headers["Refresh"] == "7"
    assert 'href="/?q=caneca"' in page.text
    visitor.shop.refuse.clear()
    assert visitor.get("/?q=caneca").status_code == 200


def test_a_checkout_sent_while_the_api_is_away_is_kept_whole(visitor: Browser) -> None:
    visitor.fill_bag()
    visitor.shop.refuse["PATCH", "cart-1"] = Refusal(500, "broken")
    page = visitor.post("/checkout", action="delivery", **PERSON)
    assert page.status_code == 503
    assert "Refresh" not in page.headers  # a form is never sent again by itself
    for name in ("street", "tax_id", "action"):
        assert f'<input type="hidden" name="{name}"' in page.text
    assert page.text.count('name="csrf_token"') == 1


def test_nobody_answering_is_the_same_page_and_reading_is_tried_three_times(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.storefront.api.PAUSES", (0.0, 0.0))
    calls: list[str] = []

    def nobody(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        raise httpx.ConnectError("refused")

    app = create_app(settings_for("http://api.example"), httpx.MockTransport(nobody))
    visitor = Browser(app.test_client(), shop)
    page = visitor.get("/")
    assert page.status_code == 503
    assert "A loja não respondeu" in page.text
    first = len(calls)
    assert first >= 3
    assert visitor.post("/cart/lines", variant="v-cafe", slug="cafe", quantity="1").status_code == 503
    assert calls.count("POST") == 1  # what changes something is never repeated behind the shopper's back
    app.extensions["storefront_client"].close()
