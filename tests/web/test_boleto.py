"""Boleto over the API: its number and its day, in the session and in the order."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.web.selling import Selling, selling

__all__ = ["selling"]  # a fixture, used by its name


@pytest.fixture
def boletos(selling: Selling) -> Selling:
    """A shop whose account takes boletos."""
    shop = selling.paying.shop
    shop.execute("UPDATE payment_accounts SET methods = methods || '{boleto}' WHERE provider = 'stripe'")
    return selling


def test_a_boleto_shows_its_number_and_its_day_and_is_awaited(boletos: Selling) -> None:
    methods = boletos.api("GET", "/api/v1/store").get_json()["payment_methods"]
    assert {"method": "boleto", "name": "Boleto"} in methods
    cart = boletos.cart(price=5000)
    session = boletos.session(cart, "boleto")
    action = session["next_action"]
    today = datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    assert (session["status"], action["type"]) == ("awaiting", "boleto")
    assert action["due_on"] == (today + timedelta(days=3)).isoformat()
    assert len(action["number"]) == 47
    assert "/pay/pi_" in action["url"]
    order = boletos.complete(cart).get_json()
    assert (order["payment_status"], order["payments"][0]["method"]) == ("awaiting", "boleto")
    assert order["payments"][0]["next_action"] == action


def test_a_boleto_without_a_tax_id_says_what_it_lacks(boletos: Selling) -> None:
    cart = boletos.cart()
    assert boletos.api("PATCH", cart, json={"contact": {"tax_id": None}}).status_code == 200
    answer = boletos.pay(cart, "boleto")
    assert answer.status_code == 422
    told = answer.get_json()
    assert told["code"] == "cart_incomplete"
    assert [error["field"] for error in told["errors"]] == ["contact.tax_id"]
