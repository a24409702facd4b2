"""The ledger: what is posted, in one transaction with what it follows from; and what its screens read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from core.ledger.chart import OpenItem
from core.ledger.model import AccountRef, Entry, PostedEntry
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

    def open_amount(self, account: AccountRef, item: OpenItem, currency: str) -> Money:
        """What is open of `item` on `account`, debit positive; zero when it was never posted or is closed."""
        ...

    def closed_through(self) -> date | None:
        """The last closed day of the store: nothing is posted into it or any day before. None: no day is closed."""
        ...
