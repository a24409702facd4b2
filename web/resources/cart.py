"""Carts: put together, addressed, priced. The token in the path is the secret that opens the cart.

Every change honours If-Match, and answers with the cart as it is then, recalculated, under its ETag.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, jsonify, url_for

from core.cart.changes import AddLine, CartChange, ChangeContact, ChangeLine, ChooseDelivery, SetAddresses
from core.cart.queries import CartView, GetCart, get_cart
from core.cart.use_cases.create_cart import CreateCart, create_cart
from core.checkout.queries import AddressPaymentPage, address_payment_page
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.list_delivery_options import ListDeliveryOptions, list_delivery_options
from core.shared.context import Shopper
from core.shared.ids import LineId, ShopperId, VariantId
from web.calls import context, read, run
from web.resource import Resource
from web.schemas.cart import (
    AddLineSchema,
    AddressesSchema,
    CartSchema,
    ChangeCartSchema,
    ChangeLineSchema,
    ChooseOptionSchema,
    CreateCartSchema,
    ShippingOptionsSchema,
    cart_body,
    option_body,
)
from web.versions import expected_version, with_version

carts = Resource("carts", description="Carts, from the first piece to the delivery option.")


def caller() -> ShopperId | None:
    """The account of the shopper signed in, if there is one: what they touch is theirs."""
    actor = context().actor
    return actor.id if isinstance(actor, Shopper) else None


def payment_page(session_id: UUID) -> str:
    """The address of a session's payment page."""
    return read(address_payment_page, AddressPaymentPage(session_id))


def _shown(view: CartView, status: int = 200) -> Response:
    response = jsonify(cart_body(view, payment_page))
    response.status_code = status
    return with_version(response, view.basket.cart.version)


def _change(token: str, change: CartChange, status: int = 200) -> Response:
    return _shown(run(change_cart, ChangeCart(token, change, expected_version(), caller())), status)


@carts.post("/carts")
@carts.arguments(CreateCartSchema)
@carts.response(201, CartSchema)
def create(body: dict[str, Any]) -> Response:
    """Start a cart."""
    view = run(create_cart, CreateCart(context().locale, caller()))
    response = _shown(view, 201)
    response.headers["Location"] = url_for("carts.show", token=view.token)
    return response


@carts.get("/carts/<token>")
@carts.response(200, CartSchema)
def show(token: str) -> Response:
    """Show a cart, recalculated, with its problems and their remedies."""
    return _shown(read(get_cart, GetCart(token)))


@carts.patch("/carts/<token>")
@carts.arguments(ChangeCartSchema)
@carts.response(200, CartSchema)
def change_contact(body: dict[str, Any], token: str) -> Response:
    """Say who buys (JSON merge patch)."""
    return _change(token, ChangeContact(body["contact"]))


@carts.post("/carts/<token>/lines")
@carts.arguments(AddLineSchema)
@carts.response(201, CartSchema)
def add_line(body: dict[str, Any], token: str) -> Response:
    """Put pieces in; those of a variant that is in already add up."""
    return _change(token, AddLine(VariantId(body["variant_id"]), body["quantity"]), 201)


@carts.patch("/carts/<token>/lines/<uuid:line>")
@carts.arguments(ChangeLineSchema)
@carts.response(200, CartSchema)
def change_line(body: dict[str, Any], token: str, line: UUID) -> Response:
    """Set a line's quantity."""
    return _change(token, ChangeLine(LineId(line), body["quantity"]))


@carts.delete("/carts/<token>/lines/<uuid:line>")
@carts.response(200, CartSchema)
def remove_line(token: str, line: UUID) -> Response:
    """Take a line out."""
    return _change(token, ChangeLine(LineId(line), 0))


@carts.put("/carts/<token>/addresses")
@carts.arguments(AddressesSchema)
@carts.response(200, CartSchema)
def set_addresses(body: dict[str, Any], token: str) -> Response:
    """Say where it goes and, when that differs, who is billed."""
    return _change(token, SetAddresses(body["shipping"], body["billing"]))


@carts.get("/carts/<token>/shipping-options")
@carts.response(200, ShippingOptionsSchema)
def list_shipping_options(token: str) -> Response:
    """List how the cart can be delivered; none before it has an address.

    The store's own table comes first, then what carriers offer, cheapest first. A carrier that does not answer in time
    takes away its own options only; its last prices are offered as estimates. When there is no option at all,
    `problems` says why and what helps.
    """
    found = run(list_delivery_options, ListDeliveryOptions(token))
    return jsonify(
        data=[option_body(option) for option in found.options], problems=[asdict(each) for each in found.problems]
    )


@carts.put("/carts/<token>/shipping-option")
@carts.arguments(ChooseOptionSchema)
@carts.response(200, CartSchema)
def choose_shipping_option(body: dict[str, Any], token: str) -> Response:
    """Choose how it is delivered."""
    return _change(token, ChooseDelivery(body["id"]))
