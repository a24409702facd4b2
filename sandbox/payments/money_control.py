"""Controls of the money side under `/_sandbox`: cardholders who object, banks that refuse, a provider that errs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.payments import disputes, fees, intents, payouts, planting
from sandbox.payments.api import store
from sandbox.payments.controlling import account_of, answered, body, whole
from sandbox.payments.errors import invalid, missing
from sandbox.payments.money_wire import payout_json

blueprint = Blueprint("money_control", __name__, url_prefix="/_sandbox")


@blueprint.post("/payments/<intent_id>/dispute")
@answered
def dispute(intent_id: str) -> dict[str, Any]:
    """The cardholder objects: `{"amount", "reason", "inquiry"}`; answers with the dispute."""
    given = body("amount", "reason", "inquiry")
    amount, reason = whole("amount", given, 1), given.get("reason", "fraudulent")
    if reason not in disputes.REASONS:
        raise invalid(f"reason is one of {', '.join(disputes.REASONS)}", param="reason")
    with store().call(account_of("payment_intent", intent_id)) as call:
        intent = intents.load(call, intent_id)
        made = disputes.open_dispute(call, intent, amount, reason, inquiry=given.get("inquiry") is True)
        return disputes.rendered(call, made)


@blueprint.post("/disputes/<dispute_id>/<deed>")
@answered
def decide(dispute_id: str, deed: str) -> dict[str, Any]:
    """`answer`, `win` or `lose` a dispute; answers with it."""
    if deed not in {"answer", "win", "lose"}:
        raise missing("deed", deed)
    with store().call(account_of("dispute", dispute_id)) as call:
        if deed == "answer":
            return disputes.rendered(call, disputes.answer(call, dispute_id))
        return disputes.rendered(call, disputes.close(call, dispute_id, won=deed == "win"))


@blueprint.post("/payouts/<payout_id>/fail")
@answered
def fail(payout_id: str) -> dict[str, Any]:
    """The merchant's bank sends a payout back; answers with it."""
    with store().call(account_of("payout", payout_id)) as call:
        return payout_json(payouts.fail(call, payout_id))


@blueprint.post("/discrepancies")
@answered
def plant() -> dict[str, Any]:
    """Plant one at once: `{"account", "kind", "target", "amount", "category"}`; answers with what was planted."""
    given = body("account", "kind", "target", "amount", "category")
    if not all(isinstance(given.get(name), str) and given[name] for name in ("account", "kind")):
        raise invalid("account and kind are texts", param="kind")
    amount = whole("amount", given, 1)
    with store().call(given["account"]) as call:
        return planting.plant(call, given["kind"], given.get("target"), amount, given.get("category"))


@blueprint.get("/fees")
@answered
def contract() -> dict[str, Any]:
    """What the provider keeps by contract, per method, and of a dispute."""
    return {"fees": fees.contract(), "dispute_fee": fees.DISPUTE_FEE}
