"""Orders on PostgreSQL. The number comes last of all, so the counter row is locked for no longer than a commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.json import plain
from adapters.postgres.logistics_progress import LINE_PROGRESS
from adapters.postgres.session import Session
from adapters.postgres.tables.orders import order_lines, orders, refunds
from core.orders.axes import FulfilmentStatus, PaymentStatus, ReturnStatus
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order, OrderLine
from core.shared.errors import NotFound
from core.shared.ids import CartId, LineId, OrderId, PaymentId, ProductId, ShopperId, VariantId
from core.shared.money import Money
from core.shared.text import fold
from ports.orders import RefundRecord

_GET = sa.select(orders).where(orders.c.id == sa.bindparam("order_id"))
_LOCK = sa.select(orders.c.id).where(orders.c.id == sa.bindparam("order_id")).with_for_update()
_LINES = (
    sa.select(order_lines).where(order_lines.c.order_id == sa.bindparam("order_id")).order_by(order_lines.c.position)
)
_OF_CART = sa.select(orders.c.id).where(orders.c.cart_id == sa.bindparam("cart_id"))
_REFUNDS = (
    sa.select(refunds)
    .where(refunds.c.order_id == sa.bindparam("order_id"))
    .order_by(refunds.c.requested_at, refunds.c.id)
)

NUMBER = sa.text("""
    WITH n AS (
        UPDATE counters SET next = next + 1 WHERE store_id = :store_id AND series = 'order' RETURNING next - 1 AS number
    ), o AS (
        UPDATE orders SET number = n.number FROM n WHERE orders.id = :order_id RETURNING orders.number, orders.placed_at
    )
    SELECT put_search_document('order', :order_id, true, o.number || ' ' || :words, o.placed_at) FROM o
""")

# The same rules as core.orders.axes; tests hold the two equal. Nothing comes back yet, so the return axis keeps what it
# is.
REFRESH = sa.text(
    """
    UPDATE orders SET payment_status = CASE
        WHEN f.captured > 0 AND f.refunded >= f.captured THEN 'refunded'
        WHEN f.captured > 0 AND f.captured - f.refunded > total_minor THEN 'overpaid'
        WHEN f.captured > 0 AND f.refunded > 0 AND f.captured - f.refunded < total_minor THEN 'partially_refunded'
        WHEN f.captured > 0 AND f.captured >= total_minor THEN 'paid'
        WHEN f.captured > 0 THEN 'partially_paid'
        WHEN f.states @> ARRAY['authorised'] THEN 'authorised'
        WHEN f.states && ARRAY['created', 'awaiting', 'declined'] THEN 'awaiting'
        WHEN f.states @> ARRAY['voided'] THEN 'voided'
        WHEN f.states @> ARRAY['expired'] THEN 'expired'
        WHEN total_minor = 0 THEN 'paid'
        ELSE 'awaiting' END,
        fulfilment_status = CASE
        WHEN g.shipped = 0 THEN 'unfulfilled'
        WHEN g.short THEN 'partially_fulfilled'
        WHEN p.live > 0 AND p.ended = p.live AND p.delivered > 0 THEN 'delivered'
        WHEN p.ended = p.live OR p.unscanned = p.live THEN 'fulfilled'
        ELSE 'in_transit' END
    FROM (
        SELECT coalesce(sum(captured_minor), 0) AS captured, coalesce(sum(refunded_minor), 0) AS refunded,
               coalesce(array_agg(state), ARRAY[]::text[]) AS states
        FROM payments WHERE order_id = :order_id
    ) f, (
        SELECT coalesce(sum(l.shipped), 0) AS shipped,
               coalesce(bool_or(l.shipped + l.withdrawn < l.quantity), false) AS short
        FROM (LINE_PROGRESS) l
    ) g, (
        SELECT count(*) FILTER (WHERE p.status <> 'cancelled') AS live,
               count(*) FILTER (WHERE p.status IN ('delivered', 'returned', 'lost')) AS ended,
               count(*) FILTER (WHERE p.status = 'delivered') AS delivered,
               count(*) FILTER (WHERE p.status IN ('unknown', 'label_created')) AS unscanned
        FROM parcels p JOIN fulfilments s ON s.store_id = p.store_id AND s.id = p.fulfilment_id AND s.state = 'shipped'
        WHERE p.order_id = :order_id
    ) p
    WHERE orders.id = :order_id
""".replace("LINE_PROGRESS", LINE_PROGRESS)
)


def _values(order: Order) -> dict[str, Any]:
    return {
        "status": order.status,
        "cancel_reason": order.cancel_reason,
        "cancelled_at": order.cancelled_at,
        "token_rotation": order.token_rotation,
    }


class PostgresOrders:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, dict[str, Any]] = {}
        self._refunded: dict[UUID, int] = {}

    def get(self, order_id: OrderId, *, lock: bool = False) -> Order:
        row = self._session.row(_GET.with_for_update() if lock else _GET, {"order_id": order_id})
        if row is None:
            raise NotFound("There is no such order.")
        lines = self._session.rows(_LINES, {"order_id": order_id})
        order = _to_order(row, [_to_line(line) for line in lines])
        self._remember(order)
        return order

    def lock(self, order_id: OrderId) -> None:
        if self._session.row(_LOCK, {"order_id": order_id}) is None:
            raise NotFound("There is no such order.")

    def _remember(self, order: Order) -> None:
        self._loaded[order.id] = _values(order)
        self._refunded.update({line.id: line.refunded_quantity for line in order.lines})

    def of_cart(self, cart_id: CartId) -> OrderId | None:
        row = self._session.row(_OF_CART, {"cart_id": cart_id})
        return None if row is None else OrderId(row["id"])

    def add(self, order: Order) -> None:
        order.version = 1
        self._session.write(sa.insert(orders).values(self._order_row(order)))
        self._session.write(sa.insert(order_lines).values([self._line_row(order, line) for line in order.lines]))
        self._session.emit(order.events, order.id, order.version)
        order.events.clear()
        self._session.changed("order", order.id, None, {"total": order.total.minor, "currency": order.currency})
        words = " ".join(
            fold(str(word))
            for word in (
                order.contact.get("name") or "",
                order.contact.get("email") or "",
                *(line.sku or "" for line in order.lines),
            )
        )
        self._session.last.append((NUMBER, {"store_id": self._session.store_id, "order_id": order.id, "words": words}))
        self._remember(order)

    def save(self, order: Order) -> None:
        self._session.update_version(orders, order.id, order.version, _values(order))
        order.version += 1
        for line in order.lines:
            if self._refunded.get(line.id) != line.refunded_quantity:
                self._session.write(
                    sa.update(order_lines)
                    .where(order_lines.c.id == line.id)
                    .values(refunded_quantity=line.refunded_quantity)
                )
        self._session.emit(order.events, order.id, order.version)
        order.events.clear()
        self._session.changed("order", order.id, self._loaded.get(order.id), _values(order))
        self._remember(order)

    def refresh_axes(self, order_id: OrderId) -> None:
        self._session.write(REFRESH, {"order_id": order_id})

    def add_refund(self, refund: RefundRecord) -> None:
        self._session.write(
            sa.insert(refunds).values(
                id=refund.id,
                store_id=self._session.store_id,
                order_id=refund.order_id,
                payment_id=refund.payment_id,
                operation_id=refund.operation_id,
                currency=refund.amount.currency,
                amount_minor=refund.amount.minor,
                shipping_minor=refund.shipping.minor,
                lines=[[str(line_id), quantity, amount] for line_id, quantity, amount in refund.lines],
                note=refund.note,
                requested_by=refund.requested_by,
                requested_at=refund.requested_at,
            )
        )

    def refunds(self, order_id: OrderId) -> Sequence[RefundRecord]:
        return [_to_refund(row) for row in self._session.rows(_REFUNDS, {"order_id": order_id})]

    def _order_row(self, order: Order) -> dict[str, Any]:
        return {
            "id": order.id,
            "store_id": self._session.store_id,
            "cart_id": order.cart_id,
            "payment_status": PaymentStatus.AWAITING,
            "fulfilment_status": FulfilmentStatus.UNFULFILLED,
            "return_status": ReturnStatus.NONE,
            "currency": order.currency,
            "items_minor": order.items.minor,
            "discount_minor": order.discount.minor,
            "shipping_minor": order.shipping.minor,
            "tax_minor": order.tax.minor,
            "total_minor": order.total.minor,
            "quantity": sum(line.quantity for line in order.lines),
            "travels": order.travels,
            "shopper_id": order.shopper_id,
            "contact": plain(dict(order.contact)),
            "email_folded": fold(str(order.contact.get("email") or "")),
            "customer_name": str(order.contact.get("name") or ""),
            "shipping_address": plain(order.shipping_address),
            "billing_address": plain(order.billing_address),
            "shipping_option": plain(order.shipping_option),
            "quote": plain(dict(order.quote)),
            "locale": order.locale,
            "placed_at": order.placed_at,
            "version": order.version,
            **_values(order),
        }

    def _line_row(self, order: Order, line: OrderLine) -> dict[str, Any]:
        return {
            "id": line.id,
            "store_id": self._session.store_id,
            "order_id": order.id,
            "position": line.position,
            "product_id": line.product_id,
            "variant_id": line.variant_id,
            "sku": line.sku,
            "title": line.title,
            "options": dict(line.options),
            "image": line.image,
            "quantity": line.quantity,
            "unit_minor": line.unit.minor,
            "discount_minor": line.discount.minor,
            "tax_minor": line.tax.minor,
            "total_minor": line.total.minor,
            "currency": line.total.currency,
            "weight_grams": line.weight_grams,
            "requires_shipping": line.requires_shipping,
            "explanation": plain(line.explanation),
            "refunded_quantity": line.refunded_quantity,
        }


def _to_order(row: sa.RowMapping, lines: list[OrderLine]) -> Order:
    currency = row["currency"]
    return Order(
        id=OrderId(row["id"]),
        cart_id=CartId(row["cart_id"]),
        currency=currency,
        items=Money(row["items_minor"], currency),
        discount=Money(row["discount_minor"], currency),
        shipping=Money(row["shipping_minor"], currency),
        tax=Money(row["tax_minor"], currency),
        total=Money(row["total_minor"], currency),
        contact=row["contact"],
        shipping_address=row["shipping_address"],
        billing_address=row["billing_address"],
        shipping_option=row["shipping_option"],
        quote=row["quote"],
        lines=lines,
        locale=row["locale"],
        placed_at=row["placed_at"],
        shopper_id=ShopperId(row["shopper_id"]) if row["shopper_id"] else None,
        number=row["number"],
        status=OrderStatus(row["status"]),
        token_rotation=row["token_rotation"],
        cancel_reason=row["cancel_reason"],
        cancelled_at=row["cancelled_at"],
        version=row["version"],
    )


def _to_line(row: sa.RowMapping) -> OrderLine:
    currency = row["currency"]
    return OrderLine(
        id=LineId(row["id"]),
        position=row["position"],
        product_id=ProductId(row["product_id"]),
        variant_id=VariantId(row["variant_id"]),
        sku=row["sku"],
        title=row["title"],
        options=row["options"],
        image=row["image"],
        quantity=row["quantity"],
        unit=Money(row["unit_minor"], currency),
        discount=Money(row["discount_minor"], currency),
        tax=Money(row["tax_minor"], currency),
        total=Money(row["total_minor"], currency),
        weight_grams=row["weight_grams"],
        requires_shipping=row["requires_shipping"],
        explanation=row["explanation"],
        refunded_quantity=row["refunded_quantity"],
    )


def _to_refund(row: sa.RowMapping) -> RefundRecord:
    return RefundRecord(
        id=row["id"],
        order_id=OrderId(row["order_id"]),
        payment_id=PaymentId(row["payment_id"]),
        operation_id=row["operation_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        shipping=Money(row["shipping_minor"], row["currency"]),
        lines=tuple((LineId(UUID(line_id)), quantity, amount) for line_id, quantity, amount in row["lines"]),
        note=row["note"],
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
    )
