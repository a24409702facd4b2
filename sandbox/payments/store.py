"""Connections to the books and one call's view of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from sandbox.payments.settings import Settings

Books = Connection[DictRow]


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


class Store:
    """A small pool of connections, opened by the first use, so that it belongs to the worker that uses it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._guard = threading.Lock()
        self._pool: ConnectionPool[Books] | None = None

    def _opened(self) -> ConnectionPool[Books]:
        with self._guard:
            if self._pool is None:
                options: dict[str, Any] = {"row_factory": dict_row}
                self._pool = ConnectionPool(
                    self.settings.database_url,
                    kwargs=options,
                    min_size=1,
                    max_size=12,
                    timeout=20,
                    open=True,
                    name="sandbox",
                )
            return self._pool

    @contextmanager
    def transaction(self) -> Iterator[Books]:
        """One transaction: committed at the end, rolled back by any exception."""
        with self._opened().connection() as books:
            yield books

    @contextmanager
    def call(self, account: str, request_id: str | None = None, key: str | None = None) -> Iterator[Call]:
        """One transaction as an account's call, at the present business time."""
        with self.transaction() as books:
            yield Call(books, account, business_time(books), self.settings.public_url, request_id, key)

    def close(self) -> None:
        """Give the connections back."""
        with self._guard:
            if self._pool is not None:
                self._pool.close()
                self._pool = None


def business_time(books: Books) -> int:
    """Wall time plus the planted offset, in whole seconds since 1970."""
    row = books.execute("SELECT offset_seconds FROM sandbox.clock").fetchone()
    if row is None:
        raise RuntimeError("the clock's row is gone")
    return int(time.time()) + int(row["offset_seconds"])


def set_offset(books: Books, seconds: int) -> None:
    """Move business time to wall time plus `seconds`."""
    books.execute("UPDATE sandbox.clock SET offset_seconds = %s", (seconds,))
