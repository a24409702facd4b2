"""Idempotency-Key: claimed in the first transaction of a call, answered in the last.

A claim without an answer is held for a minute, or until the call fails and gives it back; then a repeat resumes. The
instant until which it is held fences it: a call slower than that claims on before it does anything else, and when a
repeat took over it may neither commit, answer nor release.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.reading import BIND_STORE
from adapters.postgres.session import Session
from adapters.postgres.tables.platform import idempotency_keys as keys
from core.shared.context import CallContext
from core.shared.repeats import KeyReused, Replayed, RequestInFlight

CLAIM = timedelta(seconds=60)

_CLAIM = (
    insert(keys)
    .on_conflict_do_update(
        index_elements=[keys.c.store_id, keys.c.caller, keys.c.route, keys.c.key],
        set_={"claimed_until": sa.bindparam("until")},
        where=sa.and_(
            keys.c.answer.is_(None),
            keys.c.body_hash == sa.bindparam("hash"),
            sa.or_(
                keys.c.claimed_until.is_(None),
                keys.c.claimed_until < sa.bindparam("wall"),
                keys.c.claimed_until == sa.bindparam("held", type_=sa.DateTime(timezone=True)),
            ),
        ),
    )
    .returning(keys.c.key)
)


def claim(session: Session, held: datetime | None = None) -> datetime:
    """Claim the call's key as its transaction begins, unless nobody else can have it.

    :param held: until when this call holds it already; None in its first transaction
    :return: until when it holds it, wall time; no other claim of this key has the same
    :raises Replayed: when it was answered
    :raises KeyReused: when it was used with another body
    :raises RequestInFlight: when another call holds it, also one that took it over from this call
    """
    if held is not None and session.clock.wall() < held:
        return held
    return _claim(session, held)


def _claim(session: Session, held: datetime | None) -> datetime:
    request = session.context.repeatable
    assert request is not None  # noqa: S101 - the caller asks only then
    wall = session.clock.wall()
    until = wall + CLAIM
    got = session.row(
        _CLAIM,
        {
            "store_id": session.store_id,
            "caller": request.caller,
            "route": request.route,
            "key": request.key,
            "body_hash": request.body_hash,
            "claimed_until": until,
            "created_at": wall,
            "until": until,
            "wall": wall,
            "held": held,
            "hash": request.body_hash,
        },
    )
    if got is not None:
        return until
    found = session.row(sa.select(keys.c.body_hash, keys.c.answer).where(_is(session.context)))
    if found is None:
        raise RequestInFlight()
    if bytes(found["body_hash"]) != request.body_hash:
        raise KeyReused()
    if found["answer"] is not None:
        raise Replayed(found["answer"])
    raise RequestInFlight()


def store(session: Session, answer: dict[str, str], held: datetime) -> None:
    """Keep what a repeat is answered with, in the transaction of the effect, which has the claim until `held`.

    Raises Replayed or RequestInFlight when the claim ran out meanwhile and somebody took it over.
    """
    if not _store(session, answer, held):
        _store(session, answer, _claim(session, held))


def _store(session: Session, answer: dict[str, str], held: datetime) -> bool:
    mine = sa.and_(_is(session.context), keys.c.claimed_until == held)
    kept = session.connection.execute(sa.update(keys).where(mine).values(answer=answer, claimed_until=None))
    return bool(kept.rowcount)


def release(connection: sa.Connection, context: CallContext, claimed_until: datetime) -> None:
    """Give back the claim that holds until `claimed_until` and found no answer."""
    mine = sa.and_(_is(context), keys.c.answer.is_(None), keys.c.claimed_until == claimed_until)
    connection.execute(sa.delete(keys).where(mine))


def _is(context: CallContext) -> sa.ColumnElement[bool]:
    request = context.repeatable
    assert request is not None  # noqa: S101 - only called for repeatable requests
    return sa.and_(
        keys.c.store_id == context.store_id,
        keys.c.caller == request.caller,
        keys.c.route == request.route,
        keys.c.key == request.key,
    )


class PostgresIdempotency:
    """Gives claims back outside the failed call's own transactions."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def release(self, context: CallContext, claimed_until: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(BIND_STORE, {"store_id": str(context.store_id)})
            release(connection, context, claimed_until)
