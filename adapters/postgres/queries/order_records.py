"""The one row of an order page, unpacked into its records."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.queries.fulfilment_records import to_row
from core.orders.axes import FulfilmentStatus, PaymentStatus, ReturnStatus
from core.orders.lifecycle import OrderStatus
from core.shared.ids import LineId, OrderId, PaymentId, ShopperId
from core.shared.money import Money
from ports.orders import (
    ExceptionGlance,
    OperationRow,
    OrderDetail,
    OrderLineRow,
    PaymentRow,
    RefundRow,
    TimelineRow,
)

Document = dict[str, Any]


def to_detail(row: sa.RowMapping) -> OrderDetail:
    currency = row["currency"]
    return OrderDetail(
        id=OrderId(row["id"]),
        version=row["version"],
        number=row["number"],
        status=OrderStatus(row["status"]),
        payment_status=PaymentStatus(row["payment_status"]),
        fulfilment_status=FulfilmentStatus(row["fulfilment_status"]),
        return_status=ReturnStatus(row["return_status"]),
        currency=currency,
        items=Money(row["items_minor"], currency),
        discount=Money(row["discount_minor"], currency),
        shipping=Money(row["shipping_minor"], currency),
        tax=Money(row["tax_minor"], currency),
        total=Money(row["total_minor"], currency),
        tax_included=row["quote"].get("tax_included", True),
        contact=row["contact"],
        shipping_address=row["shipping_address"],
        billing_address=row["billing_address"],
        shipping_option=row["shipping_option"],
        shopper_id=ShopperId(row["shopper_id"]) if row["shopper_id"] else None,
        token_rotation=row["token_rotation"],
        locale=row["locale"],
        placed_at=row["placed_at"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        lines=[_line(document) for document in row["lines"] or []],
        payments=[_payment(document) for document in row["payments"] or []],
        refunds=[_refund(document) for document in row["refunds"] or []],
        timeline=[_timeline(document) for document in row["timeline"] or []],
        exceptions=[_exception(document) for document in row["exceptions"] or []],
        fulfilments=[to_row(document) for document in row["fulfilments"] or []],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _line(document: Document) -> OrderLineRow:
    currency = document["currency"]
    return OrderLineRow(
        id=LineId(UUID(document["id"])),
        product_id=UUID(document["product_id"]),
        variant_id=UUID(document["variant_id"]),
        sku=document["sku"],
        title=document["title"],
        options=document["options"],
        image=document["image"],
        quantity=document["quantity"],
        unit=Money(document["unit_minor"], currency),
        discount=Money(document["discount_minor"], currency),
        tax=Money(document["tax_minor"], currency),
        total=Money(document["total_minor"], currency),
        requires_shipping=document["requires_shipping"],
        explanation=document["explanation"],
        refunded_quantity=document["refunded_quantity"],
    )


def _payment(document: Document) -> PaymentRow:
    currency = document["currency"]
    return PaymentRow(
        id=PaymentId(UUID(document["id"])),
        version=document["version"],
        provider=document["provider"],
        method=document["method"],
        state=document["state"],
        amount=Money(document["amount_minor"], currency),
        authorised=Money(document["authorised_minor"], currency),
        captured=Money(document["captured_minor"], currency),
        refunded=Money(document["refunded_minor"], currency),
        refunding=Money(document["refunding_minor"], currency),
        confirmed_by_hand=document["confirmed_by_hand"],
        reference=document["provider_reference"],
        details=document["details"],
        decline_code=document["decline_code"],
        created_at=datetime.fromisoformat(document["created_at"]),
        expires_at=_instant(document["expires_at"]),
        next_action=document["next_action"],
        operations=[_operation(item) for item in document["operations"] or []],
    )


def _operation(document: Document) -> OperationRow:
    return OperationRow(
        id=UUID(document["id"]),
        kind=document["kind"],
        state=document["state"],
        amount=Money(document["amount_minor"], document["currency"]),
        reference=document["provider_reference"],
        error_code=document["error_code"],
        requested_at=datetime.fromisoformat(document["requested_at"]),
        finished_at=_instant(document["finished_at"]),
    )


def _refund(document: Document) -> RefundRow:
    currency = document["currency"]
    return RefundRow(
        id=UUID(document["id"]),
        payment_id=PaymentId(UUID(document["payment_id"])),
        amount=Money(document["amount_minor"], currency),
        shipping=Money(document["shipping_minor"], currency),
        lines=[(line_id, quantity, amount) for line_id, quantity, amount in document["lines"]],
        note=document["note"],
        requested_by=document["requested_by"],
        requested_at=datetime.fromisoformat(document["requested_at"]),
        state=document["state"],
    )


def _timeline(document: Document) -> TimelineRow:
    return TimelineRow(
        id=UUID(document["id"]),
        name=document["name"],
        payload=document["payload"],
        actor_kind=document["actor_kind"],
        actor_label=document["actor_label"],
        occurred_at=datetime.fromisoformat(document["occurred_at"]),
    )


def _exception(document: Document) -> ExceptionGlance:
    return ExceptionGlance(
        id=UUID(document["id"]),
        kind=document["kind"],
        state=document["state"],
        amount=Money(document["amount_minor"], document["currency"]),
    )
