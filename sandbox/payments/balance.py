"""The account's balance: every movement of money is a line, written with the fact that moved it.

Types and reporting categories: https://docs.stripe.com/reports/reporting-categories. When money becomes available is
a rule per method, in business days.
"""

from __future__ import annotations

from typing import Any

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import discrepancies
from sandbox.payments.business_days import at, day_of, later, utc_midnight
from sandbox.payments.fees import DISPUTE_FEE, FEES
from sandbox.payments.money_records import Dispute, Line
from sandbox.payments.records import Charge, Intent, Refund, insert, select
from sandbox.payments.store import Call

AVAILABLE_AFTER = {"card": 2, "pix": 1, "boleto": 1}  # business days
_CARD_TYPES = {"charge": "charge", "refund": "refund"}
_OTHER_TYPES = {"charge": "payment", "refund": "payment_refund"}


def _type(charge: Charge, category: str) -> str:
    """Anything but cards has types of its own: https://docs.stripe.com/reports/balance-transaction-types."""
    types = _CARD_TYPES if charge.payment_method_details["type"] == "card" else _OTHER_TYPES
    return types[category]


def book(call: Call, line: Line) -> Line:
    """Write a line, with what a planted discrepancy makes of it, and have the account paid out from now on."""
    insert(call.books, line)
    _start_payouts(call)
    discrepancies.befall(call, line)
    return line


def new_line(call: Call, type_: str, category: str, amount: int, currency: str, **more: Any) -> Line:
    """A line of now, available at once unless `available_on` says otherwise."""
    values = {"available_on": utc_midnight(day_of(call.now)), **more}
    return Line(
        id=new_id("txn"),
        account=call.account,
        created=call.now,
        type=type_,
        reporting_category=category,
        amount=amount,
        currency=currency,
        **values,
    )


def _start_payouts(call: Call) -> None:
    """The next midnight looks for what is available, also where payouts had skipped it for want of lines."""
    midnight = at(later(day_of(call.now), 1))
    call.books.execute(
        "INSERT INTO sandbox.payout_runs VALUES (%s, %s) ON CONFLICT (account) DO NOTHING", (call.account, midnight)
    )
    call.books.execute(
        "UPDATE sandbox.payout_runs SET next_run = %s WHERE account = %s AND next_run > %s",
        (midnight, call.account, midnight),
    )


def captured(call: Call, intent: Intent, charge: Charge) -> None:
    """Money was taken. Less than was authorised makes two lines: the whole, and the reversal of the rest with its
    share of the fee, so that the sum is the fee of what was taken."""
    method = charge.payment_method_details["type"]
    usable = utc_midnight(later(day_of(call.now), AVAILABLE_AFTER[method]))
    fee = FEES[method].of(charge.amount)
    about = {"payment_intent": intent.id, "available_on": usable}
    whole = new_line(
        call, _type(charge, "charge"), "charge", charge.amount, charge.currency, source=charge.id, fee=fee,
        description=charge.description, **about,
    )  # fmt: skip
    charge.balance_transaction = book(call, whole).id
    rest = charge.amount - charge.amount_captured
    if not rest:
        return
    let_go = _released(call, charge)
    back = FEES[method].of(charge.amount_captured) - fee
    reversal = new_line(
        call, "refund", "partial_capture_reversal", -rest, charge.currency, source=let_go, fee=back,
        description="Partial capture", **about,
    )  # fmt: skip
    _name_line(call, let_go, book(call, reversal).id)


def _released(call: Call, charge: Charge) -> str:
    """The refund as which the provider shows what was let go."""
    where = sql.SQL("charge = %s ORDER BY seq DESC LIMIT 1")
    return select(call.books, Refund, where, [charge.id])[0].id


def _name_line(call: Call, refund: str, line: str) -> None:
    call.books.execute("UPDATE sandbox.refunds SET balance_transaction = %s WHERE id = %s", (line, refund))


def refunded(call: Call, charge: Charge, refund: Refund) -> None:
    """Money is on its way back: it leaves the balance at once, and the fee is not given back."""
    line = new_line(
        call, _type(charge, "refund"), "refund", -refund.amount, refund.currency, source=refund.id,
        payment_intent=refund.payment_intent, description=f"REFUND FOR CHARGE ({charge.description or charge.id})",
    )  # fmt: skip
    refund.balance_transaction = book(call, line).id


def refund_failed(call: Call, refund: Refund) -> None:
    """A refund came back."""
    line = new_line(
        call, "refund_failure", "refund_failure", refund.amount, refund.currency, source=refund.id,
        payment_intent=refund.payment_intent, description=f"REFUND FAILURE FOR {refund.charge}",
    )  # fmt: skip
    refund.failure_balance_transaction = book(call, line).id


def withdrawn(call: Call, dispute: Dispute) -> None:
    """The disputed money and the fee of the dispute leave the balance, in one line."""
    line = new_line(
        call, "adjustment", "dispute", -dispute.amount, dispute.currency, source=dispute.id, fee=DISPUTE_FEE,
        payment_intent=dispute.payment_intent, description=f"Chargeback withdrawal for {dispute.charge}",
    )  # fmt: skip
    book(call, line)


def reinstated(call: Call, dispute: Dispute) -> None:
    """A dispute was won: its money comes back, its fee does not."""
    line = new_line(
        call, "adjustment", "dispute_reversal", dispute.amount, dispute.currency, source=dispute.id,
        payment_intent=dispute.payment_intent, description=f"Chargeback reversal for {dispute.charge}",
    )  # fmt: skip
    book(call, line)
