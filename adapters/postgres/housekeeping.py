"""What was kept long enough is removed, a few thousand rows in a transaction, so that nothing waits behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from adapters.postgres.tables.cart import carrier_answers
from adapters.postgres.tables.platform import deliveries, idempotency_keys, outbox
from core.messages.deliveries import DeliveryState
from ports.clock import Clock

KEEP_DELIVERIES = timedelta(days=7)
KEEP_EVENTS = timedelta(days=7)
KEEP_ANSWERS = timedelta(hours=24)
KEEP_PRICES = timedelta(days=7)  # the checkout needs them for a day, who asks why none was offered a little longer
BATCH = 5_000

_FINISHED = (DeliveryState.DONE, DeliveryState.DISCARDED)


def _old(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Delete:
    row: sa.ColumnElement[object] = sa.literal_column(f"{table.name}.ctid")
    oldest = sa.select(row).select_from(table).where(*conditions).limit(BATCH)
    return sa.delete(table).where(row == sa.any_(sa.func.array(oldest.scalar_subquery())))


_BEFORE: sa.BindParameter[datetime] = sa.bindparam("before", type_=sa.DateTime(timezone=True))
_RULES: tuple[tuple[str, sa.Delete], ...] = (
    ("deliveries", _old(deliveries, deliveries.c.state.in_(_FINISHED), deliveries.c.done_at < _BEFORE)),
    ("events", _old(outbox, outbox.c.occurred_at < _BEFORE)),
    ("idempotency keys", _old(idempotency_keys, idempotency_keys.c.created_at < _BEFORE)),
    ("carrier answers", _old(carrier_answers, carrier_answers.c.asked_at < _BEFORE)),
)


class PostgresHousekeeping:
    """Runs as the platform role."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def prune(self) -> Mapping[str, int]:
        wall = self._clock.wall()
        # Events happen in business time, which development may have moved; whatever is later stays.
        before: dict[str, Any] = {
            "deliveries": wall - KEEP_DELIVERIES,
            "events": min(wall, self._clock.now()) - KEEP_EVENTS,
            "idempotency keys": wall - KEEP_ANSWERS,
            "carrier answers": min(wall, self._clock.now()) - KEEP_PRICES,
        }
        return {name: self._remove(statement, before[name]) for name, statement in _RULES}

    def _remove(self, statement: sa.Delete, before: datetime) -> int:
        removed = 0
        while True:
            with self._engine.begin() as connection:
                count = connection.execute(statement, {"before": before}).rowcount
            removed += count
            if count < BATCH:
                return removed
