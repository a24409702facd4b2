"""The facts that the ledger posts, read from where they were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.session import Session
from adapters.postgres.tables.ledger import journal_entries
from adapters.postgres.tables.logistics import fulfilment_lines, fulfilments, shipments
from adapters.postgres.tables.orders import order_lines, orders, refunds
from adapters.postgres.tables.payments import payment_operations, payments
from adapters.postgres.tables.platform import timeline
from core.ledger.facts import (
    CaptureFact,
    FulfilmentFact,
    LabelFact,
    LineFact,
    OrderFact,
    OrderFacts,
    RefundedPieces,
    RefundFact,
)
from core.ledger.model import EntryKind
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, LineId, OperationId, OrderId, PaymentAccountId, PaymentId, ShipmentId
from core.shared.money import Money
from ports.ledger import FactKind, FactPage, UnpostedFact

_operations = payment_operations.join(
    payments,
    sa.and_(payments.c.store_id == payment_operations.c.store_id, payments.c.id == payment_operations.c.payment_id),
)
_OPERATION = sa.select(
    payment_operations.c.id,
    payment_operations.c.payment_id,
    payment_operations.c.state,
    payment_operations.c.amount_minor,
    payment_operations.c.currency,
    payment_operations.c.requested_at,
    payment_operations.c.finished_at,
    payments.c.account_id,
    payments.c.order_id,
)
_CAPTURE = _OPERATION.select_from(_operations).where(
    payment_operations.c.id == sa.bindparam("operation_id"), payment_operations.c.kind == "capture"
)
# When a refund failed after it had succeeded its row says when it failed; the timeline still says when it succeeded.
_succeeded_at = (
    sa.select(sa.func.min(timeline.c.occurred_at))
    .where(
        timeline.c.store_id == payments.c.store_id,
        timeline.c.subject_kind == "order",
        timeline.c.subject_id == payments.c.order_id,
        timeline.c.name == "payments.refund_succeeded.v1",
        timeline.c.payload["operation_id"].astext == sa.cast(payment_operations.c.id, sa.Text),
    )
    .correlate(payments, payment_operations)
    .scalar_subquery()
)
_REFUNDS = (
    _OPERATION.add_columns(
        _succeeded_at.label("succeeded_at"),
        refunds.c.lines,
        sa.func.coalesce(refunds.c.shipping_minor, 0).label("shipping_minor"),
    )
    .select_from(
        _operations.outerjoin(
            refunds,
            sa.and_(
                refunds.c.store_id == payment_operations.c.store_id,
                refunds.c.operation_id == payment_operations.c.id,
            ),
        )
    )
    .where(payment_operations.c.kind == "refund")
)
_REFUND = _REFUNDS.where(payment_operations.c.id == sa.bindparam("operation_id"))
_OF_ORDER = _REFUNDS.where(
    payments.c.order_id == sa.bindparam("order_id"), payment_operations.c.state.in_(["succeeded", "declined"])
)
_ORDER = sa.select(orders).where(orders.c.id == sa.bindparam("order_id"))
_LINES = (
    sa.select(order_lines).where(order_lines.c.order_id == sa.bindparam("order_id")).order_by(order_lines.c.position)
)
_FULFILMENTS = (
    sa.select(
        fulfilments.c.id,
        fulfilments.c.state,
        fulfilments.c.shipped_at,
        fulfilments.c.ended_at,
        sa.func.jsonb_object_agg(fulfilment_lines.c.line_id, fulfilment_lines.c.quantity).label("pieces"),
    )
    .join(
        fulfilment_lines,
        sa.and_(
            fulfilment_lines.c.store_id == fulfilments.c.store_id, fulfilment_lines.c.fulfilment_id == fulfilments.c.id
        ),
    )
    .where(fulfilments.c.order_id == sa.bindparam("order_id"), fulfilments.c.shipped_at.is_not(None))
    .group_by(fulfilments.c.id)
    .order_by(fulfilments.c.shipped_at, fulfilments.c.id)
)
_PURCHASED = ("purchased", "voiding", "voided", "void_refused", "expired")


def _branch(
    kind: FactKind, id_: sa.Column[Any], order_id: Any, entry: EntryKind, joined: sa.FromClause, *where: Any
) -> sa.Subquery:
    """The next facts of one kind by id, each with whether its entry is there."""
    key = sa.literal(f"{entry}:").op("||")(sa.cast(id_, sa.Text))
    posted = sa.exists().where(journal_entries.c.store_id == id_.table.c.store_id, journal_entries.c.key == key)
    return (
        sa.select(sa.literal(kind.value).label("kind"), id_, order_id.label("order_id"), posted.label("posted"))
        .select_from(joined)
        .where(id_ > sa.bindparam("after", type_=sa.UUID), *where)
        .order_by(id_)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .subquery()
    )


_operation = payment_operations.c
_branches = [
    _branch(
        FactKind.CAPTURE, _operation.id, payments.c.order_id, EntryKind.CAPTURE, _operations,
        _operation.kind == "capture", _operation.state == "succeeded", _operation.amount_minor > 0,
    ),
    _branch(
        FactKind.REFUND, _operation.id, payments.c.order_id, EntryKind.REFUND, _operations,
        _operation.kind == "refund",
        sa.or_(
            _operation.state == "succeeded", sa.and_(_operation.state == "declined", _succeeded_at.is_not(None))
        ),
    ),
    _branch(
        FactKind.GOODS, fulfilments.c.id, fulfilments.c.order_id, EntryKind.GOODS_LEFT, fulfilments,
        fulfilments.c.shipped_at.is_not(None),
    ),
    _branch(
        FactKind.LABEL, shipments.c.id, shipments.c.order_id, EntryKind.LABEL, shipments,
        shipments.c.state.in_(_PURCHASED), shipments.c.purchased_at.is_not(None),
    ),
]  # fmt: skip
_next = sa.union_all(*(sa.select(branch) for branch in _branches)).subquery()
_UNPOSTED = sa.select(_next).order_by(_next.c.id).limit(sa.bindparam("most", type_=sa.Integer))
_FIRST = UUID(int=0)

_LABEL = sa.select(shipments).where(shipments.c.id == sa.bindparam("shipment_id"))


class PostgresLedgerFacts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def capture(self, operation_id: OperationId) -> CaptureFact:
        row = self._found(_CAPTURE, operation_id=operation_id)
        return CaptureFact(
            operation_id=OperationId(row["id"]),
            payment_id=PaymentId(row["payment_id"]),
            account_id=PaymentAccountId(row["account_id"]),
            order_id=None if row["order_id"] is None else OrderId(row["order_id"]),
            amount=Money(row["amount_minor"], row["currency"]),
            at=row["finished_at"] or row["requested_at"],
        )

    def refund(self, operation_id: OperationId) -> RefundFact:
        return _to_refund(self._found(_REFUND, operation_id=operation_id))

    def order(self, order_id: OrderId) -> OrderFacts:
        head = self._found(_ORDER, order_id=order_id)
        lines = self._session.rows(_LINES, {"order_id": order_id})
        given_back = (_to_refund(row) for row in self._session.rows(_OF_ORDER, {"order_id": order_id}))
        left = self._session.rows(_FULFILMENTS, {"order_id": order_id})
        return OrderFacts(
            _to_order(head, lines),
            sorted((r for r in given_back if r.failed_at is None), key=lambda r: (r.at, r.operation_id)),
            [_to_fulfilment(row) for row in left],
        )

    def label(self, shipment_id: ShipmentId) -> LabelFact:
        row = self._found(_LABEL, shipment_id=shipment_id)
        paid = row["paid_minor"] if row["paid_minor"] is not None else row["quoted_minor"]
        return LabelFact(
            shipment_id=ShipmentId(row["id"]),
            order_id=OrderId(row["order_id"]),
            amount=Money(paid, row["paid_currency"] or row["currency"]),
            purchased_at=row["purchased_at"] or row["requested_at"],
            voided_at=row["ended_at"] if row["state"] == "voided" else None,
        )

    def unposted(self, after: UUID | None, limit: int) -> FactPage:
        rows = self._session.rows(_UNPOSTED, {"after": after or _FIRST, "most": limit})
        facts = [
            UnpostedFact(
                FactKind(row["kind"]), row["id"], None if row["order_id"] is None else OrderId(row["order_id"])
            )
            for row in rows
            if not row["posted"]
        ]
        return FactPage(facts, rows[-1]["id"] if len(rows) == limit else None)

    def _found(self, statement: sa.Select[Any], **parameters: UUID) -> sa.RowMapping:
        row = self._session.row(statement, parameters)
        if row is None:
            raise NotFound("There is no such fact.")
        return row


def _to_order(head: sa.RowMapping, lines: Sequence[sa.RowMapping]) -> OrderFact:
    currency = head["currency"]
    return OrderFact(
        id=OrderId(head["id"]),
        total=Money(head["total_minor"], currency),
        shipping=Money(head["shipping_minor"], currency),
        tax=Money(head["tax_minor"], currency),
        lines=[
            LineFact(
                id=LineId(line["id"]),
                quantity=line["quantity"],
                total=Money(line["total_minor"], currency),
                discount=Money(line["discount_minor"], currency),
                tax=Money(line["tax_minor"], currency),
                travels=line["requires_shipping"],
            )
            for line in lines
        ],
    )


def _to_refund(row: sa.RowMapping) -> RefundFact:
    currency = row["currency"]
    failed = row["state"] == "declined"
    return RefundFact(
        operation_id=OperationId(row["id"]),
        payment_id=PaymentId(row["payment_id"]),
        account_id=PaymentAccountId(row["account_id"]),
        order_id=None if row["order_id"] is None else OrderId(row["order_id"]),
        amount=Money(row["amount_minor"], currency),
        at=row["succeeded_at"] or row["finished_at"] or row["requested_at"],
        shipping=Money(row["shipping_minor"], currency),
        pieces=[
            RefundedPieces(LineId(UUID(line_id)), quantity, Money(minor, currency))
            for line_id, quantity, minor in row["lines"] or ()
        ],
        failed_at=row["finished_at"] if failed else None,
    )


def _to_fulfilment(row: sa.RowMapping) -> FulfilmentFact:
    return FulfilmentFact(
        id=FulfilmentId(row["id"]),
        pieces={LineId(UUID(line_id)): quantity for line_id, quantity in row["pieces"].items()},
        left_at=row["shipped_at"],
        reversed_at=row["ended_at"] if row["state"] == "reversed" else None,
    )
