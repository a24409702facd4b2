"""Events: what happened, kept with the object as it was, and handed to the endpoints that want it."""

from __future__ import annotations

import datetime
from typing import Any

from sandbox.ids import new_id
from sandbox.payments import faults
from sandbox.payments.records import Event, insert
from sandbox.payments.store import Call
from sandbox.payments.wire import event_json


def emit(call: Call, type_: str, snapshot: dict[str, Any]) -> None:
    """Write an event and the deliveries it owes, in the transaction of the fact."""
    event = Event(
        id=new_id("evt"),
        account=call.account,
        created=call.now,
        type=type_,
        object=snapshot,
        request_id=call.request_id,
        idempotency_key=call.idempotency_key,
    )
    insert(call.books, event)
    rows = call.books.execute(
        "SELECT id FROM sandbox.webhook_endpoints WHERE account = %s AND status = 'enabled'"
        " AND (%s = ANY(enabled_events) OR '*' = ANY(enabled_events)) ORDER BY seq",
        (call.account, type_),
    ).fetchall()
    if not rows:
        return
    names = ["webhook", f"webhook:{type_}", "*"]
    fault = faults.consume(call.books, call.account, names, faults.WEBHOOK_KINDS, event.id)
    for row in rows:
        _enqueue(call, event.id, row["id"], fault)


def _enqueue(call: Call, event: str, endpoint: str, fault: faults.Fault | None) -> None:
    now = datetime.datetime.now(datetime.UTC)
    kind = fault.kind if fault else None
    delay = fault.delay_seconds if fault and kind in {"late_webhook", "reorder_webhook"} else 0
    state = "dropped" if kind == "drop_webhook" else "pending"
    if kind != "reorder_webhook":
        _release_held(call, endpoint, now)
    for _ in range(2 if kind == "double_webhook" else 1):
        call.books.execute(
            "INSERT INTO sandbox.deliveries (event, endpoint, state, held, attempts, next_attempt)"
            " VALUES (%s, %s, %s, %s, 0, %s)",
            (event, endpoint, state, kind == "reorder_webhook", now + datetime.timedelta(seconds=delay)),
        )


def _release_held(call: Call, endpoint: str, now: datetime.datetime) -> None:
    """A delivery held back to be out of order goes right after the one that is being written now."""
    call.books.execute(
        "UPDATE sandbox.deliveries SET held = false, next_attempt = %s WHERE endpoint = %s AND held"
        " AND state = 'pending'",
        (now + datetime.timedelta(milliseconds=300), endpoint),
    )


def rendered(call: Call, event: Event) -> dict[str, Any]:
    """The event as JSON, with how many endpoints have not taken it yet."""
    row = call.books.execute(
        "SELECT count(*) AS waiting FROM sandbox.deliveries WHERE event = %s AND state = 'pending'",
        (event.id,),
    ).fetchone()
    waiting = int(row["waiting"]) if row else 0
    return event_json(
        event.id, event.type, event.created, event.object, event.request_id, event.idempotency_key, waiting
    )
