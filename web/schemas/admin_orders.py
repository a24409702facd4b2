"""Orders on the wire, as the merchant's integrations see them and act on them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.orders.axes import FulfilmentStatus, PaymentStatus
from core.orders.lifecycle import OrderStatus
from core.payments.lifecycle import Operation, OperationState, Outcome
from ports.orders import OperationRow, OrderDetail, OrderLineRow, OrderRow, PaymentRow, RefundRow
from web.pagination import PageArguments
from web.schemas.instants import instant, instant_or_null
from web.schemas.money import MoneySchema, money
from web.schemas.orders import (
    OrderLineSchema,
    OrderPaymentSchema,
    OrderSchema,
    OrderSummarySchema,
    order_body,
    summary_body,
)
from web.schemas.shape import Shape, Text, Whole

_MAX_PIECES = 1_000_000
_MAX_LINES = 500


def _states(states: Any) -> ma.fields.List[str]:
    one = ma.fields.String(validate=ma.validate.OneOf(tuple(states)))
    return ma.fields.List(one, load_default=list, metadata={"description": "Repeat it for alternatives."})


class OrderListArguments(PageArguments):
    q = Text(load_default="", most=100, metadata={"description": "Number, name, e-mail, SKU or payment id."})
    status = _states(OrderStatus)
    payment_status = _states(PaymentStatus)
    fulfilment_status = _states(FulfilmentStatus)


class CaptureSchema(Shape):
    payment_id = ma.fields.UUID(required=True)
    amount = ma.fields.Nested(
        MoneySchema, load_default=None, metadata={"description": "Left out: all that can be captured."}
    )


class CancelSchema(Shape):
    reason = Text(required=True, least=1, most=200)
    fulfilments_too = ma.fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "Call planned fulfilments off with it and give their postage back."},
    )


class RefundLineSchema(Shape):
    line_id = ma.fields.UUID(required=True)
    quantity = Whole(required=True, least=1, most=_MAX_PIECES)


class RefundSchema(Shape):
    """Lines, delivery and another amount add up; `expected` refuses any other sum."""

    payment_id = ma.fields.UUID(required=True)
    lines = ma.fields.List(
        ma.fields.Nested(RefundLineSchema), load_default=list, validate=ma.validate.Length(max=_MAX_LINES)
    )
    shipping = ma.fields.Nested(MoneySchema, load_default=None)
    other = ma.fields.Nested(MoneySchema, load_default=None, metadata={"description": "Of no line, for goodwill."})
    expected = ma.fields.Nested(
        MoneySchema, load_default=None, metadata={"description": "What it has to come to; else nothing moves."}
    )
    note = Text(load_default="", most=200)

    @ma.validates_schema
    def _named_once(self, data: dict[str, Any], **_: Any) -> None:
        ids = [line["line_id"] for line in data.get("lines", ())]
        if len(ids) != len(set(ids)):
            raise ma.ValidationError("A line is named once.", "lines")


class OperationSchema(Shape):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(Operation)))
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(OperationState)))
    amount = ma.fields.Nested(MoneySchema, required=True)
    reference = ma.fields.String(required=True, allow_none=True, metadata={"description": "The provider's own."})
    error_code = ma.fields.String(required=True, allow_none=True)
    requested_at = ma.fields.AwareDateTime(required=True, format="iso")
    finished_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class AdminPaymentSchema(OrderPaymentSchema):
    provider = ma.fields.String(required=True)
    reference = ma.fields.String(required=True, allow_none=True, metadata={"description": "The provider's own."})
    capturable = ma.fields.Nested(MoneySchema, required=True)
    refundable = ma.fields.Nested(MoneySchema, required=True)
    operations = ma.fields.List(ma.fields.Nested(OperationSchema), required=True)


class AdminLineSchema(OrderLineSchema):
    refunded_quantity = ma.fields.Integer(required=True)
    requires_shipping = ma.fields.Boolean(required=True)


class RefundRecordSchema(Shape):
    id = ma.fields.UUID(required=True)
    payment_id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(OperationState)))
    amount = ma.fields.Nested(MoneySchema, required=True)
    shipping = ma.fields.Nested(MoneySchema, required=True)
    note = ma.fields.String(required=True)
    requested_by = ma.fields.String(required=True)
    requested_at = ma.fields.AwareDateTime(required=True, format="iso")


class AdminOrderSummarySchema(OrderSummarySchema):
    id = ma.fields.UUID(required=True)
    customer = ma.fields.String(required=True)
    email = ma.fields.String(required=True)


class AdminOrderSchema(OrderSchema):
    id = ma.fields.UUID(required=True)
    version = ma.fields.Integer(
        required=True, metadata={"description": "Of the order and its payments together; also the ETag."}
    )
    cancelled_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    cancel_reason = ma.fields.String(required=True, allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(AdminLineSchema), required=True)
    payments = ma.fields.List(ma.fields.Nested(AdminPaymentSchema), required=True)
    refunds = ma.fields.List(ma.fields.Nested(RefundRecordSchema), required=True)


class ActedSchema(Shape):
    """How it went, and the order as it is then."""

    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf((
        Outcome.SUCCEEDED.value, Outcome.PENDING.value, Outcome.UNKNOWN.value)))  # fmt: skip
    order = ma.fields.Nested(AdminOrderSchema, required=True)


def admin_summary_body(order: OrderRow) -> dict[str, Any]:
    return {"id": str(order.id), **summary_body(order), "customer": order.customer_name, "email": order.email}


def admin_order_body(order: OrderDetail) -> dict[str, Any]:
    """The customer's view of an order with what only its merchant sees."""
    body = order_body(order)
    return {
        "id": str(order.id),
        "version": order.whole_version,
        **body,
        "cancelled_at": instant_or_null(order.cancelled_at),
        "cancel_reason": order.cancel_reason,
        "lines": [seen | _line(line) for seen, line in zip(body["lines"], order.lines, strict=True)],
        "payments": [seen | _payment(row) for seen, row in zip(body["payments"], order.payments, strict=True)],
        "refunds": [_refund(refund) for refund in order.refunds],
    }


def _line(line: OrderLineRow) -> dict[str, Any]:
    return {"refunded_quantity": line.refunded_quantity, "requires_shipping": line.requires_shipping}


def _payment(payment: PaymentRow) -> dict[str, Any]:
    return {
        "provider": payment.provider,
        "reference": payment.reference,
        "capturable": money(payment.capturable),
        "refundable": money(payment.refundable),
        "operations": [_operation(operation) for operation in payment.operations],
    }


def _operation(operation: OperationRow) -> dict[str, Any]:
    return {
        "id": str(operation.id),
        "kind": operation.kind,
        "state": operation.state,
        "amount": money(operation.amount),
        "reference": operation.reference,
        "error_code": operation.error_code,
        "requested_at": instant(operation.requested_at),
        "finished_at": instant_or_null(operation.finished_at),
    }


def _refund(refund: RefundRow) -> dict[str, Any]:
    return {
        "id": str(refund.id),
        "payment_id": str(refund.payment_id),
        "state": refund.state,
        "amount": money(refund.amount),
        "shipping": money(refund.shipping),
        "note": refund.note,
        "requested_by": refund.requested_by,
        "requested_at": instant(refund.requested_at),
    }
