"""What is not sent in a parcel is paid without an address, from the cart to the order."""

from __future__ import annotations

from core.aftersales.use_cases.hand_over import HandOverPaid, hand_over_paid
from core.shared.ids import OrderId
from tests.web.selling import Selling, selling
from tests.web.test_cart import CONTACT, add, brl, start

__all__ = ["selling"]


def test_a_cart_without_delivery_becomes_an_order(selling: Selling) -> None:
    shop = selling.paying.shop
    voucher = shop.product("Vale", price=5000)
    shop.execute("UPDATE variants SET requires_shipping = false WHERE id = :v", v=voucher)
    cart = start(selling.api)
    add(selling.api, cart, voucher, 2)
    selling.api("PATCH", cart, json={"contact": CONTACT})
    placed = selling.order(cart)
    assert (placed["shipping_address"], placed["shipping_option"]) == (None, None)
    assert (placed["totals"]["total"], placed["payment_status"]) == (brl(10000), "paid")


def test_what_no_parcel_carries_is_told_as_handed_over(selling: Selling) -> None:
    shop = selling.paying.shop
    voucher = shop.product("Vale", price=5000)
    shop.execute("UPDATE variants SET requires_shipping = false WHERE id = :v", v=voucher)
    cart = start(selling.api)
    add(selling.api, cart, voucher, 2)
    selling.api("PATCH", cart, json={"contact": CONTACT})
    placed = selling.order(cart)
    assert (placed["fulfilment_status"], placed["fulfilments"]) == ("unfulfilled", [])
    order_id = OrderId(shop.sql("SELECT id FROM orders")[0]["id"])
    shop.run(hand_over_paid, HandOverPaid(order_id))
    after = selling.complete(cart).get_json()
    assert after["fulfilment_status"] == "fulfilled"
    (handed,) = after["fulfilments"]
    assert (handed["parcels"], [line["quantity"] for line in handed["lines"]]) == ([], [2])
