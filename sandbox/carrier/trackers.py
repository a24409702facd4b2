"""Trackers: parcels that live their scripted lives, and numbers that somebody else made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from sandbox.carrier import lives
from sandbox.carrier.errors import invalid, missing
from sandbox.carrier.events import emit
from sandbox.carrier.rating import DAY, HEX
from sandbox.carrier.store import Call
from sandbox.carrier.wire import Row, detail_json, tracker_json
from sandbox.ids import new_id
from sandbox.store import Books

HUBS = {"city": "Cajamar", "state": "SP", "country": "BR", "zip": "07750000"}


def start(call: Call, shipment: Row, life: str) -> Row:
    """Begin the life of a bought parcel; what happens at once happens at once."""
    rate = shipment["selected_rate"]
    row = _insert(
        call,
        shipment["tracking_code"],
        rate["carrier"],
        shipment=shipment["id"],
        life=life,
        est_delivery=call.now + rate["delivery_days"] * DAY,
        next_at=call.now,
    )
    emit(call, "tracker.created", tracker_json(row))
    return live(call, row["id"])


def _insert(call: Call, code: str, carrier: str, **given: Any) -> Row:
    row = call.books.execute(
        "INSERT INTO sandbox.carrier_trackers (id, account, created, updated, tracking_code, carrier, shipment, status,"
        " status_detail, est_delivery, details, life, steps_done, next_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'unknown', 'unknown', %s, '[]', %s, 0, %s) RETURNING *",
        (
            new_id("trk", 32, HEX),
            call.account,
            call.now,
            call.now,
            code,
            carrier,
            given.get("shipment"),
            given.get("est_delivery"),
            given.get("life", "silent"),
            given.get("next_at"),
        ),
    ).fetchone()
    if row is None:
        raise RuntimeError("INSERT returned nothing")
    return row


def due(books: Books, now: int, account: str | None = None) -> list[tuple[str, str]]:
    """(account, tracker) of parcels with something to happen by `now`."""
    rows = books.execute(
        "SELECT account, id FROM sandbox.carrier_trackers WHERE next_at <= %s AND (%s::text IS NULL OR account = %s)"
        " ORDER BY next_at, seq",
        (now, account, account),
    ).fetchall()
    return [(row["account"], row["id"]) for row in rows]


def live(call: Call, tracker: str, *, steps: int | None = None) -> Row:
    """Let happen what is due by now, or the next `steps` whether due or not."""
    row = _locked(call, "id", tracker)
    shipment = _shipment(call, row)
    while row["next_at"] is not None and (steps is None or steps > 0) and (steps or row["next_at"] <= call.now):
        step = lives.LIVES[row["life"]][row["steps_done"]]
        at = min(row["next_at"], call.now)
        place = {lives.ORIGIN: shipment["from_address"], lives.DESTINATION: shipment["to_address"]}.get(
            step.place, HUBS
        )
        detail = detail_json(step.status, step.detail, step.code, step.message, at, row["carrier"], place)
        days = shipment["selected_rate"]["delivery_days"]
        row["next_at"] = lives.due_at(row["life"], row["steps_done"] + 1, shipment["bought_at"], days)
        row = _seen(call, row, detail, row["steps_done"] + 1)
        steps = None if steps is None else steps - 1
    return row


def _shipment(call: Call, tracker: Row) -> Row:
    row = call.books.execute("SELECT * FROM sandbox.carrier_shipments WHERE id = %s", (tracker["shipment"],)).fetchone()
    return row or {}


def _seen(call: Call, row: Row, detail: dict[str, Any], steps_done: int) -> Row:
    before = {"status": row["status"]}
    details = [*row["details"], detail]
    changed = call.books.execute(
        "UPDATE sandbox.carrier_trackers SET status = %s, status_detail = %s, details = %s, updated = %s,"
        " steps_done = %s, next_at = %s WHERE id = %s RETURNING *",
        (
            detail["status"],
            detail["status_detail"],
            Jsonb(details),
            call.now,
            steps_done,
            row["next_at"],
            row["id"],
        ),
    ).fetchone()
    if changed is None:
        raise RuntimeError("the tracker is gone")
    emit(call, "tracker.updated", tracker_json(changed), before)
    return changed


def scan(call: Call, code: str, given: Mapping[str, Any]) -> Row:
    """See a parcel somewhere: `status`, `status_detail`, `code`, `message`, and `at` in business seconds ago."""
    row = _locked(call, "tracking_code", code)
    detail = detail_json(
        str(given["status"]),
        str(given.get("status_detail") or "status_update"),
        str(given.get("code") or "SCAN"),
        str(given.get("message") or given["status"]),
        call.now - int(given.get("seconds_ago") or 0),
        row["carrier"],
        HUBS,
    )
    return _seen(call, row, detail, row["steps_done"])


def choose_life(call: Call, code: str, life: str) -> Row:
    """Give a parcel another life from its next step on."""
    if life not in lives.LIVES:
        raise invalid("life", f"is one of {sorted(lives.LIVES)}")
    row = _locked(call, "tracking_code", code)
    shipment = _shipment(call, row)
    if not shipment:
        raise invalid("tracking_code", "is not one of this carrier's own parcels")
    next_at = lives.due_at(life, row["steps_done"], shipment["bought_at"], shipment["selected_rate"]["delivery_days"])
    changed = call.books.execute(
        "UPDATE sandbox.carrier_trackers SET life = %s, next_at = %s WHERE id = %s RETURNING *",
        (life, next_at, row["id"]),
    ).fetchone()
    return changed or row


def _locked(call: Call, column: str, value: str) -> Row:
    statement = {
        "id": "SELECT * FROM sandbox.carrier_trackers WHERE account = %s AND id = %s FOR UPDATE",
        "tracking_code": "SELECT * FROM sandbox.carrier_trackers WHERE account = %s AND tracking_code = %s FOR UPDATE",
    }[column]
    row = call.books.execute(statement.encode(), (call.account, value)).fetchone()
    if row is None:
        raise missing("tracker")
    return row


# API


def create(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """POST /v2/trackers: watch a number, whoever made it."""
    wanted = given["tracker"]
    code, carrier = wanted["tracking_code"], wanted.get("carrier") or "Correios"
    known = _find(call, code)
    return tracker_json(known or _insert(call, code, carrier))


def retrieve(call: Call, _given: dict[str, Any], tracker_id: str) -> dict[str, Any]:
    """GET /v2/trackers/{id}: by id or by number."""
    row = call.books.execute(
        "SELECT * FROM sandbox.carrier_trackers WHERE account = %s AND (id = %s OR tracking_code = %s)",
        (call.account, tracker_id, tracker_id),
    ).fetchone()
    if row is None:
        raise missing("tracker")
    return tracker_json(row)


def batch(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """POST /v2/trackers/batch: up to 100 numbers; those nobody watches are left out."""
    codes = given["tracking_codes"]
    rows = call.books.execute(
        "SELECT * FROM sandbox.carrier_trackers WHERE account = %s AND tracking_code = ANY(%s) ORDER BY seq",
        (call.account, codes),
    ).fetchall()
    return {"trackers": [tracker_json(row) for row in rows], "has_more": False}


def _find(call: Call, code: str) -> Row | None:
    return call.books.execute(
        "SELECT * FROM sandbox.carrier_trackers WHERE account = %s AND tracking_code = %s", (call.account, code)
    ).fetchone()
