"""Shipments: rated when they are made, bought once, given back before the first scan."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from sandbox.carrier import faults, trackers
from sandbox.carrier.books import enter
from sandbox.carrier.errors import ApiError, missing, required
from sandbox.carrier.events import emit
from sandbox.carrier.numbers import new_number
from sandbox.carrier.rating import DAY, HEX, offer
from sandbox.carrier.store import Call, iso
from sandbox.carrier.wire import Row, shipment_json
from sandbox.ids import new_id
from sandbox.store import Books

REFUNDABLE = frozenset({"unknown", "pre_transit"})


def create(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """POST /v2/shipments: rate a parcel."""
    wanted = given["shipment"]
    receiver = _address(call, wanted["to_address"], "to_address")
    sender = _address(call, wanted["from_address"], "from_address")
    parcel = {**wanted["parcel"], "id": new_id("prcl", 32, HEX), "object": "Parcel", "mode": "test"}
    identifier = new_id("shp", 32, HEX)
    offered = offer(identifier, sender, receiver, parcel, call.now)
    row = call.books.execute(
        "INSERT INTO sandbox.carrier_shipments (id, account, created, updated, reference, to_address, from_address,"
        " parcel, options, rates, messages) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING *",
        (
            identifier,
            call.account,
            call.now,
            call.now,
            wanted.get("reference"),
            Jsonb(receiver),
            Jsonb(sender),
            Jsonb(parcel),
            Jsonb(wanted.get("options") or {}),
            Jsonb(offered.rates),
            Jsonb(offered.messages),
        ),
    ).fetchone()
    if row is None:
        raise RuntimeError("INSERT returned nothing")
    enter(call, identifier, "shipment_created")
    return rendered(call, row)


def _address(call: Call, given: dict[str, Any], field: str) -> dict[str, Any]:
    digits = "".join(c for c in given.get("zip") or "" if c.isdigit())
    if given.get("country") == "BR" and len(digits) != 8:
        raise required(f"{field}.zip")
    names = ("name", "company", "street1", "street2", "city", "state", "phone", "email", "federal_tax_id")
    return {
        "id": new_id("adr", 32, HEX),
        "object": "Address",
        "mode": "test",
        "created_at": iso(call.now),
        "updated_at": iso(call.now),
        **{name: given.get(name) for name in names},
        "zip": digits,
        "country": given.get("country") or "BR",
        "residential": None,
        "carrier_facility": None,
        "state_tax_id": None,
        "verifications": {},
    }


def rendered(call: Call, row: Row) -> dict[str, Any]:
    """A shipment as JSON, its label only once it is drawn."""
    tracker = call.books.execute("SELECT * FROM sandbox.carrier_trackers WHERE shipment = %s", (row["id"],)).fetchone()
    ready = row["label_ready_at"] is not None and row["label_ready_at"] <= datetime.datetime.now(datetime.UTC)
    return shipment_json(row, tracker, call.public_url, label_ready=ready)


def find(call: Call, shipment_id: str) -> Row:
    """A shipment of the account, locked. Raises ApiError 404."""
    row = call.books.execute(
        "SELECT * FROM sandbox.carrier_shipments WHERE account = %s AND id = %s FOR UPDATE",
        (call.account, shipment_id),
    ).fetchone()
    if row is None:
        raise missing("shipment")
    return row


def retrieve(call: Call, _given: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """GET /v2/shipments/{id}."""
    return rendered(call, find(call, shipment_id))


def listed(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """GET /v2/shipments: newest first, `page_size` of them, before `before_id`."""
    size = int(given.get("page_size") or 20)
    rows = call.books.execute(
        "SELECT * FROM sandbox.carrier_shipments WHERE account = %s AND (%s::text IS NULL OR seq <"
        " (SELECT seq FROM sandbox.carrier_shipments WHERE id = %s)) ORDER BY seq DESC LIMIT %s",
        (call.account, given.get("before_id"), given.get("before_id"), size + 1),
    ).fetchall()
    return {"shipments": [rendered(call, row) for row in rows[:size]], "has_more": len(rows) > size}


def buy(call: Call, given: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """POST /v2/shipments/{id}/buy: postage for one of its rates, once."""
    row = find(call, shipment_id)
    if row["selected_rate"] is not None:
        raise ApiError(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
    rate = next((each for each in row["rates"] if each["id"] == given["rate"]["id"]), None)
    if rate is None:
        raise ApiError(422, "SHIPMENT.RATE.INVALID", "The rate does not belong to this shipment.")
    refusal = _refusal(row["to_address"])
    if refusal:
        raise ApiError(422, "SHIPMENT.POSTAGE.FAILURE", refusal)
    late = faults.consume(call.books, call.account, ["label"], frozenset({"late_label"}), shipment_id)
    spoilt = faults.consume(call.books, call.account, ["label"], frozenset({"bad_label"}), shipment_id)
    ready_at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=late.delay_seconds if late else 0)
    bought = call.books.execute(
        "UPDATE sandbox.carrier_shipments SET selected_rate = %s, tracking_code = %s, label = %s, label_ready_at = %s,"
        " label_spoilt = %s, bought_at = %s, updated = %s WHERE id = %s RETURNING *",
        (
            Jsonb(rate),
            new_number(rate["carrier"], rate["service"]),
            new_id("e", 40, HEX)[2:],
            ready_at,
            spoilt is not None,
            call.now,
            call.now,
            shipment_id,
        ),
    ).fetchone()
    if bought is None:
        raise RuntimeError("the shipment is gone")
    enter(call, shipment_id, "postage_bought", cents(rate["rate"]), rate["currency"])
    planted = faults.consume(call.books, call.account, ["life"], faults.LIFE_KINDS, shipment_id)
    trackers.start(call, bought, planted.kind.removeprefix(faults.LIFE) if planted else "delivered")
    return rendered(call, bought)


def _refusal(receiver: dict[str, Any]) -> str | None:
    """Why a carrier would print no label: a telephone that is none, a street that says so (for rehearsals)."""
    digits = "".join(c for c in receiver["phone"] or "" if c.isdigit())
    if receiver["phone"] and len(digits) < 10:
        return f"Telefone do destinatário incompleto: {receiver['phone']}"
    if "RECUSADO" in (receiver["street1"] or "").upper():
        return "Endereço do destinatário não atendido"
    return None


def cents(price: str) -> int:
    """A price on the wire in minor units."""
    return int(Decimal(price) * 100)


def refund(call: Call, _given: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """POST /v2/shipments/{id}/refund: before the first scan; the carrier answers a day later."""
    row = find(call, shipment_id)
    if row["selected_rate"] is None:
        raise ApiError(422, "SHIPMENT.REFUND.UNAVAILABLE", "Refund was not able to be processed: no postage.")
    if row["refund_status"] in {"submitted", "refunded"}:
        return rendered(call, row)
    tracker = call.books.execute(
        "SELECT status FROM sandbox.carrier_trackers WHERE shipment = %s", (shipment_id,)
    ).fetchone()
    status = "submitted" if tracker is None or tracker["status"] in REFUNDABLE else "rejected"
    return _set_refund(call, shipment_id, status, call.now + DAY if status == "submitted" else None)


def _set_refund(call: Call, shipment_id: str, status: str, settles_at: int | None) -> dict[str, Any]:
    row = call.books.execute(
        "UPDATE sandbox.carrier_shipments SET refund_status = %s, refund_settles_at = %s, updated = %s WHERE id = %s"
        " RETURNING *",
        (status, settles_at, call.now, shipment_id),
    ).fetchone()
    if row is None:
        raise RuntimeError("the shipment is gone")
    enter(call, shipment_id, f"refund_{status}")
    return rendered(call, row)


def settle_refund(call: Call, shipment_id: str, *, granted: bool) -> dict[str, Any]:
    """The carrier's answer to a refund that was submitted: the money comes back, or it doesn't."""
    row = find(call, shipment_id)
    if row["refund_status"] != "submitted":
        return rendered(call, row)
    told = _set_refund(call, shipment_id, "refunded" if granted else "rejected", None)
    rate = row["selected_rate"]
    if granted:
        enter(call, shipment_id, "postage_refunded", cents(rate["rate"]), rate["currency"])
    result = {
        "id": new_id("rfnd", 32, HEX),
        "object": "Refund",
        "created_at": iso(call.now),
        "updated_at": iso(call.now),
        "tracking_code": row["tracking_code"],
        "confirmation_number": None,
        "status": "refunded" if granted else "rejected",
        "carrier": rate["carrier"],
        "shipment_id": shipment_id,
    }
    emit(call, "refund.successful" if granted else "refund.updated", result)
    return told


def refunds_due(books: Books, now: int) -> list[tuple[str, str]]:
    """(account, shipment) of refunds that the carrier answers by `now`."""
    rows = books.execute(
        "SELECT account, id FROM sandbox.carrier_shipments WHERE refund_settles_at <= %s ORDER BY refund_settles_at",
        (now,),
    ).fetchall()
    return [(row["account"], row["id"]) for row in rows]
