"""Exceptions on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.json import plain
from adapters.postgres.session import Session
from adapters.postgres.tables.reconciliation import exceptions
from core.reconciliation.model import ExceptionKind, ExceptionState, ReconciliationException
from core.shared.errors import NotFound
from core.shared.ids import ExceptionId, OrderId, PaymentId
from core.shared.money import Money

_GET = sa.select(exceptions).where(exceptions.c.id == sa.bindparam("exception_id"))
_FACT = (exceptions.c.store_id, exceptions.c.kind, exceptions.c.left_reference, exceptions.c.right_reference)
_OF_FACT = (
    sa.select(exceptions)
    .where(
        exceptions.c.kind == sa.bindparam("kind"),
        exceptions.c.left_reference == sa.bindparam("left"),
        exceptions.c.right_reference == sa.bindparam("right"),
    )
    .with_for_update()
)
_OPEN_OF_PAYMENT = (
    sa.select(exceptions)
    .where(exceptions.c.left_reference == sa.bindparam("payment"), exceptions.c.state == ExceptionState.OPEN)
    .order_by(exceptions.c.opened_at, exceptions.c.id)
    .with_for_update()
)


def _values(exception: ReconciliationException) -> dict[str, Any]:
    return {
        "kind": exception.kind,
        "state": exception.state,
        "left_reference": exception.left_reference,
        "right_reference": exception.right_reference,
        "payment_id": exception.payment_id,
        "order_id": exception.order_id,
        "amount_minor": exception.amount.minor,
        "currency": exception.amount.currency,
        "details": plain(dict(exception.details)),
        "opened_at": exception.opened_at,
        "resolved_at": exception.resolved_at,
        "resolution": exception.resolution,
    }


class PostgresExceptions:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[ExceptionId, dict[str, Any]] = {}

    def raise_(self, exception: ReconciliationException) -> bool:
        raised = self._session.write(
            insert(exceptions)
            .values(id=exception.id, store_id=self._session.store_id, version=1, **_values(exception))
            .on_conflict_do_nothing(index_elements=_FACT)
            .returning(exceptions.c.id)
        )
        new = raised.first() is not None
        if new:
            self._session.changed("exception", exception.id, None, plain(_values(exception)))
        return new

    def of_fact(self, exception: ReconciliationException) -> ReconciliationException:
        fact = {"kind": exception.kind, "left": exception.left_reference, "right": exception.right_reference}
        return self._found(self._session.row(_OF_FACT, fact))

    def open_of_payment(self, payment_id: PaymentId) -> Sequence[ReconciliationException]:
        return [self._found(row) for row in self._session.rows(_OPEN_OF_PAYMENT, {"payment": str(payment_id)})]

    def get(self, exception_id: ExceptionId, *, lock: bool = False) -> ReconciliationException:
        return self._found(self._session.row(_GET.with_for_update() if lock else _GET, {"exception_id": exception_id}))

    def _found(self, row: sa.RowMapping | None) -> ReconciliationException:
        if row is None:
            raise NotFound("There is no such exception.")
        found = ReconciliationException(
            id=ExceptionId(row["id"]),
            kind=ExceptionKind(row["kind"]),
            left_reference=row["left_reference"],
            right_reference=row["right_reference"],
            amount=Money(row["amount_minor"], row["currency"]),
            opened_at=row["opened_at"],
            payment_id=PaymentId(row["payment_id"]) if row["payment_id"] else None,
            order_id=OrderId(row["order_id"]) if row["order_id"] else None,
            details=row["details"],
            state=ExceptionState(row["state"]),
            resolved_at=row["resolved_at"],
            resolution=row["resolution"],
            version=row["version"],
        )
        self._loaded[found.id] = plain(_values(found))
        return found

    def save(self, exception: ReconciliationException) -> None:
        values = _values(exception)
        self._session.update_version(exceptions, exception.id, exception.version, values)
        exception.version += 1
        self._session.changed("exception", exception.id, self._loaded.get(exception.id), plain(values))
