"""The ledger: what is posted, in one transaction with what it follows from; and what its screens read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.ledger.chart import OpenItem
from core.ledger.facts import CaptureFact, LabelFact, OrderBooks, OrderFacts, RefundFact
from core.ledger.model import AccountRef, Entry, PostedEntry
from core.shared.ids import OperationId, OrderId, ShipmentId
from core.shared.money import Money


class Ledger(Protocol):
    """The books of the bound store, write side.

    Posting holds the store's journal number until the commit, so that numbers have no gaps: post near the end of a
    transaction, many entries by one call.
    """

    def post(self, entry: Entry) -> bool:
        """Post `entry`. False when its key was posted before: then nothing is written.

        It is booked on the store's day of the fact, or on the first open day after it. Accounts come to be with
        their first posting.
        """
        ...

    def post_all(self, entries: Sequence[Entry]) -> frozenset[str]:
        """Post `entries` by a constant number of statements. Returns the keys that were not posted before."""
        ...

    def entry(self, key: str) -> PostedEntry | None:
        """The entry that was posted under `key`: what a reversal takes back."""
        ...

    def hold(self) -> None:
        """Hold the journal until the commit: nobody else of the store posts or closes a day meanwhile."""
        ...

    def books(self, order_id: OrderId) -> OrderBooks:
        """What is posted of the order; holds the journal, so that nothing more of it is posted meanwhile."""
        ...

    def open_amount(self, account: AccountRef, item: OpenItem, currency: str) -> Money:
        """What is open of `item` on `account`, debit positive; zero when it was never posted or is closed."""
        ...

    def closed_through(self) -> date | None:
        """The last closed day of the store: nothing is posted into it or any day before. None: no day is closed."""
        ...


class FactKind(StrEnum):
    CAPTURE = "capture"
    REFUND = "refund"
    GOODS = "goods"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class UnpostedFact:
    """A fact in no entry: a payment's operation, a fulfilment that left (its order in `order_id`), postage."""

    kind: FactKind
    id: UUID
    order_id: OrderId | None


@dataclass(frozen=True, slots=True)
class FactPage:
    """`next` is the last id that was looked at; None when there are no more."""

    facts: Sequence[UnpostedFact]
    next: UUID | None


class LedgerFacts(Protocol):
    """What happened, as it was recorded elsewhere. Every method raises NotFound."""

    def capture(self, operation_id: OperationId) -> CaptureFact: ...

    def refund(self, operation_id: OperationId) -> RefundFact:
        """A refund that succeeded, whatever became of it later."""
        ...

    def order(self, order_id: OrderId) -> OrderFacts: ...

    def label(self, shipment_id: ShipmentId) -> LabelFact: ...

    def unposted(self, after: UUID | None, limit: int) -> FactPage:
        """What of the next `limit` facts after the id `after` is in no entry yet, by id."""
        ...
