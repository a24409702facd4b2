"""Exceptions for the list and the page: one statement each."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.reading import Reader
from adapters.postgres.tables.orders import orders
from adapters.postgres.tables.reconciliation import exceptions
from core.reconciliation.model import ExceptionKind, ExceptionState
from core.shared.errors import NotFound
from core.shared.ids import ExceptionId, OrderId, PaymentId
from core.shared.money import Money
from ports.paging import Page, PageRequest
from ports.reconciliation import ExceptionRow

_ROWS = sa.select(exceptions, orders.c.number.label("order_number")).select_from(
    exceptions.outerjoin(
        orders, sa.and_(orders.c.store_id == exceptions.c.store_id, orders.c.id == exceptions.c.order_id)
    )
)
_GET = _ROWS.where(exceptions.c.id == sa.bindparam("exception_id"))


class PostgresExceptionQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def get(self, exception_id: ExceptionId) -> ExceptionRow:
        row = self._reader.row(_GET, {"exception_id": exception_id})
        if row is None:
            raise NotFound("There is no such exception.")
        return _to_row(row)

    def list(self, state: ExceptionState | None, page: PageRequest) -> Page[ExceptionRow]:
        statement = _ROWS.order_by(exceptions.c.opened_at.desc(), exceptions.c.id.desc()).limit(page.limit + 1)
        if state is not None:
            statement = statement.where(exceptions.c.state == state)
        if page.cursor is not None:
            at, id_ = cursors.decode(page.cursor, str, str)
            before = sa.tuple_(cursors.instant(at), cursors.identifier(id_))
            statement = statement.where(sa.tuple_(exceptions.c.opened_at, exceptions.c.id) < before)
        rows = [_to_row(row) for row in self._reader.rows(statement)]
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        last = rows[-1] if more else None
        return Page(rows, cursors.encode(last.opened_at.isoformat(), str(last.id)) if last else None)


def _to_row(row: sa.RowMapping) -> ExceptionRow:
    return ExceptionRow(
        id=ExceptionId(row["id"]),
        kind=ExceptionKind(row["kind"]),
        state=ExceptionState(row["state"]),
        left_reference=row["left_reference"],
        right_reference=row["right_reference"],
        amount=Money(row["amount_minor"], row["currency"]),
        payment_id=PaymentId(row["payment_id"]) if row["payment_id"] else None,
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
        details=row["details"],
        opened_at=row["opened_at"],
        resolved_at=row["resolved_at"],
        resolution=row["resolution"],
        version=row["version"],
    )
