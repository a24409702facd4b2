"""Connections to a service's books, and its movable clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

Books = Connection[DictRow]


class BookStore:
    """A small pool of connections, opened by the first use, so that it belongs to the worker that uses it."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._guard = threading.Lock()
        self._pool: ConnectionPool[Books] | None = None

    def _opened(self) -> ConnectionPool[Books]:
        with self._guard:
            if self._pool is None:
                options: dict[str, Any] = {"row_factory": dict_row}
                self._pool = ConnectionPool(
                    self._database_url, kwargs=options, min_size=1, max_size=12, timeout=20, open=True, name="sandbox"
                )
            return self._pool

    @contextmanager
    def transaction(self) -> Iterator[Books]:
        """One transaction: committed at the end, rolled back by any exception."""
        with self._opened().connection() as books:
            yield books

    def close(self) -> None:
        """Give the connections back."""
        with self._guard:
            if self._pool is not None:
                self._pool.close()
                self._pool = None


def business_time(books: Books, clock: str = "clock") -> int:
    """Wall time plus the planted offset of a service's clock table, in whole seconds since 1970."""
    statement = sql.SQL("SELECT offset_seconds FROM {}").format(sql.Identifier("sandbox", clock))
    row = books.execute(statement).fetchone()
    if row is None:
        raise RuntimeError("the clock's row is gone")
    return int(time.time()) + int(row["offset_seconds"])


def set_offset(books: Books, seconds: int, clock: str = "clock") -> None:
    """Move business time to wall time plus `seconds`."""
    books.execute(sql.SQL("UPDATE {} SET offset_seconds = %s").format(sql.Identifier("sandbox", clock)), (seconds,))
