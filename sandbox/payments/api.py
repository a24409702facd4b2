"""The provider's API: one table of routes, and what every request goes through."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from sandbox.ids import new_id
from sandbox.payments import (
    endpoints,
    faults,
    idempotency,
    intents,
    money_reading,
    reading,
    refunds,
    searching,
    sweep,
)
from sandbox.payments.accepted import ACCEPTED
from sandbox.payments.accounts import authenticate
from sandbox.payments.errors import Answer, ApiError, server_error
from sandbox.payments.parameters import accept, nested
from sandbox.payments.settings import API_VERSION
from sandbox.payments.store import Call, Store

Handler = Callable[..., Answer]
blueprint = Blueprint("api", __name__, url_prefix="/v1")

ROUTES: tuple[tuple[str, str, str, Handler], ...] = (
    ("GET", "/account", "account.retrieve", reading.account),
    ("POST", "/payment_intents", "payment_intents.create", intents.create),
    ("GET", "/payment_intents", "payment_intents.list", reading.intents),
    ("GET", "/payment_intents/search", "payment_intents.search", searching.intents),
    ("GET", "/payment_intents/<intent_id>", "payment_intents.retrieve", intents.retrieve),
    ("POST", "/payment_intents/<intent_id>", "payment_intents.update", intents.update),
    ("POST", "/payment_intents/<intent_id>/confirm", "payment_intents.confirm", intents.confirm),
    ("POST", "/payment_intents/<intent_id>/capture", "payment_intents.capture", intents.capture),
    ("POST", "/payment_intents/<intent_id>/cancel", "payment_intents.cancel", intents.cancel),
    ("GET", "/charges", "charges.list", reading.charges),
    ("GET", "/charges/<charge_id>", "charges.retrieve", reading.charge),
    ("POST", "/refunds", "refunds.create", refunds.create),
    ("GET", "/refunds", "refunds.list", reading.refund_list),
    ("GET", "/refunds/<refund_id>", "refunds.retrieve", refunds.retrieve),
    ("POST", "/refunds/<refund_id>", "refunds.update", refunds.update),
    ("GET", "/balance", "balance.retrieve", money_reading.balance),
    ("GET", "/balance_transactions", "balance_transactions.list", money_reading.lines),
    ("GET", "/balance_transactions/<line_id>", "balance_transactions.retrieve", money_reading.line),
    ("GET", "/payouts", "payouts.list", money_reading.payouts),
    ("GET", "/payouts/<payout_id>", "payouts.retrieve", money_reading.payout),
    ("GET", "/disputes", "disputes.list", money_reading.dispute_list),
    ("GET", "/disputes/<dispute_id>", "disputes.retrieve", money_reading.dispute),
    ("POST", "/payment_methods", "payment_methods.create", reading.make_method),
    ("GET", "/payment_methods/<method_id>", "payment_methods.retrieve", reading.method),
    ("GET", "/events", "events.list", reading.events),
    ("GET", "/events/<event_id>", "events.retrieve", reading.event),
    ("POST", "/webhook_endpoints", "webhook_endpoints.create", endpoints.create),
    ("GET", "/webhook_endpoints", "webhook_endpoints.list", endpoints.listed),
    ("GET", "/webhook_endpoints/<endpoint_id>", "webhook_endpoints.retrieve", endpoints.retrieve),
    ("POST", "/webhook_endpoints/<endpoint_id>", "webhook_endpoints.update", endpoints.update),
    ("DELETE", "/webhook_endpoints/<endpoint_id>", "webhook_endpoints.delete", endpoints.delete),
)


def store() -> Store:
    """The books of the running application."""
    found = current_app.extensions["sandbox"]
    if not isinstance(found, Store):
        raise RuntimeError("the application has no books")
    return found


def respond(answer: Answer, request_id: str) -> Response:
    """The answer as JSON with the provider's headers."""
    response = Response(json.dumps(answer.body), status=answer.status, mimetype="application/json")
    response.headers.update({"Request-Id": request_id, "Stripe-Version": API_VERSION, "Cache-Control": "no-store"})
    for name in ("Idempotent-Replayed", "Original-Request"):
        if name in answer.headers:
            response.headers[name] = answer.headers[name]
    key = request.headers.get("Idempotency-Key")
    if key:
        response.headers["Idempotency-Key"] = key
    return response


def _serve(operation: str, handler: Handler, ids: dict[str, str]) -> Response:
    request_id = new_id("req", 14)
    try:
        answer = _answer(operation, handler, ids, request_id)
    except ApiError as error:
        answer = error.answer()
    return respond(answer, request_id)


def _answer(operation: str, handler: Handler, ids: dict[str, str], request_id: str) -> Answer:
    account = authenticate(request.headers.get("Authorization"))
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise ApiError(400, "invalid_request_error", f"Invalid Stripe API version: {version}", param="Stripe-Version")
    fault = _fault(account, operation, request_id)
    if fault and fault.kind == "error_429":
        raise ApiError(429, "invalid_request_error", "Too many requests hit the API too quickly.", code="rate_limit")
    if fault and fault.kind == "timeout_before_effect":
        faults.hold(fault)
    if fault and fault.kind in {"error_500_before_effect", "timeout_before_effect"}:
        return server_error()
    answer = _execute(account, operation, handler, ids, request_id, fault)
    if fault and fault.kind == "timeout_after_effect":
        faults.hold(fault)
    return answer


def _fault(account: str, operation: str, request_id: str) -> faults.Fault | None:
    names = [operation, operation.rpartition(".")[2], "*"]
    with store().transaction() as books:
        return faults.consume(books, account, names, faults.REQUEST_KINDS, request_id)


def _execute(
    account: str,
    operation: str,
    handler: Handler,
    ids: dict[str, str],
    request_id: str,
    fault: faults.Fault | None,
) -> Answer:
    posted = request.method == "POST"
    tree = nested((request.form if posted else request.args).items(multi=True))
    given = accept(tree, ACCEPTED[operation])
    key = request.headers.get("Idempotency-Key") if posted else None
    masked = server_error() if fault and fault.kind == "error_500_after_effect" else None
    with store().call(account, request_id, key) as call:
        sweep.account_now(call)
        print_ = idempotency.fingerprint(request.method, request.path, tree)
        answer = idempotency.once(
            call, print_, request.path, lambda: _expanded(call, handler(call, given, **ids), given), masked
        )
    current_app.extensions["deliveries"].set()
    return answer


def _expanded(call: Call, answer: Answer, given: dict[str, Any]) -> Answer:
    if answer.status == 200:
        reading.expand(call, answer.body, given.get("expand", []))
    return answer


def _route(method: str, path: str, operation: str, handler: Handler) -> None:
    def view(**ids: str) -> Response:
        return _serve(operation, handler, ids)

    blueprint.add_url_rule(path, operation.replace(".", "_"), view, methods=[method])


for _row in ROUTES:
    _route(*_row)


@blueprint.route("/<path:anything>", methods=["GET", "POST", "DELETE", "PUT", "PATCH"])
def unknown(anything: str) -> Response:
    """Any other path is refused in the provider's words."""
    message = f"Unrecognized request URL ({request.method}: /v1/{anything})."
    return respond(ApiError(404, "invalid_request_error", message).answer(), new_id("req", 14))
