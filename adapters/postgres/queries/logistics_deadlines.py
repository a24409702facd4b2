"""What of shipping is due in any store: ids only, read as the platform, each by a partial index of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.postgres.tables.logistics import shipments
from core.logistics.lifecycle import LabelState
from ports.deadlines import Due

_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_AT_MOST: sa.BindParameter[int] = sa.bindparam("at_most", type_=sa.Integer)

# From account to account over the index, however many parcels each of them has waiting.
_ACCOUNTS = sa.text("""
    WITH RECURSIVE waiting AS (
        (SELECT account_id, store_id, next_poll_at FROM parcels
         WHERE next_poll_at IS NOT NULL ORDER BY account_id, next_poll_at LIMIT 1)
        UNION ALL
        SELECT n.account_id, n.store_id, n.next_poll_at FROM waiting w, LATERAL (
            SELECT account_id, store_id, next_poll_at FROM parcels
            WHERE next_poll_at IS NOT NULL AND account_id > w.account_id ORDER BY account_id, next_poll_at LIMIT 1) n
    )
    SELECT store_id, account_id AS id FROM waiting WHERE next_poll_at <= :now ORDER BY next_poll_at LIMIT :at_most
""")


def _labels(*states: LabelState) -> sa.Select[Any]:
    return (
        sa.select(shipments.c.store_id, shipments.c.id)
        .where(
            shipments.c.check_at.is_not(None), shipments.c.check_at <= _NOW,
            shipments.c.state.in_([sa.literal_column(f"'{state}'") for state in states]),
        )
        .order_by(shipments.c.check_at)
        .limit(_AT_MOST)
    )  # fmt: skip


_LABELS = _labels(LabelState.PURCHASING, LabelState.UNKNOWN, LabelState.PURCHASED)
_VOIDS = _labels(LabelState.VOIDING)


class PostgresLogisticsDeadlines:
    """Runs as the platform role."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def accounts_to_poll(self, now: datetime, limit: int) -> Sequence[Due]:
        return self._due(_ACCOUNTS, now, limit)

    def labels_to_settle(self, now: datetime, limit: int) -> Sequence[Due]:
        return self._due(_LABELS, now, limit)

    def voids_to_settle(self, now: datetime, limit: int) -> Sequence[Due]:
        return self._due(_VOIDS, now, limit)

    def _due(self, statement: sa.Executable, now: datetime, limit: int) -> Sequence[Due]:
        with self._engine.connect() as connection, connection.begin():
            rows = connection.execute(statement, {"now": now, "at_most": limit})
            return [Due(row.store_id, row.id) for row in rows]
