"""Money that does not fit: exceptions for staff. What the provider tells is recorded all the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core.payments.lifecycle import Operation, OperationState
from core.payments.model import Payment
from core.reconciliation.model import AMOUNT_KINDS, MONEY_FITS, ExceptionKind, ReconciliationException
from core.shared.ids import ExceptionId
from core.shared.money import Money
from ports.ids import Ids
from ports.payments import Tender
from ports.unit_of_work import Transaction


def raise_amounts(
    tx: Transaction, payment: Payment, tender: Tender | None, ids: Ids, now: datetime, *, money_came: bool
) -> None:
    """More or less than was asked is said, never rounded away."""
    if tender is None:
        return
    if tender.amount != payment.amount:
        raise_exception(tx, ExceptionKind.AMOUNT_OVER if tender.amount.minor > payment.amount.minor
               else ExceptionKind.AMOUNT_UNDER, payment, tender.amount, ids, now)  # fmt: skip
        return
    if money_came and not payment.manual_capture:
        weigh(tx, payment, ids, now)


def weigh(tx: Transaction, payment: Payment, ids: Ids, now: datetime) -> None:
    """Hold what came against what was asked. Money that came in pieces is told as it stands now: what was raised about
    an earlier figure is changed to this one, or closed when it is settled."""
    difference = payment.captured - payment.amount
    kind = _kind(difference, payment.amount)
    if kind is not None:
        raise_exception(tx, kind, payment, max(difference, -difference), ids, now)
    if _came_in_pieces(payment):
        close_amounts(tx, payment, MONEY_FITS, now, keep={kind} if kind else ())


def _kind(difference: Money, asked: Money) -> ExceptionKind | None:
    if difference.minor < 0:
        return ExceptionKind.AMOUNT_UNDER
    if not difference:
        return None
    return ExceptionKind.DUPLICATE_CHARGE if difference >= asked else ExceptionKind.AMOUNT_OVER


def _came_in_pieces(payment: Payment) -> bool:
    done = (o for o in payment.operations if o.kind is Operation.CAPTURE and o.state is OperationState.SUCCEEDED)
    return sum(bool(operation.amount) for operation in done) > 1


def close_amounts(
    tx: Transaction, payment: Payment, reason: str, now: datetime, *, keep: Collection[ExceptionKind] = ()
) -> None:
    """The payment's open exceptions about too much or too little are settled, but for those of a kind in `keep`.

    :param reason: MONEY_FITS or another word of core.reconciliation.model for what nobody had to explain
    """
    for exception in tx.exceptions.open_of_payment(payment.id):
        if exception.kind in AMOUNT_KINDS and exception.kind not in keep:
            exception.resolve(reason, now)
            tx.exceptions.save(exception)


def raise_exception(
    tx: Transaction,
    kind: ExceptionKind,
    payment: Payment,
    amount: Money,
    ids: Ids,
    now: datetime,
    *,
    reference: str | None = None,
) -> None:
    """Raise it for staff. The same fact is raised once: told with another amount it is changed, and opened again if
    somebody had explained the other one.

    :param reference: the fact's name at the other side; None for the payment's own
    """
    exception = ReconciliationException(
        id=ExceptionId(ids.new()),
        kind=kind,
        left_reference=str(payment.id),
        right_reference=reference or payment.provider_reference or "",
        amount=amount,
        opened_at=now,
        payment_id=payment.id,
        order_id=payment.order_id,
        details={
            "expected": payment.amount.minor,
            "captured": payment.captured.minor,
            "method": payment.method,
        },
    )
    if tx.exceptions.raise_(exception):
        return
    known = tx.exceptions.of_fact(exception)
    if known.restate(amount, exception.details, now):
        tx.exceptions.save(known)
