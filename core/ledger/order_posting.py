"""An order's own money as journal entries: captures, refunds, goods that leave and come back. Pure.

What the customer has with us follows from three sums: captured, given back before its goods left, delivered. Where
they leave something it is a deposit; where goods left before their money the customer owes it, as far as the order's
total was not captured yet; and what is missing beyond that was given away before the goods left, so it is a return.
Each entry moves the books from the sums before to the sums after: in whatever order facts arrive, the end is the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from core.ledger.chart import AccountCode, ItemKind, OpenItem
from core.ledger.facts import CaptureFact, FulfilmentFact, OrderBooks, OrderFact, OrderFacts, RefundedPieces, RefundFact
from core.ledger.model import Entry, EntryKind, Posting, Source, SourceType
from core.ledger.posting import clearing, posting
from core.ledger.shares import Worth, pieces_away, worth_of
from core.shared.ids import LineId, OrderId
from core.shared.money import Money, round_half_even


@dataclass(frozen=True, slots=True)
class Position:
    """What the customer has in deposit, owes for goods, and was given although the goods left: minor units."""

    deposits: int
    receivables: int
    given: int


def position(total: int, books: OrderBooks) -> Position:
    """The customer's position after `books`, for an order of `total`."""
    left = books.captured - books.cancelled - books.delivered
    if left >= 0:
        return Position(left, 0, 0)
    owed = min(-left, max(0, total - books.captured))
    return Position(0, owed, -left - owed)


# -- captures ----------------------------------------------------------------------------------------------------


def captured(fact: CaptureFact, order: OrderFact | None, books: OrderBooks) -> Entry:
    """Clearing to customer deposits, or to the receivable of goods that left before. The money of no order is kept
    as a deposit under its payment."""
    into = Posting(clearing(fact.account_id), fact.amount, OpenItem(ItemKind.PAYMENT, str(fact.payment_id)))
    if order is None:
        rest: tuple[Posting, ...] = (posting(AccountCode.DEPOSITS, -fact.amount, _of_payment(fact)),)
    else:
        rest = _moved(order, books, replace(books, captured=books.captured + fact.amount.minor))
    source = Source(SourceType.PAYMENT_OPERATION, str(fact.operation_id))
    return Entry(
        f"capture:{fact.operation_id}", EntryKind.CAPTURE, fact.at, source, (into, *rest), order_id=fact.order_id
    )


# -- goods -------------------------------------------------------------------------------------------------------


def goods_left(fact: FulfilmentFact, facts: OrderFacts, books: OrderBooks) -> Entry | None:
    """Deposits or receivables to sales, shipping income and tax; discounts against sales. None when it is worth
    nothing: a gift."""
    key = f"goods_left:{fact.id}"
    return _goods(fact, facts, books, books.away | {fact.id}, EntryKind.GOODS_LEFT, key, fact.left_at, None)


def goods_back(fact: FulfilmentFact, facts: OrderFacts, books: OrderBooks, at: datetime) -> Entry | None:
    """The goods had not left after all: their share is taken back."""
    key = f"goods_back:{fact.id}"
    taken_back = f"goods_left:{fact.id}"
    return _goods(fact, facts, books, books.away - {fact.id}, EntryKind.GOODS_BACK, key, at, taken_back)


def _goods(
    fact: FulfilmentFact,
    facts: OrderFacts,
    books: OrderBooks,
    away: frozenset[object],
    kind: EntryKind,
    key: str,
    at: datetime,
    reverses: str | None,
) -> Entry | None:
    order = facts.order
    worth = worth_of(order, pieces_away(f for f in facts.fulfilments if f.id in away))
    share = Worth(
        worth.sales - books.sales,
        worth.discounts - books.discounts,
        worth.tax - books.tax,
        worth.shipping - books.shipping,
    )
    earned = (
        (AccountCode.SALES, -share.sales),
        (AccountCode.DISCOUNTS, share.discounts),
        (AccountCode.SHIPPING_INCOME, -share.shipping),
        (AccountCode.TAX_PAYABLE, -share.tax),
    )
    currency = order.total.currency
    lines = (
        *_moved(order, books, replace(books, delivered=books.delivered + share.total)),
        *(posting(code, Money(minor, currency)) for code, minor in earned if minor),
    )
    if not lines:
        return None
    return Entry(key, kind, at, Source(SourceType.FULFILMENT, str(fact.id)), lines, order.id, reverses)


# -- refunds -----------------------------------------------------------------------------------------------------


def refunded(fact: RefundFact, facts: OrderFacts | None, books: OrderBooks) -> Entry:
    """Customer deposits for what had not left; sales returns and tax for what had; to clearing."""
    out = Posting(clearing(fact.account_id), -fact.amount, OpenItem(ItemKind.REFUND, str(fact.operation_id)))
    if facts is None:
        lines: tuple[Posting, ...] = (posting(AccountCode.DEPOSITS, fact.amount, _of_payment(fact)),)
    else:
        split = _split(fact, facts, books)
        after = replace(books, cancelled=books.cancelled + split.before)
        lines = (*_returns(split, fact.amount.currency), *_moved(facts.order, books, after))
    source = Source(SourceType.PAYMENT_OPERATION, str(fact.operation_id))
    return Entry(
        f"refund:{fact.operation_id}", EntryKind.REFUND, fact.at, source, (*lines, out), order_id=fact.order_id
    )


def refund_reversed(entry: Entry, order: OrderFact | None, books: OrderBooks, at: datetime) -> Entry:
    """The refund of `entry` came back after it had succeeded: nothing of it stands."""
    moved = [p for p in entry.postings if p.open_item is not None and p.open_item.kind is ItemKind.ORDER]
    others = tuple(Posting(p.account, -p.amount, p.open_item) for p in entry.postings if p not in moved)
    if order is not None:
        before = sum(p.amount.minor for p in moved)
        others += _moved(order, books, replace(books, cancelled=books.cancelled - before))
    operation = entry.source.id
    key, kind = f"refund_reversed:{operation}", EntryKind.REFUND_REVERSED
    return Entry(key, kind, at, entry.source, others, order_id=entry.order_id, reverses=entry.key)


@dataclass(frozen=True, slots=True)
class _Split:
    """A refund in minor units: `before` its goods left, `returned` after, `tax` of what was returned."""

    before: int
    returned: int
    tax: int


def _split(fact: RefundFact, facts: OrderFacts, books: OrderBooks) -> _Split:
    gone = pieces_away(f for f in facts.fulfilments if f.away(fact.at))
    any_gone = any(gone.values())
    before = returned = tax = 0
    lines = {line.id: line for line in facts.order.lines}
    for pieces, unsent in _unsent(fact, facts):
        first, then = pieces.amount.allocate([unsent, pieces.quantity - unsent])
        before, returned = before + first.minor, returned + then.minor
        line = lines[pieces.line_id]
        if line.total:
            tax += round_half_even(line.tax.minor * then.minor, line.total.minor)
    rest = fact.amount.minor - before - returned
    delivery = min(fact.shipping.minor, rest)
    free = rest - delivery
    if not any_gone:
        return _Split(before + rest, returned, 0)
    in_deposit = position(facts.order.total.minor, replace(books, cancelled=books.cancelled + before)).deposits
    first_free = min(free, in_deposit)
    late = free - first_free
    if facts.order.total and late:
        tax += round_half_even(facts.order.tax.minor * late, facts.order.total.minor)
    tax = min(tax, max(0, books.tax - books.tax_returned))
    return _Split(before + first_free, returned + delivery + late, tax)


def _unsent(fact: RefundFact, facts: OrderFacts) -> list[tuple[RefundedPieces, int]]:
    """The refund's pieces with how many of each had not left: those are called off first."""
    called_off: Counter[LineId] = Counter()
    quantities = {line.id: line.quantity for line in facts.order.lines}
    for refund in sorted([*(r for r in facts.refunds if r.operation_id != fact.operation_id), fact], key=_order):
        gone = pieces_away(f for f in facts.fulfilments if f.away(refund.at))
        found = []
        for pieces in refund.pieces:
            id_ = pieces.line_id
            unsent = max(0, min(pieces.quantity, quantities[id_] - gone.get(id_, 0) - called_off[id_]))
            called_off[id_] += unsent
            found.append((pieces, unsent))
        if refund is fact:
            return found
    return []


def _order(refund: RefundFact) -> tuple[datetime, str]:
    return refund.at, str(refund.operation_id)


def _returns(split: _Split, currency: str) -> tuple[Posting, ...]:
    parts = ((AccountCode.RETURNS, split.returned - split.tax), (AccountCode.TAX_PAYABLE, split.tax))
    return tuple(posting(code, Money(minor, currency)) for code, minor in parts if minor)


# -- the customer's position ---------------------------------------------------------------------------------------


def _moved(order: OrderFact, before: OrderBooks, after: OrderBooks) -> tuple[Posting, ...]:
    """The lines that bring the customer's position from one to the other, each under the order."""
    was, is_ = position(order.total.minor, before), position(order.total.minor, after)
    moves = (
        (AccountCode.DEPOSITS, was.deposits - is_.deposits),
        (AccountCode.RECEIVABLES, is_.receivables - was.receivables),
        (AccountCode.RETURNS, is_.given - was.given),
    )
    item = _of_order(order.id)
    return tuple(posting(code, Money(minor, order.total.currency), item) for code, minor in moves if minor)


def _of_order(order_id: OrderId) -> OpenItem:
    return OpenItem(ItemKind.ORDER, str(order_id))


def _of_payment(fact: CaptureFact | RefundFact) -> OpenItem:
    return OpenItem(ItemKind.PAYMENT, str(fact.payment_id))
