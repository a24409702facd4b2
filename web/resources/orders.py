"""Orders, as whoever placed them sees them."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from core.orders.queries import GetOwnOrder, ListOwnOrders, get_own_order, list_own_orders
from core.shared.errors import NotFound
from web.calls import read
from web.pagination import PageArguments, listed, page_body, page_request
from web.resource import Resource
from web.resources.auth import signed_in
from web.resources.cart import caller
from web.schemas.orders import OrderSchema, OrderSummarySchema, order_body, summary_body

TOKEN = "X-Order-Token"

_DIGITS = 18  # what a bigint holds in any case

orders = Resource("orders", description="The customer's own orders.")


def order_number(text: str) -> int:
    """An order's number as a path has it. Raises NotFound for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and text[0] != "0"):
        raise NotFound("There is no such order.")
    return int(text)


@orders.get("/orders/<number>")
@orders.doc(
    parameters=[
        {
            "in": "header",
            "name": TOKEN,
            "schema": {"type": "string"},
            "description": "The order's `access_token`; or send the access token of the customer's account.",
        }
    ]
)
@orders.response(200, OrderSchema)
def show_order(number: str) -> Response:
    """Show an order to whoever holds its token or placed it signed in."""
    order = read(get_own_order, GetOwnOrder(order_number(number), request.headers.get(TOKEN), caller()))
    return jsonify(order_body(order))


@orders.get("/me/orders")
@orders.arguments(PageArguments, location="query")
@orders.response(200, listed(OrderSummarySchema))
def list_orders(arguments: dict[str, Any]) -> Response:
    """List the customer's orders, newest first."""
    found = read(list_own_orders, ListOwnOrders(signed_in().id, page_request(arguments)))
    return jsonify(page_body(found, summary_body))
