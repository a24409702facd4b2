"""What is not sent in a parcel is paid without an address, from the cart to the order."""

from __future__ import annotations

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
