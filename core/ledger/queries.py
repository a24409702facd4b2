"""Reading the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from core.shared.ids import OrderId
from core.shared.permission import permission
from ports.ledger_queries import (
    EVERYTHING,
    AccountSums,
    DaysState,
    EntryDetail,
    EntryRow,
    LedgerQueries,
    OpenItemRow,
    PostingRow,
    PostingSearch,
)
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class ListAccounts:
    """Days are the store's, both ends included; `since` None begins with the first."""

    until: date
    since: date | None = None


@permission("ledger.entry.read")
def list_accounts(filter_: ListAccounts, /, *, ledger_queries: LedgerQueries) -> Sequence[AccountSums]:
    """Every account with its balance before, movement and balance after the span of days."""
    return ledger_queries.accounts(filter_.since, filter_.until)


@dataclass(frozen=True, slots=True)
class GetAccount:
    account_id: UUID
    until: date
    since: date | None = None


@permission("ledger.entry.read")
def get_account(filter_: GetAccount, /, *, ledger_queries: LedgerQueries) -> AccountSums:
    """Raises NotFound."""
    return ledger_queries.account(filter_.account_id, filter_.since, filter_.until)


@dataclass(frozen=True, slots=True)
class ListPostings:
    account_id: UUID
    until: date
    page: PageRequest = field(default_factory=PageRequest)
    search: PostingSearch = EVERYTHING


@permission("ledger.entry.read")
def list_postings(filter_: ListPostings, /, *, ledger_queries: LedgerQueries) -> Page[PostingRow]:
    """An account's postings with its running balance, newest first. Raises Invalid."""
    return ledger_queries.postings(filter_.account_id, filter_.until, filter_.page, filter_.search)


@dataclass(frozen=True, slots=True)
class ListOpenItems:
    account_id: UUID
    page: PageRequest = field(default_factory=PageRequest)


@permission("ledger.entry.read")
def list_open_items(filter_: ListOpenItems, /, *, ledger_queries: LedgerQueries) -> Page[OpenItemRow]:
    """What is open on an account, oldest first. Raises Invalid."""
    return ledger_queries.open_items(filter_.account_id, filter_.page)


@dataclass(frozen=True, slots=True)
class GetEntry:
    number: int


@permission("ledger.entry.read")
def get_entry(filter_: GetEntry, /, *, ledger_queries: LedgerQueries) -> EntryDetail:
    """Raises NotFound."""
    return ledger_queries.entry(filter_.number)


@dataclass(frozen=True, slots=True)
class ListEntries:
    order_id: OrderId | None = None
    page: PageRequest = field(default_factory=PageRequest)


@permission("ledger.entry.read")
def list_entries(filter_: ListEntries, /, *, ledger_queries: LedgerQueries) -> Page[EntryRow]:
    """The journal, newest first. Raises Invalid."""
    return ledger_queries.entries(filter_.order_id, filter_.page)


@dataclass(frozen=True, slots=True)
class WatchDays:
    """`until`: the end of the day that may be closed."""

    until: datetime


@permission("ledger.entry.read")
def watch_days(filter_: WatchDays, /, *, ledger_queries: LedgerQueries) -> DaysState:
    """How far the books are closed, and what speaks against closing further."""
    return ledger_queries.days(filter_.until)
