"""What is due in any store: ids only, read as the platform, each by a partial index of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.postgres.tables.orders import orders
from adapters.postgres.tables.payments import payment_sessions, payments
from core.orders.axes import FulfilmentStatus, PaymentStatus
from core.orders.lifecycle import OrderStatus
from core.payments.lifecycle import PaymentState
from core.payments.sessions import LIVE_STATES, SessionState
from ports.deadlines import Due

_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_AT_MOST: sa.BindParameter[int] = sa.bindparam("at_most", type_=sa.Integer)

_SESSIONS = (
    sa.select(payment_sessions.c.store_id, payment_sessions.c.id)
    .join(
        payments,
        sa.and_(payments.c.store_id == payment_sessions.c.store_id, payments.c.id == payment_sessions.c.payment_id),
    )
    .where(
        payment_sessions.c.state.in_([sa.literal_column(f"'{state}'") for state in sorted(LIVE_STATES)]),
        payment_sessions.c.expires_at <= _NOW,
        # One that its provider does not let go waits its turn, or one store's would keep all others' from expiring.
        sa.or_(
            payment_sessions.c.state != SessionState.CLOSING,
            payments.c.check_at.is_(None),
            payments.c.check_at <= _NOW,
        ),
    )
    .order_by(payment_sessions.c.expires_at)
    .limit(_AT_MOST)
)
_PAYMENTS = (
    sa.select(payments.c.store_id, payments.c.id)
    .where(payments.c.check_at.is_not(None), payments.c.check_at <= _NOW)
    .order_by(payments.c.check_at)
    .limit(_AT_MOST)
)
# Every tender still waits for its money, also after a failed try, and each of them has waited long enough.
_AWAITED = payments.c.state.in_([PaymentState.AWAITING, PaymentState.DECLINED])
_LATE = sa.and_(_AWAITED, payments.c.expires_at <= _NOW)
_ORDERS = (
    sa.select(orders.c.store_id, orders.c.id)
    .join(payments, sa.and_(payments.c.store_id == orders.c.store_id, payments.c.order_id == orders.c.id))
    .where(
        orders.c.status != OrderStatus.CANCELLED,
        orders.c.payment_status == PaymentStatus.AWAITING,
        orders.c.fulfilment_status == FulfilmentStatus.UNFULFILLED,  # what has left is for a person to end
    )
    .group_by(orders.c.store_id, orders.c.id)
    .having(sa.func.bool_and(sa.func.coalesce(_LATE, sa.false())))
    .order_by(sa.func.min(payments.c.expires_at))
    .limit(_AT_MOST)
)


class PostgresPaymentDeadlines:
    """Runs as the platform role."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def sessions_past_deadline(self, now: datetime, limit: int) -> Sequence[Due]:
        return self._due(_SESSIONS, now, limit)

    def payments_to_check(self, now: datetime, limit: int) -> Sequence[Due]:
        return self._due(_PAYMENTS, now, limit)

    def orders_past_deadline(self, now: datetime, limit: int) -> Sequence[Due]:
        return self._due(_ORDERS, now, limit)

    def _due(self, statement: sa.Select[tuple[object, object]], now: datetime, limit: int) -> Sequence[Due]:
        with self._engine.connect() as connection, connection.begin():
            rows = connection.execute(statement, {"now": now, "at_most": limit})
            return [Due(row.store_id, row.id) for row in rows]
