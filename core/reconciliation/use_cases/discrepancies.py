"""Money that does not fit: exceptions for staff. What the provider tells is recorded all the same."""

from __future__ import annotations

from datetime import datetime

from core.payments.model import Payment
from core.reconciliation.model import ExceptionKind, ReconciliationException
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
    if not money_came or payment.manual_capture:
        return
    difference = payment.captured - payment.amount
    if difference.minor >= payment.amount.minor:
        raise_exception(tx, ExceptionKind.DUPLICATE_CHARGE, payment, difference, ids, now)
    elif difference.minor > 0:
        raise_exception(tx, ExceptionKind.AMOUNT_OVER, payment, difference, ids, now)
    elif difference.minor < 0:
        raise_exception(tx, ExceptionKind.AMOUNT_UNDER, payment, -difference, ids, now)


def raise_exception(
    tx: Transaction, kind: ExceptionKind, payment: Payment, amount: Money, ids: Ids, now: datetime
) -> None:
    """Raise it for staff; the same one about the same money is raised once."""
    tx.exceptions.raise_(
        ReconciliationException(
            id=ExceptionId(ids.new()),
            kind=kind,
            left_reference=str(payment.id),
            right_reference=payment.provider_reference or "",
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
    )
