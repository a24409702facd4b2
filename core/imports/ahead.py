"""Reading a file on while the database writes what was read of it."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """`items`, the next one made in a thread of its own while the caller deals with the last.

    One item waits at most. Raises what making an item raised, in its place. Close it to leave early: then `items` is at
    rest, and what it reads from may be closed.
    """
    source = iter(items)
    with ThreadPoolExecutor(1, "ahead") as maker:
        coming = maker.submit(next, source, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, source, None)
            yield item
