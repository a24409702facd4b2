"""What a transaction says about itself before it commits: outbox and deliveries, timeline, activity.

Each is at most one statement, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.json import plain
from adapters.postgres.session import Emitted, Session
from adapters.postgres.tables.activity import activity
from adapters.postgres.tables.platform import deliveries, outbox, timeline
from core.messages.deliveries import DeliveryState, LeaseLost
from core.shared.calls import Run
from core.shared.context import Lease

# The attempt is the fence: whoever leased the delivery later has a higher one, and only that may finish it.
_FINISH = (
    sa.update(deliveries)
    .where(
        deliveries.c.id == sa.bindparam("delivery"),
        deliveries.c.state == DeliveryState.LEASED,
        deliveries.c.attempts == sa.bindparam("attempt"),
    )
    .values(state=DeliveryState.DONE, done_at=sa.bindparam("at"), lease_until=None, last_error=None)
)


def write(session: Session, run: Run, subscriptions: Mapping[str, tuple[str, ...]]) -> None:
    """Write everything that `session` collected. Raises LeaseLost when it finishes a delivery it no longer holds."""
    if session.finishes_delivery and session.context.lease is not None:
        _finish_delivery(session, session.context.lease)
    if session.emitted:
        _write_events(session, subscriptions)
    _write_timeline(session)
    if run.leaves_activity and (session.wrote or session.changes):
        _write_activity(session, run)


def _finish_delivery(session: Session, lease: Lease) -> None:
    done = session.connection.execute(
        _FINISH, {"delivery": lease.delivery_id, "attempt": lease.attempt, "at": session.clock.wall()}
    )
    if done.rowcount != 1:
        raise LeaseLost()


def _write_events(session: Session, subscriptions: Mapping[str, tuple[str, ...]]) -> None:
    now = session.now()
    events: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for item in session.emitted:
        event_id = session.ids.new()
        payload = item.event.payload()
        events.append(
            {
                "id": event_id,
                "store_id": session.store_id,
                "name": item.event.name,
                "aggregate": item.event.aggregate,
                "aggregate_id": item.aggregate_id,
                "aggregate_version": item.version,
                "payload": payload,
                "request_id": session.context.request_id,
                "occurred_at": now,
            }
        )
        rows += [
            delivery_row(session, event_id, item.event.name, subscriber, payload)
            for subscriber in subscriptions.get(item.event.name, ())
        ]
    session.connection.execute(sa.insert(outbox).values(events))
    if rows:
        put = sa.insert(deliveries).values(rows).cte("put")
        session.connection.execute(sa.select(sa.func.pg_notify("deliveries", "")).add_cte(put))


def delivery_row(
    session: Session, event_id: UUID | None, event_name: str, subscriber: str, payload: dict[str, Any]
) -> dict[str, Any]:
    """A waiting delivery of `payload` to `subscriber`, due now."""
    now = session.now()
    return {
        "id": session.ids.new(),
        "store_id": session.store_id,
        "event_id": event_id,
        "event_name": event_name,
        "subscriber": subscriber,
        "payload": payload,
        "request_id": session.context.request_id,
        "locale": session.context.locale,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": session.clock.wall(),
    }


def _write_timeline(session: Session) -> None:
    lines = [line for item in session.emitted for line in _timeline_lines(item)] + session.notes
    if not lines:
        return
    context = session.context
    session.connection.execute(
        sa.insert(timeline).values(
            [
                {
                    "id": session.ids.new(),
                    "store_id": session.store_id,
                    "actor_kind": context.actor.kind,
                    "actor_id": context.actor.id,
                    "actor_label": context.actor_label,
                    "occurred_at": session.now(),
                    **line,
                }
                for line in lines
            ]
        )
    )


def _timeline_lines(item: Emitted) -> list[dict[str, Any]]:
    """An event that names an order stands in that order's timeline."""
    order_id = getattr(item.event, "order_id", None)
    if order_id is None:
        return []
    return [
        {
            "subject_kind": "order",
            "subject_id": order_id,
            "name": item.event.name,
            "payload": item.event.payload(),
        }
    ]


def _write_activity(session: Session, run: Run) -> None:
    context = session.context
    first = session.changes[0] if session.changes else None
    row_id = session.ids.new()
    session.connection.execute(
        sa.insert(activity).values(
            id=row_id,
            store_id=session.store_id,
            parent_id=run.activity_id,
            action=run.action,
            actor_kind=context.actor.kind,
            actor_id=context.actor.id,
            actor_label=context.actor_label,
            request_id=context.request_id,
            reason=context.reason,
            target_kind=first.kind if first else None,
            target_id=first.id if first else None,
            changes=[
                {"kind": c.kind, "id": str(c.id), "before": plain(c.before), "after": plain(c.after)}
                for c in session.changes
            ],
            occurred_at=session.now(),
        )
    )
    if run.activity_id is None:
        run.activity_id = row_id
