"""Rows of the money side: what stands on the balance, what was paid out, and what is disputed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(slots=True, kw_only=True)
class Line:
    """One movement of the balance, in minor units; money leaving is negative, a fee that is kept positive.

    payout: which payout carries it. withheld, repeats, planted: what a planted discrepancy makes of it: never told,
    told so many times more under the same id, and the discrepancy's name.
    """

    TABLE: ClassVar[str] = "balance_transactions"
    KIND: ClassVar[str] = "balance_transaction"

    id: str
    account: str
    created: int
    available_on: int
    amount: int
    fee: int = 0
    currency: str
    type: str
    reporting_category: str
    source: str | None = None
    payment_intent: str | None = None
    description: str | None = None
    payout: str | None = None
    withheld: bool = False
    repeats: int = 0
    planted: str | None = None

    @property
    def net(self) -> int:
        """What it does to the balance."""
        return self.amount - self.fee


@dataclass(slots=True, kw_only=True)
class Payout:
    """A transfer to the merchant's bank. next_at: when its state goes on; trace: the bank's own reference."""

    TABLE: ClassVar[str] = "payouts"
    KIND: ClassVar[str] = "payout"

    id: str
    account: str
    created: int
    amount: int
    currency: str
    arrival_date: int
    status: str = "pending"
    reconciliation_status: str = "in_progress"
    trace: str | None = None
    balance_transaction: str | None = None
    failure_balance_transaction: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    next_at: int | None = None
    planted: str | None = None


@dataclass(slots=True, kw_only=True)
class Dispute:
    """A cardholder's objection; one whose status begins with `warning` has moved no money."""

    TABLE: ClassVar[str] = "disputes"
    KIND: ClassVar[str] = "dispute"

    id: str
    account: str
    created: int
    payment_intent: str
    charge: str
    amount: int
    currency: str
    reason: str
    status: str
    evidence_due_by: int


@dataclass(slots=True, kw_only=True)
class VoucherPayment:
    """A boleto that was paid at a bank; word of it comes at word_at, None once it came."""

    TABLE: ClassVar[str] = "voucher_payments"
    KIND: ClassVar[str] = "voucher_payment"

    id: str
    account: str
    created: int
    payment_intent: str
    amount: int
    word_at: int | None
