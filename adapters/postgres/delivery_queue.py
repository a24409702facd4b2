"""The deliveries of all stores as one queue: leased with SKIP LOCKED, fenced by their attempt, woken by NOTIFY."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg
import sqlalchemy as sa

from adapters.postgres.tables.platform import deliveries
from core.messages.deliveries import LEASE_SECONDS, DeliveryState, DeliveryStep, Verdict
from core.shared.ids import DeliveryId, StoreId
from ports.clock import Clock
from ports.messages import LeasedDelivery

_T = deliveries.c
_LEASED = (
    _T.id,
    _T.store_id,
    _T.subscriber,
    _T.event_name,
    _T.payload,
    _T.request_id,
    _T.locale,
)

# A leased row was due once, so one partial index on next_attempt_at serves both kinds.
_DUE = (
    sa.select(_T.id)
    .where(
        _T.state.in_([DeliveryState.WAITING, DeliveryState.LEASED]),
        _T.next_attempt_at <= sa.bindparam("now"),
        sa.or_(_T.state == DeliveryState.WAITING, _T.lease_until < sa.bindparam("now")),
    )
    .order_by(_T.next_attempt_at)
    .limit(sa.bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_LEASE = (
    sa.update(deliveries)
    .where(_T.id.in_(sa.select(_DUE.c.id)))
    .values(state=DeliveryState.LEASED, lease_until=sa.bindparam("until"))
    .returning(*_LEASED, (_T.attempts + 1).label("attempt"))
)

# A try is counted when it begins. Its number is the fence: a message published twice begins it once, and only who
# began the last one may finish.
_OURS = sa.and_(_T.id == sa.bindparam("delivery"), _T.state == DeliveryState.LEASED)
_HELD = sa.and_(_OURS, _T.attempts == sa.bindparam("attempt"))
_BEGUN_OR_NOT = sa.and_(_OURS, _T.attempts.between(sa.bindparam("attempt") - 1, sa.bindparam("attempt")))
_TAKE_UP = (
    sa.update(deliveries)
    .where(_OURS, _T.attempts == sa.bindparam("attempt") - 1)
    .values(attempts=_T.attempts + 1, lease_until=sa.bindparam("until"))
    .returning(*_LEASED, _T.attempts.label("attempt"))
)
_RENEW = sa.update(deliveries).where(_BEGUN_OR_NOT).values(lease_until=sa.bindparam("until"))
_SETTLE = (
    sa.update(deliveries)
    .where(_HELD)
    .values(
        state=sa.bindparam("to_state"),
        last_error=sa.bindparam("error"),
        done_at=sa.bindparam("at"),
        next_attempt_at=sa.func.coalesce(sa.bindparam("due", type_=sa.DateTime(timezone=True)), _T.next_attempt_at),
        lease_until=None,
    )
)
_RELEASE = (
    sa.update(deliveries)
    .where(_BEGUN_OR_NOT)
    .values(state=DeliveryState.WAITING, attempts=sa.bindparam("attempt") - 1, lease_until=None)
)
_BURY = (
    sa.update(deliveries)
    .where(
        _T.state == DeliveryState.LEASED,
        _T.next_attempt_at <= sa.bindparam("now"),
        _T.lease_until < sa.bindparam("now"),
        _T.attempts >= sa.bindparam("allowed"),
    )
    .values(
        state=DeliveryState.DEAD,
        done_at=sa.bindparam("now"),
        lease_until=None,
        last_error="lease_ran_out: The worker died or hung each time it worked on this.",
    )
)
_AFTER = {
    DeliveryStep.FINISH: DeliveryState.DONE,
    DeliveryStep.RETRY: DeliveryState.WAITING,
    DeliveryStep.GIVE_UP: DeliveryState.DEAD,
}


class PostgresDeliveryQueue:
    """Runs as the platform role. One object per process; only `wait` belongs to a single thread, the relay's."""

    def __init__(self, engine: sa.Engine, clock: Clock, *, lease_seconds: int = LEASE_SECONDS) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)
        self._listener: psycopg.Connection[Any] | None = None

    def lease(self, limit: int, seconds: int) -> Sequence[LeasedDelivery]:
        now = self._clock.wall()
        until = now + timedelta(seconds=seconds)
        with self._engine.begin() as connection:
            rows = connection.execute(_LEASE, {"now": now, "until": until, "at_most": limit})
            return [_leased(row) for row in rows.mappings()]

    def take_up(self, delivery_id: DeliveryId, attempt: int) -> LeasedDelivery | None:
        with self._engine.begin() as connection:
            row = connection.execute(_TAKE_UP, self._held(delivery_id, attempt)).mappings().first()
        return None if row is None else _leased(row)

    def renew(self, leases: Mapping[DeliveryId, int]) -> None:
        if leases:
            with self._engine.begin() as connection:
                connection.execute(_RENEW, [self._held(*held) for held in leases.items()])

    def finish(self, delivery_id: DeliveryId, attempt: int) -> None:
        self._settle(delivery_id, attempt, DeliveryState.DONE, None, wait_seconds=None)

    def fail(self, delivery_id: DeliveryId, attempt: int, verdict: Verdict) -> None:
        wait = verdict.wait_seconds if verdict.step is DeliveryStep.RETRY else None
        self._settle(delivery_id, attempt, _AFTER[verdict.step], verdict.error, wait_seconds=wait)

    def release(self, delivery_id: DeliveryId, attempt: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(_RELEASE, {"delivery": delivery_id, "attempt": attempt})

    def bury(self, allowed_attempts: int) -> int:
        with self._engine.begin() as connection:
            return connection.execute(_BURY, {"now": self._clock.wall(), "allowed": allowed_attempts}).rowcount

    def wait(self, seconds: float) -> None:
        try:
            listener = self._listener or self._listen()
            for _ in listener.notifies(timeout=seconds, stop_after=1):
                pass
        except (psycopg.Error, sa.exc.DBAPIError):
            # The database is away: the rows are looked at again after the pause, and listening starts anew.
            self.close()
            time.sleep(seconds)

    def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _listen(self) -> psycopg.Connection[Any]:
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        if not isinstance(connection, psycopg.Connection):
            raise TypeError("the platform's engine does not speak through psycopg")
        connection.autocommit = True
        connection.execute("LISTEN deliveries")
        self._listener = connection
        return connection

    def _held(self, delivery_id: DeliveryId, attempt: int) -> dict[str, Any]:
        return {"delivery": delivery_id, "attempt": attempt, "until": self._clock.wall() + self._lease}

    def _settle(
        self,
        delivery_id: DeliveryId,
        attempt: int,
        state: DeliveryState,
        error: str | None,
        *,
        wait_seconds: int | None,
    ) -> None:
        now = self._clock.wall()
        with self._engine.begin() as connection:
            connection.execute(
                _SETTLE,
                {
                    "delivery": delivery_id,
                    "attempt": attempt,
                    "to_state": state,
                    "error": error,
                    "at": None if wait_seconds is not None else now,
                    "due": None if wait_seconds is None else now + timedelta(seconds=wait_seconds),
                },
            )


def _leased(row: sa.RowMapping) -> LeasedDelivery:
    return LeasedDelivery(
        id=DeliveryId(row["id"]),
        attempt=row["attempt"],
        store_id=StoreId(row["store_id"]),
        subscriber=row["subscriber"],
        event_name=row["event_name"],
        payload=row["payload"],
        request_id=row["request_id"],
        locale=row["locale"],
    )
