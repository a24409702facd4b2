"""Refunds: money going back to the payer, and authorised money that is let go."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import balance
from sandbox.payments.books import enter
from sandbox.payments.charging import tell
from sandbox.payments.errors import Answer, ApiError, invalid, missing, refused
from sandbox.payments.events import emit
from sandbox.payments.parameters import merged
from sandbox.payments.records import Charge, Intent, Refund, find, insert, save, select
from sandbox.payments.store import Books, Call
from sandbox.payments.wire import charge_json, refund_json

PIX_SECONDS = 30  # of business time, until the payer's bank has taken a Pix refund


def rendered(call: Call, refund: Refund) -> dict[str, Any]:
    """The refund as JSON."""
    charge = find(call, Charge, refund.charge)
    return refund_json(refund, charge.payment_method_details["type"])


def create(call: Call, given: dict[str, Any]) -> Answer:
    """POST /v1/refunds: all that is left of a charge, or `amount` of it.

    Raises ApiError 400 when nothing was captured, all went back already, or not so much is left.
    """
    intent = _intent_of(call, given)
    charge = _charge_for(call, intent, given)
    amount = given.get("amount", charge.amount - charge.amount_refunded)
    if charge.amount_refunded == charge.amount:
        raise refused(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
    if amount > charge.amount - charge.amount_refunded:
        left = charge.amount - charge.amount_refunded
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise refused(message, code="amount_too_large", param="amount")
    pix = charge.payment_method_details["type"] == "pix"
    _check_refundable(charge)
    refund = Refund(
        id=new_id("pyr" if pix else "re"),
        account=call.account,
        created=call.now,
        payment_intent=intent.id,
        charge=charge.id,
        amount=amount,
        currency=charge.currency,
        reason=given.get("reason"),
        status="pending" if pix else "succeeded",
        settles_at=call.now + PIX_SECONDS if pix else None,
        metadata=merged({}, given.get("metadata", {})),
    )
    insert(call.books, refund)
    enter(call, intent, refund.id, "refund_created", amount)
    if not pix:
        enter(call, intent, refund.id, "refund_succeeded", amount)
    charge.amount_refunded += amount
    save(call.books, charge)
    balance.refunded(call, charge, refund)
    save(call.books, refund)
    emit(call, "refund.created", rendered(call, refund))
    emit(call, "charge.refunded", charge_json(charge))
    return Answer(200, rendered(call, refund))


def _check_refundable(charge: Charge) -> None:
    """Boletos cannot be given back through the provider, nor what its cardholder disputes."""
    if charge.payment_method_details["type"] == "boleto":
        message = f"Charge {charge.id} was paid by boleto, which does not support refunds."
        raise refused(message, code="charge_not_refundable", param="payment_intent")
    if charge.disputed:
        raise refused(f"Charge {charge.id} has been charged back; cannot issue a refund.", code="charge_disputed")


def _intent_of(call: Call, given: dict[str, Any]) -> Intent:
    if "payment_intent" in given:
        return find(call, Intent, given["payment_intent"], lock=True, param="payment_intent")
    if "charge" in given:
        charge = find(call, Charge, given["charge"], param="charge")
        return find(call, Intent, charge.payment_intent, lock=True)
    message = "One of the following params should be provided for this request: payment_intent or charge."
    raise invalid(message, code="parameter_missing", param="payment_intent")


def _charge_for(call: Call, intent: Intent, given: dict[str, Any]) -> Charge:
    """The named charge, or the newest captured one that still has money to give back."""
    where = sql.SQL("payment_intent = %s AND account = %s ORDER BY seq DESC FOR UPDATE")
    charges = select(call.books, Charge, where, [intent.id, call.account])
    if "charge" in given:
        charges = [charge for charge in charges if charge.id == given["charge"]]
        if not charges:
            raise missing("charge", given["charge"], "charge")
    captured = [charge for charge in charges if charge.captured]
    if not captured:
        raise refused(f"This PaymentIntent ({intent.id}) does not have a successful charge to refund.")
    wanted = given.get("amount", 1)
    return next((each for each in captured if each.amount - each.amount_refunded >= wanted), captured[0])


def update(call: Call, given: dict[str, Any], refund_id: str) -> Answer:
    """POST /v1/refunds/{refund}: metadata only."""
    refund = find(call, Refund, refund_id, lock=True)
    refund.metadata = merged(refund.metadata, given.get("metadata", {}))
    save(call.books, refund)
    return Answer(200, rendered(call, refund))


def retrieve(call: Call, _given: dict[str, Any], refund_id: str) -> Answer:
    """GET /v1/refunds/{refund}."""
    return Answer(200, rendered(call, find(call, Refund, refund_id)))


def _locked(call: Call, refund_id: str) -> tuple[Intent, Charge, Refund]:
    """Locks in the order in which every operation takes them: intent, charge, refund."""
    known = find(call, Refund, refund_id)
    intent = find(call, Intent, known.payment_intent, lock=True)
    charge = find(call, Charge, known.charge, lock=True)
    return intent, charge, find(call, Refund, refund_id, lock=True)


def due(books: Books, now: int, account: str | None = None) -> list[tuple[str, str]]:
    """(account, id) of pending refunds whose money has arrived by now, of one account or all."""
    rows = books.execute(
        "SELECT account, id FROM sandbox.refunds WHERE settles_at <= %s AND account = coalesce(%s, account)"
        " ORDER BY settles_at, id LIMIT 200",
        (now, account),
    ).fetchall()
    return [(row["account"], row["id"]) for row in rows]


def settle(call: Call, refund_id: str) -> Refund:
    """The payer has the money. A refund that is not pending stays as it is."""
    intent, _, refund = _locked(call, refund_id)
    if refund.status == "pending":
        refund.status, refund.settles_at = "succeeded", None
        save(call.books, refund)
        enter(call, intent, refund.id, "refund_succeeded", refund.amount)
        _tell_change(call, refund, "refund.updated")
    return refund


def fail(call: Call, refund_id: str) -> Refund:
    """The money came back to us, before or after it was said to have arrived.

    Raises ApiError 400 when the refund has failed already or only let an authorisation go.
    """
    intent, charge, refund = _locked(call, refund_id)
    made = call.books.execute(
        "SELECT 1 FROM sandbox.entries WHERE account = %s AND object = %s AND kind = 'refund_created'",
        (call.account, refund.id),
    ).fetchone()
    if refund.status not in {"pending", "succeeded"} or made is None:
        raise ApiError(400, "invalid_request_error", f"Refund {refund.id} cannot fail: it is {refund.status}")
    kind = "refund_reversed" if refund.status == "succeeded" else "refund_failed"
    refund.status, refund.failure_reason, refund.settles_at = "failed", "unknown", None
    charge.amount_refunded -= refund.amount
    balance.refund_failed(call, refund)
    save(call.books, refund)
    save(call.books, charge)
    enter(call, intent, refund.id, kind, refund.amount)
    _tell_change(call, refund, "refund.failed", "refund.updated")
    return refund


def _tell_change(call: Call, refund: Refund, *types: str) -> None:
    for type_ in (*types, "charge.refund.updated"):
        emit(call, type_, rendered(call, refund))


def release(call: Call, intent: Intent, charge: Charge, amount: int, reason: str | None = None) -> None:
    """Let go of authorised money that was not taken.

    The provider shows it as a refund of the charge and inside `amount_refunded`, though no money moved; the
    books know it as `released`. Source: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method and
    the answer quoted in https://github.com/woocommerce/woocommerce-gateway-stripe/issues/1073.
    """
    insert(
        call.books,
        Refund(
            id=new_id("re"),
            account=call.account,
            created=call.now,
            payment_intent=intent.id,
            charge=charge.id,
            amount=amount,
            currency=charge.currency,
            status="succeeded",
            reason=reason,
        ),
    )
    charge.amount_refunded += amount
    enter(call, intent, charge.id, "released", amount)


def cancel_intent(call: Call, intent: Intent, reason: str | None) -> None:
    """End an intent; what it holds is let go. The caller has checked that its state allows it."""
    if intent.status == "requires_capture" and intent.latest_charge:
        charge = find(call, Charge, intent.latest_charge, lock=True)
        release(call, intent, charge, charge.amount, "expired_uncaptured_charge" if reason == "automatic" else None)
        save(call.books, charge)
        emit(call, "charge.expired" if reason == "automatic" else "charge.refunded", charge_json(charge))
    intent.status, intent.cancellation_reason, intent.canceled_at = "canceled", reason, call.now
    intent.amount_capturable, intent.next_action, intent.expires_at = 0, None, None
    enter(call, intent, intent.id, "cancelled", intent.amount)
    tell(call, intent, "canceled")
