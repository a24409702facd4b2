"""Orders for the merchant's own programs: read, capture, cancel, refund, with a secret key and its scopes.

Every act requires an Idempotency-Key, honours If-Match, and answers with how it went and the order as it is then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, jsonify

from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.aftersales.use_cases.refund_order import RefundOrder, RefundRefused, refund_order
from core.orders.queries import GetOrder, ListOrders, get_order, list_orders
from core.payments.lifecycle import OperationState, Outcome
from core.payments.use_cases.capture_payment import CapturePayment, CaptureRefused, capture_payment
from core.shared.errors import CoreError, FieldProblem, Invalid, NotFound
from core.shared.ids import LineId
from core.shared.money import Money
from ports.orders import OrderDetail, OrderFilter, PaymentRow
from web.calls import context, read, run
from web.idempotency import idempotent, wish_key
from web.pagination import listed, page_body, page_request
from web.resource import Resource
from web.resources.orders import order_number
from web.schemas.admin_orders import (
    ActedSchema,
    AdminOrderSchema,
    AdminOrderSummarySchema,
    CancelSchema,
    CaptureSchema,
    OrderListArguments,
    RefundSchema,
    admin_order_body,
    admin_summary_body,
)
from web.versions import expected_version, honours_version, with_version

admin_orders = Resource(
    "admin_orders",
    description="Orders for integrations: `Authorization: Bearer sk_...` with the scopes that each route names.",
    integration=True,
)

_OUTCOMES = {
    OperationState.SUCCEEDED: Outcome.SUCCEEDED,
    OperationState.DECLINED: Outcome.DECLINED,
    OperationState.PENDING: Outcome.PENDING,
    OperationState.REQUESTED: Outcome.UNKNOWN,
    OperationState.UNKNOWN: Outcome.UNKNOWN,
}


@admin_orders.get("/admin/orders")
@admin_orders.arguments(OrderListArguments, location="query")
@admin_orders.response(200, listed(AdminOrderSummarySchema))
def index(arguments: dict[str, Any]) -> Response:
    """List the store's orders, newest first.

    Scope `orders.order.read`.
    """
    page = page_request(arguments)
    narrowed = OrderFilter(
        search=arguments["q"],
        status=tuple(arguments["status"]),
        payment_status=tuple(arguments["payment_status"]),
        fulfilment_status=tuple(arguments["fulfilment_status"]),
    )
    return jsonify(page_body(read(list_orders, ListOrders(narrowed, page)), admin_summary_body))


@admin_orders.get("/admin/orders/<number>")
@admin_orders.response(200, AdminOrderSchema)
def show(number: str) -> Response:
    """Show an order with its payments, under its ETag.

    Scope `orders.order.read`.
    """
    order = _order(number)
    return with_version(jsonify(admin_order_body(order)), order.whole_version)


def _order(number: str) -> OrderDetail:
    return read(get_order, GetOrder(order_number(number)))


def _payment(order: OrderDetail, payment_id: UUID) -> PaymentRow:
    found = next((payment for payment in order.payments if payment.id == payment_id), None)
    if found is None:
        raise NotFound("The order has no such payment.")
    return found


def _in_currency(order: OrderDetail, **amounts: Money | None) -> None:
    """Refuse amounts in another currency than the order's. Raises Invalid, which names the fields."""
    problems = tuple(
        FieldProblem(f"{name}.currency", "wrong_currency", f"The order is in {order.currency}.")
        for name, amount in amounts.items()
        if amount is not None and amount.currency != order.currency
    )
    if problems:
        raise Invalid("The amount is in another currency than the order.", problems=problems)


def _acted(number: str, outcome: Outcome, refusal: type[CoreError] | None = None) -> Response:
    """The answer of an act; what the provider declined raises `refusal`, the first time and each repeat."""
    if outcome is Outcome.DECLINED and refusal is not None:
        raise refusal()
    order = _order(number)
    response = jsonify(outcome=outcome.value, order=admin_order_body(order))
    response.status_code = 200 if outcome is Outcome.SUCCEEDED else 202
    return with_version(response, order.whole_version)


def _moved_again(refusal: type[CoreError]) -> Callable[..., Response]:
    """How a repeat is answered: by the state of the operation that the first time made."""

    def answer(ids: dict[str, str], number: str) -> Response:
        operations = (o for payment in _order(number).payments for o in payment.operations)
        state = OperationState(next(o.state for o in operations if str(o.id) == ids["operation_id"]))
        return _acted(number, _OUTCOMES[state], refusal)

    return answer


@admin_orders.post("/admin/orders/<number>/capture")
@admin_orders.arguments(CaptureSchema)
@admin_orders.response(200, ActedSchema)
@admin_orders.alt_response(202, schema=ActedSchema, description="The provider has not said yet; it is asked again.")
@honours_version
@idempotent(_moved_again(CaptureRefused), required=True)
def capture(body: dict[str, Any], number: str) -> Response:
    """Take authorised money, or record that awaited money came in.

    Scope `payments.payment.capture`. 422: `nothing_to_capture`, `capture_exceeds_authorised`, `capture_refused` (by
    the provider). 409 `operation_in_flight`: an earlier capture has no outcome yet.
    """
    order = _order(number)
    payment = _payment(order, body["payment_id"])
    _in_currency(order, amount=body["amount"])
    wish = CapturePayment(payment.id, wish_key(), body["amount"], expected_version())
    return _acted(number, run(capture_payment, wish), CaptureRefused)


def _cancelled_again(ids: dict[str, str], number: str) -> Response:
    return _acted(number, Outcome.SUCCEEDED)


@admin_orders.post("/admin/orders/<number>/cancel")
@admin_orders.arguments(CancelSchema)
@admin_orders.response(200, ActedSchema)
@honours_version
@idempotent(_cancelled_again, required=True)
def cancel(body: dict[str, Any], number: str) -> Response:
    """Cancel an open order: what is held or awaited is let go first, then the stock is free; captured money stays.

    Scope `orders.order.cancel`. 409: `money_came_meanwhile`; `cancellation_unknown`, which the same key finishes;
    `goods_have_left`; `fulfilments_planned` unless `fulfilments_too` agrees that they are called off.
    """
    order, reason = _order(number), body["reason"]
    wish = CancelOrder(order.id, reason, wish_key(), expected_version(), body["fulfilments_too"])
    run(cancel_order, wish, reason=reason)
    return _acted(number, Outcome.SUCCEEDED)


@admin_orders.post("/admin/orders/<number>/refund")
@admin_orders.arguments(RefundSchema)
@admin_orders.response(200, ActedSchema)
@admin_orders.alt_response(202, schema=ActedSchema, description="The provider has not said yet; it is asked again.")
@honours_version
@idempotent(_moved_again(RefundRefused), required=True)
def refund(body: dict[str, Any], number: str) -> Response:
    """Give money of one payment back: by line, delivery or amount.

    Scope `payments.payment.refund`. 422: `refund_impossible`, `refund_changed` (it comes to another sum than
    `expected`), `refund_exceeds_captured`, `refund_refused` (by the provider).
    """
    order = _order(number)
    payment = _payment(order, body["payment_id"])
    _in_currency(order, shipping=body["shipping"], other=body["other"], expected=body["expected"])
    wish = RefundOrder(
        order_id=order.id,
        payment_id=payment.id,
        key=wish_key(),
        quantities={LineId(line["line_id"]): line["quantity"] for line in body["lines"]},
        shipping=body["shipping"],
        other=body["other"],
        note=body["note"],
        requested_by=context().actor_label,
        expected=body["expected"],
        seen=expected_version(),
    )
    return _acted(number, run(refund_order, wish, reason=body["note"]), RefundRefused)
