"""Controls for tests and demonstrations under `/_sandbox`: the payer's and bank's hands, faults, clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request

from sandbox.payments import faults, intents, paying, refunds, sweep, vouchers
from sandbox.payments.accounts import merchant, name_account
from sandbox.payments.api import store
from sandbox.payments.books import report
from sandbox.payments.controlling import account_of, answered, body, whole
from sandbox.payments.errors import invalid, missing
from sandbox.payments.records import Intent
from sandbox.payments.store import Call, business_time, set_offset
from sandbox.payments.wire import intent_json

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")
LONGEST_OFFSET = 20 * 366 * 86_400


def _pay_pix(call: Call, intent: Intent) -> None:
    paying.pay_pix(call, intent, whole("amount", body("amount"), 1))


def _pay_boleto(call: Call, intent: Intent) -> None:
    vouchers.pay(call, intent, whole("amount", body("amount"), 1))


DEEDS: dict[str, Callable[[Call, Intent], Any]] = {
    "approve": paying.approve,
    "decline": paying.decline,
    "challenge": lambda call, intent: paying.challenge(call, intent, None),
    "confirm_challenge": lambda call, intent: paying.approve(call, intent, authenticated=True),
    "fail_challenge": paying.fail_challenge,
    "pend": paying.pend,
    "settle_pending": lambda call, intent: paying.settle_pending(call, intent, approved=True),
    "fail_pending": lambda call, intent: paying.settle_pending(call, intent, approved=False),
    "make_pix": paying.make_pix,
    "pay_pix": _pay_pix,
    "make_boleto": vouchers.make,
    "pay_boleto": _pay_boleto,
    "settle_boleto": vouchers.settle,
}


@blueprint.post("/payments/<intent_id>/<deed>")
@answered
def act(intent_id: str, deed: str) -> dict[str, Any]:
    """Do what a payer or issuer does; answers with the payment intent."""
    if deed not in DEEDS:
        raise missing("deed", deed)
    with store().call(account_of("payment_intent", intent_id)) as call:
        intent = intents.load(call, intent_id)
        DEEDS[deed](call, intent)
        return intent_json(intent)


@blueprint.post("/refunds/<refund_id>/<deed>")
@answered
def refund(refund_id: str, deed: str) -> dict[str, Any]:
    """`succeed` or `fail` a refund; answers with it."""
    if deed not in {"succeed", "fail"}:
        raise missing("deed", deed)
    with store().call(account_of("refund", refund_id)) as call:
        changed = refunds.settle(call, refund_id) if deed == "succeed" else refunds.fail(call, refund_id)
        return refunds.rendered(call, changed)


@blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
@answered
def planted() -> dict[str, Any]:
    """Plant (a JSON list), show, or pull out faults."""
    with store().transaction() as books:
        if request.method == "DELETE":
            return {"cleared": faults.clear(books)}
        if request.method == "POST":
            wanted = request.get_json(silent=True)
            if not isinstance(wanted, list):
                raise invalid("The body is a JSON list of faults")
            return {"planted": faults.plant(books, wanted), "faults": faults.listed(books)}
        return {"faults": faults.listed(books)}


@blueprint.route("/clock", methods=["GET", "POST"])
@answered
def clock() -> dict[str, Any]:
    """Show or move business time; what falls due by it is settled before the answer."""
    if request.method == "POST":
        seconds = whole("offset_seconds", body("offset_seconds"), -LONGEST_OFFSET)
        if seconds is None or seconds > LONGEST_OFFSET:
            raise invalid("offset_seconds is a whole number within twenty years", param="offset_seconds")
        with store().transaction() as books:
            set_offset(books, seconds)
        while sweep.everything(store()):
            pass
    with store().transaction() as books:
        return {"now": business_time(books)}


@blueprint.post("/accounts")
@answered
def accounts() -> dict[str, Any]:
    """Name an account for its payers: `{"account", "name", "city"}`."""
    given = body("account", "name", "city")
    if not all(isinstance(given.get(name), str) and given[name].strip() for name in ("account", "name")):
        raise invalid("account and name are texts", param="name")
    with store().transaction() as books:
        name_account(books, given["account"], given["name"].strip(), str(given.get("city") or "São Paulo"))
        known = merchant(books, given["account"])
        return {"account": given["account"], "name": known.name, "city": known.city}


@blueprint.get("/books")
@answered
def books_of() -> dict[str, Any]:
    """The books of `?account=`: totals, intents, refunds, keys, entries."""
    account = request.args.get("account")
    if not account:
        raise invalid("Missing required param: account.", param="account", code="parameter_missing")
    with store().transaction() as books:
        return report(books, account)


@blueprint.get("/deliveries")
@answered
def deliveries() -> dict[str, Any]:
    """Every delivery of `?account=`, oldest first."""
    with store().transaction() as books:
        rows = books.execute(
            "SELECT d.id, d.event, v.type, d.endpoint, d.state, d.attempts, d.last_status, d.last_error"
            " FROM sandbox.deliveries d JOIN sandbox.events v ON v.id = d.event"
            " WHERE v.account = %s ORDER BY d.id",
            (request.args.get("account"),),
        )
        return {"deliveries": list(rows.fetchall())}
