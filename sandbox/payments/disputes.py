"""Disputes: a cardholder objects, the money is withdrawn, and the bank decides.

Life and statuses: https://docs.stripe.com/disputes/how-disputes-work. An inquiry (`warning_...`) moves no money.
"""

from __future__ import annotations

from typing import Any

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import balance
from sandbox.payments.books import enter
from sandbox.payments.business_days import at, day_of
from sandbox.payments.errors import ApiError, refused
from sandbox.payments.events import emit
from sandbox.payments.money_records import Dispute, Line
from sandbox.payments.money_wire import dispute_json, line_json
from sandbox.payments.records import Charge, Intent, find, insert, save, select
from sandbox.payments.store import Call

EVIDENCE_SECONDS = 7 * 86_400
REASONS = (
    "credit_not_processed", "duplicate", "fraudulent", "general", "product_not_received", "product_unacceptable",
    "subscription_canceled", "unrecognized",
)  # fmt: skip
OPEN = ("needs_response", "under_review")
INQUIRY = tuple(f"warning_{status}" for status in OPEN)


def rendered(call: Call, dispute: Dispute) -> dict[str, Any]:
    """The dispute as JSON, with the lines it made."""
    where = sql.SQL("account = %s AND source = %s AND NOT withheld ORDER BY seq")
    lines = select(call.books, Line, where, [call.account, dispute.id])
    return dispute_json(dispute, [line_json(line, call.now) for line in lines], call.now)


def open_dispute(call: Call, intent: Intent, amount: int | None, reason: str, *, inquiry: bool) -> Dispute:
    """A cardholder objects to an intent's charge, to all that was kept of it or `amount` minor units.

    Raises ApiError 400 when the intent has no captured card charge, it is disputed already, or not so much is left.
    """
    charge = find(call, Charge, intent.latest_charge or "", lock=True)
    if charge.payment_method_details["type"] != "card" or not charge.captured or charge.disputed:
        raise refused(f"Charge {charge.id} cannot be disputed")
    left = charge.amount - charge.amount_refunded
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise refused(f"Dispute amount ({amount}) is greater than what was kept of the charge ({left})")
    dispute = Dispute(
        id=new_id("du"),
        account=call.account,
        created=call.now,
        payment_intent=intent.id,
        charge=charge.id,
        amount=amount,
        currency=charge.currency,
        reason=reason,
        status="warning_needs_response" if inquiry else "needs_response",
        evidence_due_by=at(day_of(call.now + EVIDENCE_SECONDS), 23, 59, 59),
    )
    insert(call.books, dispute)
    charge.disputed = True
    save(call.books, charge)
    enter(call, intent, dispute.id, "dispute_opened", amount)
    emit(call, "charge.dispute.created", rendered(call, dispute))
    if not inquiry:
        balance.withdrawn(call, dispute)
        enter(call, intent, dispute.id, "dispute_withdrawn", amount)
        emit(call, "charge.dispute.funds_withdrawn", rendered(call, dispute))
    return dispute


def _open(call: Call, dispute_id: str, deed: str) -> tuple[Intent, Dispute]:
    known = find(call, Dispute, dispute_id)
    intent = find(call, Intent, known.payment_intent, lock=True)
    dispute = find(call, Dispute, dispute_id, lock=True)
    if dispute.status not in OPEN + INQUIRY:
        raise ApiError(400, "invalid_request_error", f"Dispute {dispute.id} cannot be {deed}: it is {dispute.status}")
    return intent, dispute


def answer(call: Call, dispute_id: str) -> Dispute:
    """The merchant has sent evidence."""
    _, dispute = _open(call, dispute_id, "answered")
    dispute.status = INQUIRY[1] if dispute.status in INQUIRY else OPEN[1]
    save(call.books, dispute)
    emit(call, "charge.dispute.updated", rendered(call, dispute))
    return dispute


def close(call: Call, dispute_id: str, *, won: bool) -> Dispute:
    """The bank has decided. An inquiry is closed either way, without money having moved."""
    intent, dispute = _open(call, dispute_id, "closed")
    if dispute.status in INQUIRY:
        dispute.status = "warning_closed"
    else:
        dispute.status = "won" if won else "lost"
        enter(call, intent, dispute.id, f"dispute_{dispute.status}", dispute.amount)
    save(call.books, dispute)
    if dispute.status == "won":
        balance.reinstated(call, dispute)
        emit(call, "charge.dispute.funds_reinstated", rendered(call, dispute))
    emit(call, "charge.dispute.closed", rendered(call, dispute))
    return dispute
