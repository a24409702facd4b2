"""Journal entries: balanced postings that are never changed. A correction is one more entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from core.ledger.chart import AccountCode, OpenItem
from core.ledger.errors import Unbalanced
from core.shared.ids import OrderId, PaymentAccountId
from core.shared.money import Money


class EntryKind(StrEnum):
    """The fact that an entry posts: the rows of the posting table."""

    CAPTURE = "capture"
    REFUND = "refund"
    REFUND_REVERSED = "refund_reversed"
    GOODS_LEFT = "goods_left"
    GOODS_BACK = "goods_back"
    LABEL = "label"
    LABEL_VOIDED = "label_voided"
    FEE = "fee"
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout_failed"
    BANK = "bank"
    DISPUTE = "dispute"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_WON = "dispute_won"
    DISPUTE_FEE = "dispute_fee"
    RESERVE_HELD = "reserve_held"
    RESERVE_RELEASED = "reserve_released"
    CLOSING_ITEM = "closing_item"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account by its place in the chart. Provider clearing has one per payment account."""

    code: AccountCode
    payment_account_id: PaymentAccountId | None = None

    def __post_init__(self) -> None:
        if (self.payment_account_id is not None) != (self.code is AccountCode.CLEARING):
            raise ValueError("provider clearing names its payment account, no other account does")


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry: `amount` is a debit when positive, a credit when negative."""

    account: AccountRef
    amount: Money
    open_item: OpenItem | None = None


class SourceType(StrEnum):
    """The document an entry comes from. `id` is ours where we keep the document, the provider's otherwise."""

    PAYMENT_OPERATION = "payment_operation"
    FULFILMENT = "fulfilment"
    SHIPMENT = "shipment"
    PROVIDER_LINE = "provider_line"
    PAYOUT = "payout"
    DISPUTE = "dispute"
    EXCEPTION = "exception"
    BANK_LINE = "bank_line"


@dataclass(frozen=True, slots=True)
class Source:
    type: SourceType
    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry to be posted. `key` is the fact's own and unique in the store, so a replay posts nothing.

    :param fact_at: when it happened (UTC); the store's day of it is booked, or the first open one after it
    :param order_id: the order it is about, if it is about one
    :param reverses: the key of the entry that this one takes back; an entry is taken back at most once
    :param memo: a few words for people, empty where the kind says it all
    :raises Unbalanced: for fewer than two postings, a zero one, or a sum that is not zero in each currency
    """

    key: str
    kind: EntryKind
    fact_at: datetime
    source: Source
    postings: tuple[Posting, ...]
    order_id: OrderId | None = None
    reverses: str | None = None
    memo: str = ""

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise Unbalanced(f"{self.key}: {len(self.postings)} posting(s)")
        if not all(posting.amount for posting in self.postings):
            raise Unbalanced(f"{self.key}: a posting of nothing")
        sums: dict[str, int] = defaultdict(int)
        for posting in self.postings:
            sums[posting.amount.currency] += posting.amount.minor
        if any(sums.values()):
            raise Unbalanced(f"{self.key}: {dict(sums)}")


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as the books keep it: numbered in the store without gaps, booked on a day of the store."""

    id: UUID
    number: int
    booked_on: date
    entry: Entry


def booking_day(fact_at: datetime, time_zone: str, closed_through: date | None) -> date:
    """The store's day of the fact, or the first open day after it: what is closed stays closed."""
    day = fact_at.astimezone(ZoneInfo(time_zone)).date()
    if closed_through is not None and day <= closed_through:
        return closed_through + timedelta(days=1)
    return day


def mirrored(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """The postings that take `postings` back."""
    return tuple(Posting(p.account, -p.amount, p.open_item) for p in postings)
