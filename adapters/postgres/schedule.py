"""The schedule as rows: whichever process leases a due row runs the job, so it fires once per cluster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.tables.platform import schedules
from core.messages.deliveries import LEASE_SECONDS
from ports.clock import Clock

_T = schedules.c
_INSERT = insert(schedules)
# An interval that was changed counts from the next run on; what is due stays due.
_DECLARE = _INSERT.on_conflict_do_update(
    index_elements=[_T.name], set_={"every_seconds": _INSERT.excluded.every_seconds}
)
_DUE = (
    sa.select(_T.name)
    .where(
        _T.next_run_at <= sa.bindparam("now"),
        sa.or_(_T.lease_until.is_(None), _T.lease_until < sa.bindparam("now")),
    )
    .order_by(_T.next_run_at)
    .limit(1)
    .with_for_update(skip_locked=True)
    .cte("due")
)
_LEASE = (
    sa.update(schedules)
    .where(_T.name.in_(sa.select(_DUE.c.name)))
    .values(lease_until=sa.bindparam("until"))
    .returning(_T.name)
)
_RENEW = sa.update(schedules).where(_T.name == sa.bindparam("job")).values(lease_until=sa.bindparam("until"))
_FINISHED = (
    sa.update(schedules)
    .where(_T.name == sa.bindparam("job"))
    .values(
        last_run_at=sa.bindparam("now"),
        next_run_at=sa.bindparam("now", type_=sa.DateTime(timezone=True))
        + sa.func.make_interval(0, 0, 0, 0, 0, 0, _T.every_seconds),
        took_ms=sa.bindparam("took"),
        last_result=sa.bindparam("result", type_=_T.last_result.type),
        last_error=sa.bindparam("error", type_=sa.Text),
        lease_until=None,
    )
)


class PostgresScheduleTable:
    """Runs as the platform role."""

    def __init__(self, engine: sa.Engine, clock: Clock, *, lease_seconds: int = LEASE_SECONDS) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)

    def declare(self, intervals: Mapping[str, int]) -> None:
        now = self._clock.wall()
        with self._engine.begin() as connection:
            connection.execute(sa.delete(schedules).where(_T.name.not_in(list(intervals))))
            connection.execute(
                _DECLARE,
                [
                    {"name": name, "every_seconds": seconds, "next_run_at": now}
                    for name, seconds in sorted(intervals.items())
                ],
            )

    def lease(self) -> str | None:
        now = self._clock.wall()
        with self._engine.begin() as connection:
            row = connection.execute(_LEASE, {"now": now, "until": now + self._lease}).first()
        return None if row is None else str(row.name)

    def renew(self, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(_RENEW, {"job": name, "until": self._clock.wall() + self._lease})

    def finished(self, name: str, took_ms: int, result: Mapping[str, int], error: str | None) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                _FINISHED,
                {"job": name, "now": self._clock.wall(), "took": took_ms, "result": dict(result), "error": error},
            )
