"""From cart to order: the payment session, and its completion."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from core.checkout.errors import OutcomeUnknown
from core.checkout.queries import ShowPaymentSession, show_payment_session
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, SessionView, open_payment_session
from core.orders.queries import GetPlacedOrder, get_placed_order
from core.shared.ids import OrderId
from web.calls import key, read, run
from web.idempotency import idempotent
from web.resource import Resource
from web.resources.cart import caller, payment_page
from web.schemas.checkout import (
    CompleteSchema,
    OpenSessionSchema,
    PaymentSessionSchema,
    StillUnknownSchema,
    session_body,
)
from web.schemas.orders import PlacedOrderSchema, order_body

checkout = Resource("checkout", description="Paying: the stock is held from the session on, the order comes last.")


def _session(view: SessionView) -> Response:
    session = view.session
    body = session_body(
        id=session.id,
        method=session.method,
        state=session.state,
        payment_state=view.payment_state,
        amount=session.amount,
        expires_at=session.expires_at,
        next_action=session.next_action,
        page=payment_page,
    )
    response = jsonify(body)
    response.status_code = 201
    return response


def _session_again(ids: dict[str, str], token: str) -> Response:
    return _session(read(show_payment_session, ShowPaymentSession(token, UUID(ids["session_id"]))))


@checkout.post("/carts/<token>/payment-sessions")
@checkout.arguments(OpenSessionSchema)
@checkout.response(201, PaymentSessionSchema)
@idempotent(_session_again, caller="token")
def open_session(body: dict[str, str], token: str) -> Response:
    """Open a payment session.

    The stock is held until `expires_at` and the total is frozen; a cart has one live session. The same cart by the
    same method gives the same session. 422 `nothing_to_pay`: it costs nothing, complete it as it is. 503 with
    Retry-After: the provider does not answer, ask again.
    """
    command = OpenPaymentSession(token, body["method"], body["return_url"], tuple(sorted(key().origins)), caller())
    return _session(run(open_payment_session, command))


def _placed(ids: dict[str, str], token: str) -> Response:
    placed = read(get_placed_order, GetPlacedOrder(OrderId(UUID(ids["order_id"]))))
    response = jsonify({**order_body(placed.order), "access_token": placed.access_token})
    response.status_code = 201
    return response


@checkout.post("/carts/<token>/complete")
@checkout.arguments(CompleteSchema)
@checkout.response(201, PlacedOrderSchema)
@checkout.alt_response(202, schema=StillUnknownSchema, description="Repeat with the same key after Retry-After.")
@idempotent(_placed, required=True, caller="token")
def complete(body: dict[str, Any], token: str) -> Response:
    """Turn the paid cart into its order; one that costs nothing needs no payment session.

    It may be repeated at will: a cart becomes one order, whoever asks first. 402 `payment_declined`: the cart is open
    and its session too, another try may follow. 409 `payment_not_confirmed`: the shopper has not paid yet.
    """
    try:
        order_id = run(complete_checkout, CompleteCheckout(token, caller()))
    except OutcomeUnknown as unknown:
        # No error: the request was understood and is being worked on, which is what 202 says (RFC 9110, 15.3.3).
        response = jsonify(status="unknown", detail=unknown.message)
        response.status_code = 202
        response.headers["Retry-After"] = str(unknown.retry_after)
        return response
    return _placed({"order_id": str(order_id)}, token)
