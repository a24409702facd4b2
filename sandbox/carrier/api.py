"""The provider's API: one table of routes, and what every request goes through."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from sandbox.carrier import faults, labels, shipments, sweep, trackers, webhooks
from sandbox.carrier.accepted import ACCEPTED, accept
from sandbox.carrier.books import note_request
from sandbox.carrier.errors import ApiError, missing, server_error
from sandbox.carrier.store import Call, Store

Handler = Callable[..., dict[str, Any]]
blueprint = Blueprint("api", __name__)
KEY = re.compile(r"\AEZTK_([A-Za-z0-9_-]{1,200})\Z")

ROUTES: tuple[tuple[str, str, str, Handler], ...] = (
    ("POST", "/v2/shipments", "shipments.create", shipments.create),
    ("GET", "/v2/shipments", "shipments.list", shipments.listed),
    ("GET", "/v2/shipments/<shipment_id>", "shipments.retrieve", shipments.retrieve),
    ("POST", "/v2/shipments/<shipment_id>/buy", "shipments.buy", shipments.buy),
    ("POST", "/v2/shipments/<shipment_id>/refund", "shipments.refund", shipments.refund),
    ("POST", "/v2/trackers", "trackers.create", trackers.create),
    ("POST", "/v2/trackers/batch", "trackers.batch", trackers.batch),
    ("GET", "/v2/trackers/<tracker_id>", "trackers.retrieve", trackers.retrieve),
    ("POST", "/v2/webhooks", "webhooks.create", webhooks.create),
    ("GET", "/v2/webhooks", "webhooks.list", webhooks.listed),
)
CHANGING = frozenset({"shipments.create", "shipments.buy", "shipments.refund"})


def store() -> Store:
    """The books of the running application."""
    found = current_app.extensions["sandbox"]
    if not isinstance(found, Store):
        raise RuntimeError("the application has no books")
    return found


def respond(body: dict[str, Any], status: int = 200) -> Response:
    """JSON as the provider sends it."""
    return Response(json.dumps(body), status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def authenticate(header: str | None) -> str:
    """The account named by HTTP basic with the key `EZTK_<account>` as user. Raises ApiError 401."""
    scheme, _, given = (header or "").partition(" ")
    try:
        user = base64.b64decode(given.strip(), validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        user = ""
    match = KEY.match(user) if scheme.lower() == "basic" else None
    if match is None:
        raise ApiError(401, "APIKEY.INACTIVE", "This API key is not active or does not exist.")
    return match[1]


def _serve(operation: str, handler: Handler, ids: dict[str, str]) -> Response:
    try:
        account = authenticate(request.headers.get("Authorization"))
        return _answer(account, operation, handler, ids)
    except ApiError as error:
        return respond(error.body, error.status)


def _answer(account: str, operation: str, handler: Handler, ids: dict[str, str]) -> Response:
    fault = _fault(account, operation, next(iter(ids.values()), None))
    kind = fault.kind if fault else ""
    if fault and kind == "error_429":
        told = ApiError(429, "RATE_LIMITED", "Too many requests.")
        response = respond(told.body, told.status)
        response.headers["Retry-After"] = str(min(fault.delay_seconds, 60))
        return response
    if fault and kind == "timeout_before_effect":
        faults.hold(fault)
    if kind in {"error_500_before_effect", "timeout_before_effect"}:
        raise server_error()
    body = _execute(account, operation, handler, ids)
    current_app.extensions["deliveries"].set()
    if fault and kind == "timeout_after_effect":
        faults.hold(fault)
    if kind == "error_500_after_effect":
        raise server_error()
    if kind in faults.BODY_KINDS:
        text = json.dumps(body)
        return Response(
            text[: len(text) // 2] if kind == "half_body" else "<html>Bad gateway</html>", mimetype="application/json"
        )
    return respond(body, 201 if request.method == "POST" and operation.endswith("create") else 200)


def _fault(account: str, operation: str, obj: str | None) -> faults.Fault | None:
    names = [operation, operation.rpartition(".")[2], "*"]
    with store().call(account) as call:
        if operation in CHANGING:
            note_request(call, operation, obj)
        return faults.consume(call.books, account, names, faults.REQUEST_KINDS | faults.BODY_KINDS, obj or operation)


def _execute(account: str, operation: str, handler: Handler, ids: dict[str, str]) -> dict[str, Any]:
    given = request.get_json(silent=True) if request.method == "POST" and request.data else request.args.to_dict()
    accepted = accept(given, ACCEPTED[operation])
    with store().call(account) as call:
        sweep.account_now(call)
    with store().call(account) as call:
        return handler(call, accepted, **ids)


def _view(operation: str, handler: Handler) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        return _serve(operation, handler, ids)

    return view


for _method, _path, _operation, _handler in ROUTES:
    blueprint.add_url_rule(_path, _operation.replace(".", "_"), _view(_operation, _handler), methods=[_method])


@blueprint.get("/labels/<label>.pdf")
def label_file(label: str) -> Response:
    """The label's file; whoever knows the address may fetch it."""
    with store().transaction() as books:
        row = books.execute(
            "SELECT account, id, label_spoilt FROM sandbox.carrier_shipments WHERE label = %s", (label,)
        ).fetchone()
    if row is None:
        return respond(missing("label").body, 404)
    if row["label_spoilt"]:
        return Response("<html>Service unavailable</html>", mimetype="application/pdf")
    with store().call(row["account"]) as call:
        drawn = labels.draw(_shipment(call, row["id"]))
    return Response(drawn, mimetype="application/pdf")


def _shipment(call: Call, shipment_id: str) -> dict[str, Any]:
    return shipments.rendered(call, shipments.find(call, shipment_id))
