"""What the customer chose and pays at the checkout stands beside what the postage costs now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.cart.changes import ChooseDelivery
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.list_delivery_options import ListDeliveryOptions, list_delivery_options
from core.identity.roles import Role
from ports.orders import OrderDetail
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import fresh, paid, shown
from tests.admin.shipping_desk import carrier, prepare
from tests.core.checkout.test_by_hand import place
from tests.shop import Shop, settings_for


@pytest.fixture
def desk(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.SUPPORT)


def paid_by_carrier(shop: Shop, name: str) -> OrderDetail:
    """A paid order that a carrier's service delivers."""
    token = shop.cart({shop.product(): 1})
    offer = shop.run(list_delivery_options, ListDeliveryOptions(token), shop.storefront)
    option = next(option for option in offer.options if option.name == name)
    shop.run(change_cart, ChangeCart(token, ChooseDelivery(option.id)), shop.storefront)
    order = place(shop, token)
    wish = RecordPayment(order.id, order.payments[0].id, order.total, "money")
    shop.run(record_payment, wish, shop.as_(Role.SUPPORT))
    return fresh(shop, order)


def marked(text: str) -> list[str]:
    """The services whose offers are marked."""
    rows = re.findall(r'<input[^>]*name="quote"[^>]*>.*?</tr>', text, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).split()[1] for row in rows if " checked" in row]


def test_the_service_that_the_customer_chose_is_marked(desk: Browser, shop: Shop) -> None:
    carrier(shop)
    order = paid_by_carrier(shop, "Correios SEDEX")
    text = shown(desk.get(prepare(desk, order)).text)
    assert marked(text) == ["SEDEX"]  # PAC is cheaper and stands above it
    assert "The customer pays R$ 33,45 for Correios SEDEX." in text


def test_an_option_of_the_table_marks_the_cheapest(desk: Browser, shop: Shop) -> None:
    carrier(shop)
    text = shown(desk.get(prepare(desk, paid(shop))).text)
    assert marked(text) == ["PAC"]
    assert "The customer pays R$ 17,90 for PAC." in text


def test_a_price_that_was_an_estimate_is_said_so(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    shop.run(list_delivery_options, ListDeliveryOptions(shop.cart({shop.product(): 1})), shop.storefront)
    scripted.fail_rates = True
    shop.clock.advance(hours=1)
    estimated = paid_by_carrier(shop, "Correios SEDEX")
    assert "estimated, because the carrier did not answer" in shown(desk.get(f"/orders/{estimated.number}").text)
    scripted.fail_rates = False
    shop.clock.advance(hours=1)
    firm = paid_by_carrier(shop, "Correios SEDEX")
    assert "estimated" not in shown(desk.get(f"/orders/{firm.number}").text)
