"""What a payer, or a test in the payer's place, does with an intent.

Each deed acts on the intent's state under its lock; a paid intent is not paid again by the same button.
"""

from __future__ import annotations

from typing import Any

from psycopg import sql

from sandbox.payments import charging, faults, intents
from sandbox.payments.cards import APPROVE, DECLINES, make_method
from sandbox.payments.confirming import show_pix
from sandbox.payments.errors import refused
from sandbox.payments.records import Charge, Intent, PaymentMethod, find, select
from sandbox.payments.store import Call
from sandbox.payments.wire import intent_json

VISA = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034}}
OPEN = intents.OPEN
PAID = ("succeeded", "requires_capture")


def _refuse(intent: Intent, deed: str) -> None:
    raise refused(
        f"This PaymentIntent's status is {intent.status}: {deed} is not possible.",
        code="payment_intent_unexpected_state",
        payment_intent=intent_json(intent),
    )


def _method(call: Call, intent: Intent) -> PaymentMethod:
    """The intent's own card when it has one that the issuer would accept, otherwise a Visa."""
    if intent.payment_method is not None:
        method = find(call, PaymentMethod, intent.payment_method)
        if method.type == "card" and method.behaviour not in DECLINES:
            return method
    return make_method(call, VISA)


def _card_only(intent: Intent) -> None:
    if "card" not in intent.payment_method_types or showing_pix(intent) or voucher(intent):
        raise refused("This PaymentIntent is not being paid by card.", code="payment_intent_unexpected_state")


def pix_code(intent: Intent) -> dict[str, Any] | None:
    """The Pix code that is out, as the provider's `pix_display_qr_code`."""
    return (intent.next_action or {}).get("pix_display_qr_code")


def voucher(intent: Intent) -> dict[str, Any] | None:
    """The boleto that is out, as the provider's `boleto_display_details`."""
    return (intent.next_action or {}).get("boleto_display_details")


def showing_pix(intent: Intent) -> bool:
    """Whether a Pix code is out."""
    return pix_code(intent) is not None


def approve(call: Call, intent: Intent, *, authenticated: bool = False) -> None:
    """The issuer agrees. A second time changes nothing. Raises ApiError 400 on a cancelled intent."""
    if intent.status in PAID:
        return
    if intent.status == "canceled":
        fault = faults.consume(call.books, call.account, ["page", "*"], faults.PAGE_KINDS, intent.id)
        if fault is not None:
            charging.late_card_money(call, intent, _method(call, intent))
            return
    if intent.status not in OPEN:
        _refuse(intent, "approving")
    _card_only(intent)
    charging.approve(call, intent, _method(call, intent), authenticated=authenticated)


def decline(call: Call, intent: Intent) -> None:
    """The issuer refuses. Raises ApiError 400 when there is nothing to refuse."""
    if intent.status not in OPEN:
        _refuse(intent, "declining")
    _card_only(intent)
    charging.decline(call, intent, _method(call, intent), DECLINES["generic_decline"])


def challenge(call: Call, intent: Intent, return_url: str | None) -> None:
    """The issuer wants 3-D Secure. Raises ApiError 400 when the intent is not open."""
    if intent.status not in OPEN:
        _refuse(intent, "a challenge")
    _card_only(intent)
    charging.challenge(call, intent, _method(call, intent), return_url or intent.return_url)


def fail_challenge(call: Call, intent: Intent) -> None:
    """The cardholder could not prove who they are."""
    if intent.status != "requires_action" or showing_pix(intent) or voucher(intent):
        _refuse(intent, "failing a challenge")
    charging.attempt_failed(call, intent, _method(call, intent), DECLINES["authentication"])


def pend(call: Call, intent: Intent) -> None:
    """The issuer leaves it open. A second time changes nothing."""
    if intent.status == "processing":
        return
    if intent.status not in OPEN:
        _refuse(intent, "leaving pending")
    _card_only(intent)
    charging.pend(call, intent, _method(call, intent))


def settle_pending(call: Call, intent: Intent, *, approved: bool) -> None:
    """Word about a pending charge. Raises ApiError 400 when nothing is pending."""
    if intent.status != "processing" or intent.latest_charge is None:
        _refuse(intent, "settling")
    charge = _pending_charge(call, intent)
    method = find(call, PaymentMethod, charge.payment_method)
    if not approved:
        charging.decline(call, intent, method, DECLINES["generic_decline"], charge)
    elif method.behaviour == APPROVE:
        charging.approve(call, intent, method, charge=charge)
    else:
        charging.approve(call, intent, method, authenticated=True, charge=charge)


def _pending_charge(call: Call, intent: Intent) -> Charge:
    where = sql.SQL("payment_intent = %s AND status = 'pending' ORDER BY seq DESC LIMIT 1 FOR UPDATE")
    return select(call.books, Charge, where, [intent.id])[0]


def make_pix(call: Call, intent: Intent) -> None:
    """Show a Pix code for an open intent that takes Pix. One that is out stays."""
    if showing_pix(intent) and intent.status == "requires_action":
        return
    if intent.status not in OPEN or "pix" not in intent.payment_method_types:
        _refuse(intent, "making a Pix code")
    show_pix(call, intent, make_method(call, {"type": "pix"}))


def pay_pix(call: Call, intent: Intent, amount: int | None = None) -> Charge:
    """Money arrives by Pix: on time, late, twice, too much or too little, as the caller has it.

    amount: minor units, the intent's amount when None. Raises ApiError 400 when the intent never took Pix.
    """
    if "pix" not in intent.payment_method_types:
        _refuse(intent, "paying by Pix")
    method = make_method(call, {"type": "pix"})
    return charging.receive(call, intent, method, intent.amount if amount is None else amount)
