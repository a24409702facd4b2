"""What the screens of the books read: one statement a method, pages by keyset, sums from what triggers keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from core.ledger.chart import AccountCode, OpenItem
from core.ledger.model import EntryKind, Source
from core.shared.ids import OrderId
from core.shared.money import Money
from ports.ledger import ClosingFacts
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class AccountName:
    """An account; `payment_account` is the name of the provider account whose clearing it is."""

    id: UUID
    code: AccountCode
    currency: str
    payment_account: str | None


# Open items are counted no further: an account may have hundreds of thousands.
MOST_OPEN_ITEMS = 999


@dataclass(frozen=True, slots=True)
class AccountSums:
    """An account over a span of days: balance before it, what was debited and credited (both positive), balance
    after it; debit balances are positive. `postings` counts those of the span, `open_items` those that are open now,
    up to one more than `MOST_OPEN_ITEMS`."""

    account: AccountName
    before: Money
    debit: Money
    credit: Money
    after: Money
    postings: int
    open_items: int
    oldest_open: date | None


@dataclass(frozen=True, slots=True)
class DaySums:
    """One account on one day."""

    day: date
    debit: Money
    credit: Money
    postings: int


@dataclass(frozen=True, slots=True)
class PostingSearch:
    """What an account's postings are narrowed to: booked from `since` on, of one kind of entry, of a document.

    `entry_number` and `order_number` are alternatives; a document is found whenever it was booked.
    """

    since: date | None = None
    kind: EntryKind | None = None
    entry_number: int | None = None
    order_number: int | None = None

    @property
    def by_document(self) -> bool:
        return self.entry_number is not None or self.order_number is not None

    @property
    def leaves_out(self) -> bool:
        """Postings between those found are left out, so that no balance runs down them."""
        return self.kind is not None or self.by_document


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting on its account's page; `balance` is the account's after it, debit positive, None in a search that
    leaves postings out."""

    number: int
    line: int
    kind: EntryKind
    booked_on: date
    fact_at: datetime
    memo: str
    source: Source
    order_number: int | None
    amount: Money
    open_item: OpenItem | None
    open_amount: Money
    balance: Money | None
    day: DaySums


@dataclass(frozen=True, slots=True)
class OpenItemRow:
    item: OpenItem
    amount: Money
    opened_on: date
    order_number: int | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    account: AccountName
    amount: Money
    open_item: OpenItem | None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry with its lines. `reverses` and `reversed_by` are journal numbers."""

    number: int
    key: str
    kind: EntryKind
    booked_on: date
    fact_at: datetime
    posted_at: datetime
    memo: str
    source: Source
    order_id: OrderId | None
    order_number: int | None
    reverses: int | None
    reversed_by: int | None
    lines: Sequence[EntryLine]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in the journal; `amount` is the sum of its debits."""

    number: int
    kind: EntryKind
    booked_on: date
    fact_at: datetime
    memo: str
    order_number: int | None
    amount: Money
    lines: int


@dataclass(frozen=True, slots=True)
class DayDecision:
    day: date
    closed: bool
    reason: str
    decided_by: str
    decided_at: datetime
    entries: int


@dataclass(frozen=True, slots=True)
class DaysState:
    """How far the books are closed, what speaks against closing further, and the last decisions, newest first."""

    closed_through: date | None
    facts: ClosingFacts
    log: Sequence[DayDecision]


EVERYTHING = PostingSearch()


class LedgerQueries(Protocol):
    def accounts(self, since: date | None, until: date) -> Sequence[AccountSums]:
        """Every account over the days from `since` (None: the first) up to `until`, by number and currency. Open
        items are as they are now."""
        ...

    def account(self, account_id: UUID, since: date | None, until: date) -> AccountSums:
        """Raises NotFound."""
        ...

    def postings(
        self, account_id: UUID, until: date, page: PageRequest, search: PostingSearch = EVERYTHING
    ) -> Page[PostingRow]:
        """The account's postings booked up to `until` that `search` asks for, newest first. Raises Invalid for a
        foreign cursor."""
        ...

    def open_items(self, account_id: UUID, page: PageRequest) -> Page[OpenItemRow]:
        """What is open on the account, oldest first. Raises Invalid for a foreign cursor."""
        ...

    def entry(self, number: int) -> EntryDetail:
        """Raises NotFound."""
        ...

    def entries(self, order_id: OrderId | None, page: PageRequest) -> Page[EntryRow]:
        """The journal, newest first; of one order where it is given. Raises Invalid for a foreign cursor."""
        ...

    def days(self, until: datetime) -> DaysState:
        """How the days stand, and what speaks against closing those that end at `until`."""
        ...
