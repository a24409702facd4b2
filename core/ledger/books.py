"""What is posted of an order, summed up from its entries. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.ledger.chart import AccountCode
from core.ledger.facts import OrderBooks
from core.ledger.model import EntryKind
from core.shared.ids import FulfilmentId


@dataclass(frozen=True, slots=True)
class PostedSum:
    """The postings of an order's entries of one kind to one account, summed; debit positive.

    `of_order`: those that have the order as their open item, which are the customer's position.
    """

    kind: EntryKind
    code: AccountCode
    of_order: bool
    minor: int


_GOODS = (EntryKind.GOODS_LEFT, EntryKind.GOODS_BACK)
_REFUNDS = (EntryKind.REFUND, EntryKind.REFUND_REVERSED)


def books_of(sums: Iterable[PostedSum], away: frozenset[FulfilmentId]) -> OrderBooks:
    """The order's books; what was decided by hand (a write-off) is no part of them."""
    rows = list(sums)

    def position(*kinds: EntryKind) -> int:
        return sum(row.minor for row in rows if row.kind in kinds and row.of_order)

    def account(code: AccountCode, kinds: tuple[EntryKind, ...]) -> int:
        return sum(row.minor for row in rows if row.kind in kinds and row.code is code and not row.of_order)

    return OrderBooks(
        captured=-position(EntryKind.CAPTURE),
        cancelled=position(*_REFUNDS),
        delivered=position(*_GOODS),
        sales=-account(AccountCode.SALES, _GOODS),
        discounts=account(AccountCode.DISCOUNTS, _GOODS),
        shipping=-account(AccountCode.SHIPPING_INCOME, _GOODS),
        tax=-account(AccountCode.TAX_PAYABLE, _GOODS),
        tax_returned=account(AccountCode.TAX_PAYABLE, _REFUNDS),
        away=away,
    )
