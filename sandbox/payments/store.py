"""One call's view of the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.payments.settings import Settings
from sandbox.store import Books, BookStore, business_time, set_offset

__all__ = ["Books", "Call", "Store", "business_time", "set_offset"]


@dataclass(slots=True)
class Call:
    """Everything one operation acts with: the open transaction and whose books it writes.

    now: business time, seconds since 1970 (wall time plus the planted offset).
    """

    books: Books
    account: str
    now: int
    public_url: str
    request_id: str | None = None
    idempotency_key: str | None = None


class Store(BookStore):
    """The books with the settings of the service."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.database_url)
        self.settings = settings

    @contextmanager
    def call(self, account: str, request_id: str | None = None, key: str | None = None) -> Iterator[Call]:
        """One transaction as an account's call, at the present business time."""
        with self.transaction() as books:
            yield Call(books, account, business_time(books), self.settings.public_url, request_id, key)
