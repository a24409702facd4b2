"""One call's view of the carrier's books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox import store
from sandbox.carrier.settings import Settings
from sandbox.store import Books, BookStore

CLOCK = "carrier_clock"


@dataclass(slots=True)
class Call:
    """Everything one operation acts with: the open transaction and whose books it writes.

    now: business time, seconds since 1970 (wall time plus the planted offset).
    """

    books: Books
    account: str
    now: int
    public_url: str


class Store(BookStore):
    """The books with the settings of the service."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.database_url)
        self.settings = settings

    @contextmanager
    def call(self, account: str) -> Iterator[Call]:
        """One transaction as an account's call, at the present business time."""
        with self.transaction() as books:
            yield Call(books, account, business_time(books), self.settings.public_url)


def business_time(books: Books) -> int:
    """The carrier's business time, in whole seconds since 1970."""
    return store.business_time(books, CLOCK)


def set_offset(books: Books, seconds: int) -> None:
    """Move business time to wall time plus `seconds`."""
    store.set_offset(books, seconds, CLOCK)


def iso(seconds: int) -> str:
    """An instant as the wire has it: `2026-11-24T12:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
