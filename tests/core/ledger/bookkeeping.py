"""Posting an order's facts in memory: what the database does, as lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.ledger import order_posting
from core.ledger.books import PostedSum, books_of
from core.ledger.chart import AccountCode
from core.ledger.facts import (
    CaptureFact,
    FulfilmentFact,
    LineFact,
    OrderBooks,
    OrderFact,
    OrderFacts,
    RefundedPieces,
    RefundFact,
)
from core.ledger.model import Entry, EntryKind
from core.shared.ids import FulfilmentId, LineId, OperationId, OrderId, PaymentAccountId, PaymentId
from core.shared.money import Money

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORDER, ACCOUNT, PAYMENT = OrderId(UUID(int=1)), PaymentAccountId(UUID(int=2)), PaymentId(UUID(int=3))


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def at(step: int) -> datetime:
    return START + timedelta(hours=step)


def line(number: int, quantity: int, total: int, *, discount: int = 0, tax: int = 0, travels: bool = True) -> LineFact:
    return LineFact(LineId(UUID(int=100 + number)), quantity, brl(total), brl(discount), brl(tax), travels)


def order(*lines: LineFact, shipping: int = 0) -> OrderFact:
    total = sum(each.total.minor for each in lines) + shipping
    return OrderFact(ORDER, brl(total), brl(shipping), brl(sum(each.tax.minor for each in lines)), lines)


def capture(amount: int, step: int = 0) -> CaptureFact:
    return CaptureFact(OperationId(UUID(int=200 + step)), PAYMENT, ACCOUNT, ORDER, brl(amount), at(step))


def refund(
    amount: int, step: int, *pieces: tuple[LineFact, int, int], shipping: int = 0, failed: int | None = None
) -> RefundFact:
    return RefundFact(
        OperationId(UUID(int=300 + step)),
        PAYMENT,
        ACCOUNT,
        ORDER,
        brl(amount),
        at(step),
        brl(shipping),
        tuple(RefundedPieces(of.id, quantity, brl(minor)) for of, quantity, minor in pieces),
        None if failed is None else at(failed),
    )


def parcel(step: int, pieces: dict[LineFact, int], back: int | None = None) -> FulfilmentFact:
    of = {each.id: quantity for each, quantity in pieces.items()}
    return FulfilmentFact(FulfilmentId(UUID(int=400 + step)), of, at(step), None if back is None else at(back))


@dataclass
class Journal:
    """The entries of one order, and its facts as far as they are known."""

    order: OrderFact
    refunds: list[RefundFact] = field(default_factory=list)
    fulfilments: list[FulfilmentFact] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def facts(self) -> OrderFacts:
        return OrderFacts(self.order, self.refunds, self.fulfilments)

    @property
    def books(self) -> OrderBooks:
        sums = [
            PostedSum(e.kind, p.account.code, str(p.open_item) == f"order:{ORDER}", p.amount.minor)
            for e in self.entries.values()
            for p in e.postings
        ]
        gone = {e.source.id for e in self.entries.values() if e.kind is EntryKind.GOODS_LEFT}
        back = {e.source.id for e in self.entries.values() if e.kind is EntryKind.GOODS_BACK}
        return books_of(sums, frozenset(FulfilmentId(UUID(id_)) for id_ in gone - back))

    def post(self, entry: Entry | None) -> Entry | None:
        if entry is not None:
            self.entries.setdefault(entry.key, entry)
        return entry

    def capture(self, fact: CaptureFact) -> Entry | None:
        return self.post(order_posting.captured(fact, self.order, self.books))

    def leave(self, fact: FulfilmentFact) -> Entry | None:
        return self.post(order_posting.goods_left(fact, self.facts, self.books))

    def come_back(self, fact: FulfilmentFact) -> Entry | None:
        assert fact.reversed_at is not None
        return self.post(order_posting.goods_back(fact, self.facts, self.books, fact.reversed_at))

    def refund(self, fact: RefundFact) -> Entry | None:
        return self.post(order_posting.refunded(fact, self.facts, self.books))

    def fail(self, fact: RefundFact) -> Entry | None:
        assert fact.failed_at is not None
        entry = self.entries[f"refund:{fact.operation_id}"]
        return self.post(order_posting.refund_reversed(entry, self.order, self.books, fact.failed_at))

    def balances(self) -> dict[AccountCode, int]:
        sums: Counter[AccountCode] = Counter()
        for entry in self.entries.values():
            for p in entry.postings:
                sums[p.account.code] += p.amount.minor
        return {code: minor for code, minor in sums.items() if minor}


def lines_of(entry: Entry | None) -> list[tuple[str, int]]:
    """An entry's lines as account number and minor units, debits first."""
    assert entry is not None
    return sorted(((p.account.code.value, p.amount.minor) for p in entry.postings), key=lambda row: (-row[1] > 0, row))
