"""Exceptions on PostgreSQL: the write side, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres import reconciliation_open
from adapters.postgres.json import plain
from adapters.postgres.reconciliation_approvals import PostgresApprovals
from adapters.postgres.session import Session
from adapters.postgres.tables.reconciliation import exception_comments, exceptions
from core.reconciliation.actions import OpenAmount
from core.reconciliation.kinds import ExceptionKind, Origin
from core.reconciliation.model import ExceptionState, ReconciliationException
from core.shared.errors import NotFound
from core.shared.ids import ExceptionId, OrderId, PaymentAccountId, PaymentId, StaffId
from core.shared.money import Money
from ports.reconciliation import NoteKind

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
    .where(
        exceptions.c.left_reference == sa.bindparam("payment"),
        exceptions.c.state == ExceptionState.OPEN,
        exceptions.c.origin == Origin.PAYMENTS,
    )
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
        "resolved_by": exception.resolved_by,
        "owner_id": exception.owner,
        "owner_name": exception.owner_name,
        "account_id": exception.account_id,
        "origin": exception.origin,
    }


class PostgresExceptions(PostgresApprovals):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
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
        found = to_exception(row)
        self._loaded[found.id] = plain(_values(found))
        return found

    def save(self, exception: ReconciliationException) -> None:
        values = _values(exception)
        self._session.update_version(exceptions, exception.id, exception.version, values)
        exception.version += 1
        self._session.changed("exception", exception.id, self._loaded.get(exception.id), plain(values))

    def note(self, exception_id: ExceptionId, kind: NoteKind, text: str = "") -> None:
        session, who = self._session, self.acting()
        session.write(
            sa.insert(exception_comments).values(
                id=session.ids.new(),
                store_id=session.store_id,
                exception_id=exception_id,
                kind=kind,
                text=text,
                by_id=who.id,
                by_label=who.label,
                at=session.now(),
            )
        )

    def open_on_clearing(self, exception: ReconciliationException) -> OpenAmount | None:
        row = self._session.row(reconciliation_open.OPEN, {"exception_id": exception.id})
        return reconciliation_open.to_open(row)


def to_exception(row: sa.RowMapping) -> ReconciliationException:
    """The exception of a row of its table."""
    return ReconciliationException(
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
        resolved_by=row["resolved_by"],
        owner=StaffId(row["owner_id"]) if row["owner_id"] else None,
        owner_name=row["owner_name"],
        account_id=PaymentAccountId(row["account_id"]) if row["account_id"] else None,
        origin=Origin(row["origin"]),
        version=row["version"],
    )
