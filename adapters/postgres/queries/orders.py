"""Order lists and pages: one statement each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries.fulfilment_records import fulfilments_of
from adapters.postgres.queries.json_rows import children, document
from adapters.postgres.queries.order_records import to_detail
from adapters.postgres.reading import Reader
from adapters.postgres.tables.orders import order_lines, orders, refunds
from adapters.postgres.tables.payments import payment_operations, payment_sessions, payments
from adapters.postgres.tables.platform import timeline
from adapters.postgres.tables.reconciliation import exceptions
from core.orders.axes import FulfilmentStatus, PaymentStatus, ReturnStatus
from core.orders.lifecycle import OrderStatus
from core.shared.errors import NotFound
from core.shared.ids import OrderId
from core.shared.money import Money
from core.shared.text import fold
from ports.orders import SEARCHED, Neighbours, OrderDetail, OrderFilter, OrderRow
from ports.paging import Page, PageRequest

# What people type for an order's number: with the store's prefix or without.
_NUMBER = re.compile(r"(?:[^\W\d_]*-?)?#?(\d{1,15})")

_method = (
    sa.select(payments.c.method)
    .where(payments.c.store_id == orders.c.store_id, payments.c.order_id == orders.c.id)
    .order_by(payments.c.created_at.desc(), payments.c.id.desc())
    .limit(1)
    .scalar_subquery()
)

LIST_COLUMNS = (
    orders.c.id,
    orders.c.number,
    orders.c.placed_at,
    orders.c.customer_name,
    orders.c.contact["email"].astext.label("email"),
    orders.c.shipping_address["city"].astext.label("city"),
    orders.c.shipping_address["region"].astext.label("region"),
    orders.c.status,
    orders.c.payment_status,
    orders.c.fulfilment_status,
    orders.c.return_status,
    orders.c.quantity,
    orders.c.travels,
    orders.c.total_minor,
    orders.c.currency,
    _method.label("method"),
)


_operations = children(
    document(payment_operations),
    (payment_operations.c.requested_at, payment_operations.c.id),
    payment_operations.c.store_id == payments.c.store_id,
    payment_operations.c.payment_id == payments.c.id,
)

_next_action = (
    sa.select(payment_sessions.c.next_action)
    .where(payment_sessions.c.store_id == payments.c.store_id, payment_sessions.c.id == payments.c.session_id)
    .scalar_subquery()
)

_refund_state = (
    sa.select(payment_operations.c.state)
    .where(payment_operations.c.store_id == refunds.c.store_id, payment_operations.c.id == refunds.c.operation_id)
    .scalar_subquery()
)

_DETAIL = sa.select(
    orders,
    children(
        document(order_lines),
        (order_lines.c.position,),
        order_lines.c.store_id == orders.c.store_id,
        order_lines.c.order_id == orders.c.id,
    ).label("lines"),
    children(
        document(payments, ("operations", _operations), ("next_action", _next_action)),
        (payments.c.created_at, payments.c.id),
        payments.c.store_id == orders.c.store_id,
        payments.c.order_id == orders.c.id,
    ).label("payments"),
    children(
        document(refunds, ("state", _refund_state)),
        (refunds.c.requested_at, refunds.c.id),
        refunds.c.store_id == orders.c.store_id,
        refunds.c.order_id == orders.c.id,
    ).label("refunds"),
    children(
        document(timeline),
        (timeline.c.occurred_at.desc(), timeline.c.id.desc()),
        timeline.c.store_id == orders.c.store_id,
        timeline.c.subject_kind == "order",
        timeline.c.subject_id == orders.c.id,
    ).label("timeline"),
    children(
        document(exceptions),
        (exceptions.c.opened_at, exceptions.c.id),
        exceptions.c.store_id == orders.c.store_id,
        exceptions.c.order_id == orders.c.id,
    ).label("exceptions"),
    fulfilments_of(orders.c.id, orders.c.store_id).label("fulfilments"),
)

_GET = _DETAIL.where(orders.c.id == sa.bindparam("order_id"))
_BY_NUMBER = _DETAIL.where(orders.c.number == sa.bindparam("number"))

_HIT = (sa.column("id", sa.UUID), sa.column("sorted_at", sa.DateTime(timezone=True)))

_FOUND = sa.text(
    "SELECT subject_id AS id, sorted_at"
    " FROM find_search_documents('order', :term, true, :before_at, :before_id, :limit)"
).columns(*_HIT)

_NEWEST = sa.text(
    "SELECT subject_id AS id, sorted_at FROM find_search_documents('order', :term, true, NULL, NULL, :limit)"
).columns(*_HIT)


class PostgresOrderQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def get(self, order_id: OrderId) -> OrderDetail:
        return self._one(_GET, {"order_id": order_id})

    def by_number(self, number: int) -> OrderDetail:
        return self._one(_BY_NUMBER, {"number": number})

    def _one(self, statement: sa.Select[Any], parameters: dict[str, Any]) -> OrderDetail:
        row = self._reader.row(statement, parameters)
        if row is None:
            raise NotFound("There is no such order.")
        return to_detail(row)

    def list(self, filter_: OrderFilter, page: PageRequest) -> Page[OrderRow]:
        before = _before(page)
        statement = sa.select(*LIST_COLUMNS)
        parameters: dict[str, Any] = {}
        if number := _NUMBER.fullmatch(filter_.search.strip()):
            statement = statement.where(orders.c.number == int(number.group(1)))
        elif term := fold(filter_.search):
            # Narrowed filters are applied to what the search finds, so it is asked for more than one page of hits.
            statement = statement.where(orders.c.id.in_(sa.select(_FOUND.subquery().c.id)))
            parameters = {
                "term": term,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": 10 * (page.limit + 1) if _narrowed(filter_) else page.limit + 1,
            }
        for condition in _conditions(filter_):
            statement = statement.where(condition)
        if before is not None:
            statement = statement.where(sa.tuple_(orders.c.placed_at, orders.c.id) < sa.tuple_(*before))
        statement = statement.order_by(orders.c.placed_at.desc(), orders.c.id.desc()).limit(page.limit + 1)
        rows = [_to_row(row) for row in self._reader.rows(statement, parameters)]
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        if more:
            return Page(rows, cursors.encode(rows[-1].placed_at.isoformat(), str(rows[-1].id)))
        return Page(rows, self._further_hits(parameters) if _narrowed(filter_) and parameters else None)

    def _further_hits(self, parameters: dict[str, Any]) -> str | None:
        """Where a narrowed search goes on: its page may be short because most of the hits asked for were dropped."""
        hits = self._reader.rows(sa.select(_FOUND.subquery()), parameters)
        if len(hits) < parameters["limit"]:
            return None
        return cursors.encode(hits[-1]["sorted_at"].isoformat(), str(hits[-1]["id"]))

    def neighbours(self, filter_: OrderFilter, placed_at: datetime, order_id: OrderId) -> Neighbours:
        here = sa.tuple_(sa.literal(placed_at, sa.DateTime(timezone=True)), sa.literal(order_id, sa.Uuid))
        key = sa.tuple_(orders.c.placed_at, orders.c.id)
        narrowed = sa.select(orders.c.number).where(*_conditions(filter_)).limit(1)
        later = narrowed.where(key > here).order_by(orders.c.placed_at, orders.c.id)
        earlier = narrowed.where(key < here).order_by(orders.c.placed_at.desc(), orders.c.id.desc())
        parameters: dict[str, Any] = {}
        if _NUMBER.fullmatch(filter_.search.strip()):
            return Neighbours(None, None)  # such a search finds one order
        if term := fold(filter_.search):
            later = later.where(orders.c.id.in_(sa.select(_NEWEST.subquery("newest").c.id)))
            earlier = earlier.where(orders.c.id.in_(sa.select(_FOUND.subquery("older").c.id)))
            parameters = {"term": term, "before_at": placed_at, "before_id": order_id, "limit": SEARCHED}
        row = self._reader.rows(
            sa.select(later.scalar_subquery().label("later"), earlier.scalar_subquery().label("earlier")), parameters
        )[0]
        return Neighbours(row["later"], row["earlier"])


def _before(page: PageRequest) -> tuple[datetime, UUID] | None:
    if page.cursor is None:
        return None
    at, id_ = cursors.decode(page.cursor, str, str)
    return cursors.instant(at), cursors.identifier(id_)


def _narrowed(filter_: OrderFilter) -> bool:
    axes = filter_.status or filter_.payment_status or filter_.fulfilment_status or filter_.travels is not None
    return bool(axes or filter_.email or filter_.shopper_id or filter_.placed_from or filter_.placed_to)


def _conditions(filter_: OrderFilter) -> Sequence[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [orders.c.number.is_not(None)]
    for column, values in (
        (orders.c.status, filter_.status),
        (orders.c.payment_status, filter_.payment_status),
        (orders.c.fulfilment_status, filter_.fulfilment_status),
    ):
        if values:
            conditions.append(column.in_(values))
    if filter_.travels is not None:
        conditions.append(orders.c.travels == filter_.travels)
    if filter_.email:
        conditions.append(orders.c.email_folded == fold(filter_.email))
    if filter_.shopper_id:
        conditions.append(orders.c.shopper_id == filter_.shopper_id)
    if filter_.placed_from:
        conditions.append(orders.c.placed_at >= filter_.placed_from)
    if filter_.placed_to:
        conditions.append(orders.c.placed_at < filter_.placed_to)
    return conditions


def _to_row(row: sa.RowMapping) -> OrderRow:
    return OrderRow(
        id=OrderId(row["id"]),
        number=row["number"],
        placed_at=row["placed_at"],
        customer_name=row["customer_name"],
        email=row["email"] or "",
        city=row["city"],
        region=row["region"],
        status=OrderStatus(row["status"]),
        payment_status=PaymentStatus(row["payment_status"]),
        fulfilment_status=FulfilmentStatus(row["fulfilment_status"]),
        return_status=ReturnStatus(row["return_status"]),
        quantity=row["quantity"],
        travels=row["travels"],
        total=Money(row["total_minor"], row["currency"]),
        method=row["method"],
    )
