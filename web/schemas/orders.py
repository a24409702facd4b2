"""Orders on the wire, as their customer sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import marshmallow as ma

from core.cart.model import Contact
from core.logistics.lifecycle import FulfilmentState
from core.logistics.tracking import ParcelStatus
from core.orders.lifecycle import OrderStatus
from core.payments.lifecycle import PaymentState
from core.shared.address import Address
from core.shared.money import Money
from ports.logistics_queries import FulfilmentRow, ParcelRow
from ports.orders import OrderDetail, OrderLineRow, OrderRow, PaymentRow
from web.schemas.address import AddressSchema
from web.schemas.cart import ContactSchema, DiscountSchema, TotalsSchema, totals_body
from web.schemas.checkout import STATUSES, NextActionSchema, payment_status, stored_action
from web.schemas.instants import instant, instant_or_null
from web.schemas.money import MoneySchema, money
from web.schemas.shape import Shape


class ChosenOptionSchema(Shape):
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    price = ma.fields.Nested(MoneySchema, required=True)
    days = ma.fields.List(ma.fields.Integer(), required=True)


class OrderLineSchema(Shape):
    id = ma.fields.UUID(required=True)
    variant_id = ma.fields.UUID(required=True)
    sku = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True)
    options = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    quantity = ma.fields.Integer(required=True)
    unit_price = ma.fields.Nested(MoneySchema, required=True)
    discounts = ma.fields.List(ma.fields.Nested(DiscountSchema), required=True)
    tax = ma.fields.Nested(MoneySchema, required=True)
    total = ma.fields.Nested(MoneySchema, required=True)
    image = ma.fields.String(required=True, allow_none=True)


class OrderPaymentSchema(Shape):
    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATUSES))
    amount = ma.fields.Nested(MoneySchema, required=True)
    captured = ma.fields.Nested(MoneySchema, required=True)
    refunded = ma.fields.Nested(MoneySchema, required=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    next_action = ma.fields.Nested(NextActionSchema, required=True, allow_none=True)


class TrackingEventSchema(Shape):
    status = ma.fields.String(required=True, validate=ma.validate.OneOf([str(status) for status in ParcelStatus]))
    text = ma.fields.String(required=True, metadata={"description": "In the carrier's words."})
    place = ma.fields.String(required=True, allow_none=True)
    at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    local_time = ma.fields.String(required=True, metadata={"description": "The carrier's own clock, as it tells it."})


class ParcelSchema(Shape):
    tracking_number = ma.fields.String(required=True, allow_none=True)
    carrier = ma.fields.String(required=True, allow_none=True)
    service = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf([str(status) for status in ParcelStatus]))
    status_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    events = ma.fields.List(
        ma.fields.Nested(TrackingEventSchema), required=True, metadata={"description": "Newest first."}
    )


class FulfilledLineSchema(Shape):
    line_id = ma.fields.UUID(required=True)
    quantity = ma.fields.Integer(required=True)


class FulfilmentSchema(Shape):
    shipped_at = ma.fields.AwareDateTime(required=True, format="iso")
    lines = ma.fields.List(ma.fields.Nested(FulfilledLineSchema), required=True)
    parcels = ma.fields.List(ma.fields.Nested(ParcelSchema), required=True)


class OrderSummarySchema(Shape):
    number = ma.fields.String(required=True)
    placed_at = ma.fields.AwareDateTime(required=True, format="iso")
    status = ma.fields.String(required=True)
    payment_status = ma.fields.String(required=True)
    fulfilment_status = ma.fields.String(required=True)
    return_status = ma.fields.String(required=True)
    quantity = ma.fields.Integer(required=True, metadata={"description": "Pieces."})
    total = ma.fields.Nested(MoneySchema, required=True)


class OrderSchema(Shape):
    number = ma.fields.String(required=True)
    placed_at = ma.fields.AwareDateTime(required=True, format="iso")
    status = ma.fields.String(required=True)
    payment_status = ma.fields.String(required=True)
    fulfilment_status = ma.fields.String(required=True)
    return_status = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)
    contact = ma.fields.Nested(ContactSchema, required=True)
    shipping_address = ma.fields.Nested(AddressSchema, required=True, allow_none=True)
    billing_address = ma.fields.Nested(AddressSchema, required=True, allow_none=True)
    shipping_option = ma.fields.Nested(ChosenOptionSchema, required=True, allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(OrderLineSchema), required=True)
    totals = ma.fields.Nested(TotalsSchema, required=True)
    payments = ma.fields.List(ma.fields.Nested(OrderPaymentSchema), required=True)
    fulfilments = ma.fields.List(ma.fields.Nested(FulfilmentSchema), required=True)


class PlacedOrderSchema(OrderSchema):
    access_token = ma.fields.String(
        required=True, metadata={"description": "Opens the order to a guest, in X-Order-Token."}
    )


def summary_body(order: OrderRow) -> dict[str, Any]:
    return {
        "number": str(order.number),
        "placed_at": instant(order.placed_at),
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfilment_status": order.fulfilment_status,
        "return_status": order.return_status,
        "quantity": order.quantity,
        "total": money(order.total),
    }


def order_body(order: OrderDetail) -> dict[str, Any]:
    """An order as it was placed, and where it stands; its fulfilments are those whose goods have left."""
    return {
        "number": str(order.number),
        "placed_at": instant(order.placed_at),
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfilment_status": order.fulfilment_status,
        "return_status": order.return_status,
        "currency": order.currency,
        "contact": _known(Contact, order.contact),
        "shipping_address": _known(Address, order.shipping_address),
        "billing_address": _known(Address, order.billing_address),
        "shipping_option": _option(order),
        "lines": [_line(line) for line in order.lines],
        "totals": totals_body(order.items, order.discount, order.shipping, order.tax, order.total),
        "payments": [_payment(payment, order.status) for payment in order.payments],
        "fulfilments": [
            _fulfilment(fulfilment)
            for fulfilment in order.fulfilments
            if fulfilment.state is FulfilmentState.SHIPPED and fulfilment.shipped_at is not None
        ],
    }


def _known(shape: type[Any], document: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The members of a stored document that are on the wire, those it lacks as null."""
    return None if document is None else {field.name: document.get(field.name) for field in fields(shape)}


def _option(order: OrderDetail) -> dict[str, Any] | None:
    option = order.shipping_option
    if option is None:
        return None
    return {
        "id": option["id"],
        "name": option["name"],
        "price": money(Money(option["price"], order.currency)),
        "days": list(option["days"]),
    }


def _line(line: OrderLineRow) -> dict[str, Any]:
    currency = line.total.currency
    return {
        "id": str(line.id),
        "variant_id": str(line.variant_id),
        "sku": line.sku,
        "title": line.title,
        "options": dict(line.options),
        "quantity": line.quantity,
        "unit_price": money(line.unit),
        "discounts": [
            {"source": step["source"], "amount": money(Money(-step["amount"], currency))}
            for step in line.explanation
            if step["step"] == "discount"
        ],
        "tax": money(line.tax),
        "total": money(line.total),
        "image": line.image,
    }


def _fulfilment(fulfilment: FulfilmentRow) -> dict[str, Any]:
    return {
        "shipped_at": instant_or_null(fulfilment.shipped_at),
        "lines": [{"line_id": str(id_), "quantity": quantity} for id_, quantity in fulfilment.lines.items()],
        "parcels": [_parcel(parcel) for parcel in fulfilment.parcels],
    }


def _parcel(parcel: ParcelRow) -> dict[str, Any]:
    return {
        "tracking_number": parcel.tracking_number,
        "carrier": parcel.carrier,
        "service": parcel.service,
        "status": parcel.status,
        "status_at": instant_or_null(parcel.status_at),
        "events": [
            {
                "status": event.status,
                "text": event.text,
                "place": event.place,
                "at": instant_or_null(event.at),
                "local_time": event.local_time,
            }
            for event in parcel.events
        ],
    }


def _payment(payment: PaymentRow, order: OrderStatus) -> dict[str, Any]:
    status = payment_status(PaymentState(payment.state), payment.method)
    waits = status == "awaiting" and order is OrderStatus.OPEN
    return {
        "id": str(payment.id),
        "method": payment.method,
        "status": status,
        "amount": money(payment.amount),
        "captured": money(payment.captured),
        "refunded": money(payment.refunded),
        "expires_at": instant_or_null(payment.expires_at),
        "next_action": stored_action(payment.next_action) if waits else None,
    }
