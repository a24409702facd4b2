"""The ledger: what is posted, in one transaction with what it follows from; and what its screens read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What speaks against closing a day. `pending`: postings of facts up to its end that wait or were given up;
    `exceptions`: open ones up to then above the store's limit, `limit` in minor units."""

    pending: int
    exceptions: int
    limit: int


class LedgerDays(Protocol):
    """The closed days of the bound store, write side. Both changes hold the journal until the commit."""

    def closed_through(self) -> date | None:
        """The last closed day: nothing is posted into it or any day before. None: no day is closed."""
        ...

    def facts(self, until: datetime) -> ClosingFacts:
        """What speaks against closing the days that end at `until`."""
        ...

    def close(self, day: date, by: str) -> None:
        """Close `day` and every open day before it, and seal what is booked on them."""
        ...

    def reopen(self, day: date, reason: str, by: str) -> None:
        """Open `day` again, which must be the last closed one."""
        ...

    def set_limit(self, limit_minor: int) -> None:
        """From which amount on an open exception keeps a day from being closed."""
        ...


class AuditProblem(StrEnum):
    """What `verify` finds. Days are named by their date, everything else by journal number, account or fact.

    HEAD_CHANGED: the last entry is not the one the counter was sealed with: some were taken off the end.
    """

    ENTRY_MISSING = "entry_missing"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_UNBALANCED = "entry_unbalanced"
    HEAD_CHANGED = "head_changed"
    DAY_CHANGED = "day_changed"
    DAY_ENTRIES_CHANGED = "day_entries_changed"
    BALANCE_WRONG = "balance_wrong"
    OPEN_ITEM_WRONG = "open_item_wrong"
    FACT_NOT_POSTED = "fact_not_posted"


@dataclass(frozen=True, slots=True)
class Finding:
    problem: AuditProblem
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What was recomputed, and everything that is not as it was written."""

    entries: int
    days: int
    findings: Sequence[Finding]


class LedgerAudit(Protocol):
    def verify(self) -> Audit:
        """Recompute the books of the bound store from their rows, and every seal."""
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
