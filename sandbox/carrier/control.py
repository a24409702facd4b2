"""Controls for tests and demonstrations under `/_sandbox`: the carrier's hands, faults, clock, books."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from sandbox.carrier import faults, shipments, sweep, trackers
from sandbox.carrier.api import respond, store
from sandbox.carrier.books import report
from sandbox.carrier.errors import ApiError, invalid, missing, required
from sandbox.carrier.store import business_time, set_offset
from sandbox.carrier.wire import tracker_json

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")
LONGEST_OFFSET = 20 * 366 * 86_400


def _json(view: Callable[..., dict[str, Any]]) -> Callable[..., Response]:
    """Answer with JSON, errors in the provider's envelope, and wake the deliverers."""

    @functools.wraps(view)
    def answered(**ids: str) -> Response:
        try:
            return respond(view(**ids))
        except ApiError as error:
            return respond(error.body, error.status)
        finally:
            current_app.extensions["deliveries"].set()

    return answered


def _body(*known: str) -> dict[str, Any]:
    body = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict) or not set(body) <= set(known):
        raise invalid("body", f"is a JSON object of {sorted(known)}")
    return body


def _account_of(statement: str, value: str, kind: str) -> str:
    with store().transaction() as books:
        row = books.execute(statement.encode(), (value,)).fetchone()
    if row is None:
        raise missing(kind)
    return str(row["account"])


@blueprint.post("/parcels/<code>/<deed>")
@_json
def parcel(code: str, deed: str) -> dict[str, Any]:
    """`life` {"life"}, `advance` {"steps"}, or `scan` {"status", "status_detail", "code", "message",
    "seconds_ago"} a parcel by its number; answers with the tracker."""
    account = _account_of("SELECT account FROM sandbox.carrier_trackers WHERE tracking_code = %s", code, "tracker")
    with store().call(account) as call:
        if deed == "life":
            return tracker_json(trackers.choose_life(call, code, str(_body("life").get("life"))))
        if deed == "advance":
            steps = _body("steps").get("steps", 1)
            tracker = trackers.retrieve(call, {}, code)["id"]
            return tracker_json(trackers.live(call, tracker, steps=int(steps)))
        if deed == "scan":
            given = _body("status", "status_detail", "code", "message", "seconds_ago")
            if not given.get("status"):
                raise required("status")
            return tracker_json(trackers.scan(call, code, given))
    raise missing("deed")


@blueprint.post("/refunds/<shipment_id>/<deed>")
@_json
def refund(shipment_id: str, deed: str) -> dict[str, Any]:
    """`grant` or `reject` a refund that was submitted; answers with the shipment."""
    if deed not in {"grant", "reject"}:
        raise missing("deed")
    account = _account_of("SELECT account FROM sandbox.carrier_shipments WHERE id = %s", shipment_id, "shipment")
    with store().call(account) as call:
        return shipments.settle_refund(call, shipment_id, granted=deed == "grant")


@blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
@_json
def planted() -> dict[str, Any]:
    """Plant (a JSON list), show, or pull out faults."""
    with store().transaction() as books:
        if request.method == "DELETE":
            return {"cleared": faults.clear(books)}
        if request.method == "POST":
            wanted = request.get_json(silent=True)
            if not isinstance(wanted, list):
                raise invalid("body", "is a JSON list of faults")
            return {"planted": faults.plant(books, wanted), "faults": faults.listed(books)}
        return {"faults": faults.listed(books)}


@blueprint.route("/clock", methods=["GET", "POST"])
@_json
def clock() -> dict[str, Any]:
    """Show or move business time; what falls due by it has happened before the answer."""
    if request.method == "POST":
        seconds = _body("offset_seconds").get("offset_seconds")
        if type(seconds) is not int or abs(seconds) > LONGEST_OFFSET:
            raise invalid("offset_seconds", "is a whole number within twenty years")
        with store().transaction() as books:
            set_offset(books, seconds)
        while sweep.everything(store()):
            pass
    with store().transaction() as books:
        return {"now": business_time(books)}


@blueprint.get("/books")
@_json
def books_of() -> dict[str, Any]:
    """The books of `?account=`: totals, shipments, requests, entries."""
    account = request.args.get("account")
    if not account:
        raise required("account")
    with store().transaction() as books:
        return report(books, account)


@blueprint.get("/deliveries")
@_json
def deliveries() -> dict[str, Any]:
    """Every delivery of `?account=`, oldest first."""
    with store().transaction() as books:
        rows = books.execute(
            "SELECT d.id, d.event, v.description, d.state, d.attempts, d.last_status, d.last_error"
            " FROM sandbox.carrier_deliveries d JOIN sandbox.carrier_events v ON v.id = d.event"
            " WHERE v.account = %s ORDER BY d.id",
            (request.args.get("account"),),
        )
        return {"deliveries": list(rows.fetchall())}
