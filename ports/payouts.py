"""Payouts as screens read them: each explained to the cent, and what is not paid out yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.reconciliation.kinds import ExceptionKind
from core.shared.ids import ExceptionId, OrderId, PaymentAccountId, PaymentId, PayoutId, ProviderLineId
from core.shared.money import BASIS_POINTS, Money, round_half_even
from ports.paging import Page, PageRequest
from ports.settlements import LineCategory, PayoutStatus


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout in the list. `net` is the sum of its lines, `remainder` the payout less that: zero when each cent is
    explained. `gross` are sales less what of them was let go, `fees`, `refunds` and `disputes` are negative as a rule;
    `other` is the rest of `net` (reserves, adjustments). `complete`: all its lines are known."""

    id: PayoutId
    reference: str
    account_id: PaymentAccountId
    account_name: str
    provider: str
    status: PayoutStatus
    amount: Money
    arrival_on: date
    created_at: datetime
    bank_reference: str | None
    failure_code: str | None
    complete: bool
    lines: int
    gross: Money
    fees: Money
    refunds: Money
    disputes: Money
    other: Money
    net: Money
    remainder: Money
    open_exceptions: int


class PartKind(StrEnum):
    """What a row of the explanation is about, in the order of the page. `returned`: an earlier payout came back."""

    SALES = "sales"
    FEES = "fees"
    REFUNDS = "refunds"
    REFUND_FAILURES = "refund_failures"
    DISPUTES = "disputes"
    DISPUTE_FEES = "dispute_fees"
    RESERVES = "reserves"
    RETURNED = "returned"
    ADJUSTMENTS = "adjustments"
    DUPLICATES = "duplicates"
    REMAINDER = "remainder"


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """One row from sales to payout. `theirs` is what the provider lists, `ours` what our books have for it; of fees it
    is the contract's. `method` is set on sales. `exceptions` explain the difference."""

    kind: PartKind
    method: str | None
    lines: int
    theirs: Money
    ours: Money
    exceptions: Sequence[ExceptionId] = ()

    @property
    def difference(self) -> Money:
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class PostedLine:
    """An entry of the ledger about the payout: its number and kind, with its postings summed by account."""

    number: int
    entry_id: UUID
    kind: str
    booked_on: date
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class RunRow:
    """One comparison. `counts` are lines taken in, matches by pass, exceptions by kind; `failure` why it ended."""

    id: UUID
    account_id: PaymentAccountId
    account_name: str
    state: str
    trigger: str
    dry_run: bool
    rule_version: int
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]
    failure: str | None


@dataclass(frozen=True, slots=True)
class PayoutDetail:
    """The page and the printed report of one payout.

    `expected` is what our books have for its lines, `listed` the sum of the provider's lines, `row.amount` what was
    paid out. `parts` add up to `row.amount`: the last is the remainder, zero when every cent is explained.
    """

    row: PayoutRow
    expected: Money
    listed: Money
    parts: Sequence[PayoutPart]
    entries: Sequence[PostedLine]
    last_run: RunRow | None
    undecided: int
    matched: int


class LineFilter(StrEnum):
    UNDECIDED = "undecided"
    MATCHED = "matched"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A provider's line beside what our books have. `ours_*` are None where nothing is matched; `fee` is negative.

    `match_pass` says why the two belong together, `reason` why the group came to be, `rule_version` by which rules.
    The exception is the line's own; one that is open goes before one that was explained.
    """

    id: ProviderLineId
    external_id: str
    category: LineCategory
    raw_category: str
    method: str | None
    description: str
    created_at: datetime
    source_reference: str | None
    gross: Money
    fee: Money
    net: Money
    ours_gross: Money | None
    ours_fee: Money | None
    ours_at: datetime | None
    payment_id: PaymentId | None
    order_id: OrderId | None
    order_number: int | None
    match_pass: str | None
    reason: str | None
    rule_version: int | None
    exception_id: ExceptionId | None
    exception_kind: ExceptionKind | None
    exception_open: bool = False


@dataclass(frozen=True, slots=True)
class UnpaidBucket:
    """Lines in no payout yet, by account and age in whole days: from `days_from` up to, but not with, `days_to` (None:
    no end)."""

    account_id: PaymentAccountId
    account_name: str
    days_from: int
    days_to: int | None
    lines: int
    gross: Money
    fees: Money
    net: Money


@dataclass(frozen=True, slots=True)
class MethodFees:
    """What a payment method cost: `fees` as the provider kept them, `expected` by contract (None: no contract is
    written down), `basis_points` of the gross."""

    account_id: PaymentAccountId
    account_name: str
    method: str
    payments: int
    gross: Money
    fees: Money
    expected: Money | None

    @property
    def basis_points(self) -> int:
        return round_half_even(BASIS_POINTS * self.fees.minor, self.gross.minor) if self.gross.minor > 0 else 0


@dataclass(frozen=True, slots=True)
class SettlementAccount:
    """A payment account whose money can be compared. `last_run_at` is when that was last begun, None before."""

    id: PaymentAccountId
    name: str
    provider: str
    last_run_at: datetime | None


@dataclass(frozen=True, slots=True)
class PayoutFilter:
    """None asks for all. Payouts that arrive from `since` on and before `until`, which is not included (days as the
    provider counts them)."""

    account_id: PaymentAccountId | None = None
    since: date | None = None
    until: date | None = None


class PayoutQueries(Protocol):
    """What finance screens read of payouts; one statement each, of the bound store."""

    def list(self, filter_: PayoutFilter, page: PageRequest) -> Page[PayoutRow]:
        """Newest arrival first, by keyset."""
        ...

    def get(self, payout_id: PayoutId) -> PayoutDetail:
        """Raises NotFound."""
        ...

    def lines(self, payout_id: PayoutId, which: LineFilter, page: PageRequest) -> Page[PayoutLine]:
        """The payout's lines, undecided first, then oldest first, by keyset. Limits above MAX_LIMIT are refused by
        callers, except for the report, which asks page by page."""
        ...

    def unpaid(self, now: datetime) -> Sequence[UnpaidBucket]:
        """What is not paid out yet, by account and age."""
        ...

    def fees(self, since: date, until: date) -> Sequence[MethodFees]:
        """Fees by account and method of lines from `since` up to, but not with, `until` (days in UTC)."""
        ...

    def runs(self, page: PageRequest, since: datetime | None, before: datetime | None) -> Page[RunRow]:
        """Comparisons that were begun from `since` on and before `before`, newest first, by keyset."""
        ...

    def accounts(self) -> Sequence[SettlementAccount]:
        """Enabled payment accounts by name, but those whose money is recorded by hand."""
        ...
