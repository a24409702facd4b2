"""Keeps network calls out of database transactions, and lets tests kill the process at named points.

A unit of work marks its context while it is open; everything that talks to the outside calls `outside()` first. Each
thread has a context of its own; who asks from helper threads runs them in a copy of theirs, so that the mark is seen.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[bool] = ContextVar("transaction_open", default=False)
_lock = threading.Lock()
_seen: dict[str, int] = {}


class TransactionOpen(RuntimeError):
    """The outside world was called while a transaction was open: a bug."""


@contextmanager
def transaction() -> Iterator[None]:
    """Mark this context as being inside a transaction. Raises TransactionOpen when it already is."""
    if _open.get():
        raise TransactionOpen("transactions do not nest")
    _open.set(True)
    try:
        yield
    finally:
        _open.set(False)


def outside(what: str) -> None:
    """Declare a call to the outside world. Raises TransactionOpen inside a transaction."""
    if _open.get():
        raise TransactionOpen(f"{what} was called inside a transaction")


def reached(point: str) -> None:
    """A place where a crash must do no harm. With ECOMMERCE_FAILPOINT=`point` or `point:n` the process dies there,
    the n-th time it is reached (counted from 1), as by a power cut. ECOMMERCE_FAILPOINT_LOG names a file that is
    told every point as it is reached. ECOMMERCE_FAILPOINT_ONCE names a file for many processes with one failpoint: who
    makes it dies, the others and their successors live on; it then holds the pid of the dead."""
    if log := os.environ.get("ECOMMERCE_FAILPOINT_LOG"):
        with _lock, open(log, "a", encoding="utf-8") as file:
            file.write(f"point {point}\n")
    wanted = os.environ.get("ECOMMERCE_FAILPOINT")
    if wanted is None:
        return
    name, _, count = wanted.partition(":")
    if name != point:
        return
    with _lock:
        _seen[point] = _seen.get(point, 0) + 1
        if _seen[point] == int(count or 1) and _is_first():
            os.kill(os.getpid(), signal.SIGKILL)


def _is_first() -> bool:
    once = os.environ.get("ECOMMERCE_FAILPOINT_ONCE")
    if once is None:
        return True
    try:
        with open(once, "x", encoding="utf-8") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return False
    return True
