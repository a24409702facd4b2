"""Events: what happened, kept with the object as it was, and handed to the webhooks of the account."""

from __future__ import annotations

import datetime
from typing import Any

from psycopg.types.json import Jsonb

from sandbox.carrier import faults
from sandbox.carrier.rating import HEX
from sandbox.carrier.store import Call
from sandbox.ids import new_id


def emit(call: Call, description: str, result: dict[str, Any], previous: dict[str, Any] | None = None) -> None:
    """Write an event such as `tracker.updated` and the deliveries it owes, in the transaction of the fact."""
    event = new_id("evt", 32, HEX)
    call.books.execute(
        "INSERT INTO sandbox.carrier_events (id, account, created, description, result, previous)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (event, call.account, call.now, description, Jsonb(result), Jsonb(previous or {})),
    )
    hooks = call.books.execute(
        "SELECT id FROM sandbox.carrier_webhooks WHERE account = %s ORDER BY seq", (call.account,)
    ).fetchall()
    if not hooks:
        return
    names = ["webhook", f"webhook:{description}"]
    fault = faults.consume(call.books, call.account, names, faults.WEBHOOK_KINDS, event)
    for hook in hooks:
        _enqueue(call, event, hook["id"], fault)


def _enqueue(call: Call, event: str, webhook: str, fault: faults.Fault | None) -> None:
    now = datetime.datetime.now(datetime.UTC)
    kind = fault.kind if fault else None
    delay = fault.delay_seconds if fault and kind in {"late_webhook", "reorder_webhook"} else 0
    if kind != "reorder_webhook":
        # What was held back to be out of order goes right after the one that is being written now.
        call.books.execute(
            "UPDATE sandbox.carrier_deliveries SET held = false, next_attempt = %s WHERE webhook = %s AND held"
            " AND state = 'pending'",
            (now + datetime.timedelta(milliseconds=300), webhook),
        )
    for _ in range(2 if kind == "double_webhook" else 1):
        call.books.execute(
            "INSERT INTO sandbox.carrier_deliveries (event, webhook, state, held, attempts, next_attempt)"
            " VALUES (%s, %s, %s, %s, 0, %s)",
            (
                event,
                webhook,
                "dropped" if kind == "drop_webhook" else "pending",
                kind == "reorder_webhook",
                now + datetime.timedelta(seconds=delay),
            ),
        )
