"""What can be decided about an exception, and what each decision posts. Pure.

A write-off brings what is open of the exception's item to zero on the account that the loss or gain belongs to; the
other decisions post nothing themselves: a refund is posted as a refund, an explanation explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ledger.chart import AccountCode, OpenItem
from core.ledger.model import AccountRef, Entry
from core.ledger.posting import item_closed
from core.reconciliation.approvals import Decision
from core.reconciliation.kinds import ExceptionKind
from core.shared.ids import ExceptionId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """What is open of `item` on `account`; debit positive."""

    account: AccountRef
    item: OpenItem
    amount: Money


@dataclass(frozen=True, slots=True)
class ProposedPosting:
    """A line of an entry that a decision would post; debit positive."""

    account: AccountRef
    amount: Money
    open_item: OpenItem | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that closes the exception, the entry it posts (empty: none) and whether somebody else must agree.
    `account` is the one that a write-off proposes."""

    decision: Decision
    postings: Sequence[ProposedPosting]
    needs_approval: bool
    account: AccountCode | None = None


# Where a write-off goes unless somebody chooses otherwise.
WRITE_OFF_ACCOUNTS: dict[ExceptionKind, AccountCode] = {
    ExceptionKind.FEE_MISMATCH: AccountCode.PROVIDER_FEES,
    ExceptionKind.DISPUTE_LOST: AccountCode.CHARGEBACK_LOSSES,
}
# Accounts that a difference may be written off to: income, expenses, and suspense for what is not known yet.
ALLOWED_ACCOUNTS = (
    AccountCode.DIFFERENCES,
    AccountCode.PROVIDER_FEES,
    AccountCode.DISPUTE_FEES,
    AccountCode.CHARGEBACK_LOSSES,
    AccountCode.SHIPPING_COST,
    AccountCode.SALES,
    AccountCode.RETURNS,
    AccountCode.SUSPENSE,
    AccountCode.BANK,
)
_REFUNDABLE = frozenset({
    ExceptionKind.LATE_PAYMENT,
    ExceptionKind.DUPLICATE_CHARGE,
    ExceptionKind.AMOUNT_OVER,
    ExceptionKind.REFUND_FAILED,
})  # fmt: skip


def account_for(kind: ExceptionKind) -> AccountCode:
    """Where what is open of an exception of `kind` is written off to, unless somebody chooses otherwise."""
    return WRITE_OFF_ACCOUNTS.get(kind, AccountCode.DIFFERENCES)


def may_refund(kind: ExceptionKind) -> bool:
    """Whether giving the money back can settle an exception of `kind`."""
    return kind in _REFUNDABLE


def write_off(
    exception_id: ExceptionId, round_: int, open_: OpenAmount, account: AccountCode, reason: str, at: datetime
) -> Entry:
    """The entry that a write-off posts.

    :param round_: the exception's version: once more after it was opened again is another decision
    """
    decision = f"{exception_id}:{round_}"
    return item_closed(decision, AccountRef(account), open_.account, open_.item, open_.amount, at, reason)


def proposals(
    kind: ExceptionKind, id_: ExceptionId, version: int, open_: OpenAmount | None, at: datetime, *,
    needs_approval: bool, has_payment: bool,
) -> list[Proposal]:  # fmt: skip
    """The decisions that close an exception, each with what it would post.

    :param open_: what is open of it on the ledger
    :param needs_approval: its value is above the store's limit
    :param has_payment: it is about a payment of an order of ours, so money can be given back
    """
    found = [Proposal(Decision.RESOLVE, (), needs_approval)]
    if open_ is not None and open_.amount:
        account = account_for(kind)
        entry = write_off(id_, version, open_, account, "", at)
        postings = tuple(ProposedPosting(p.account, p.amount, p.open_item) for p in entry.postings)
        found.append(Proposal(Decision.WRITE_OFF, postings, needs_approval, account))
    if may_refund(kind) and has_payment:
        found.append(Proposal(Decision.REFUND, (), needs_approval))
    return found
