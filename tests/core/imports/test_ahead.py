"""Reading ahead: the same items in the same order, and nothing left running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from core.imports.ahead import ahead


def test_items_come_in_order_from_another_thread() -> None:
    makers = []

    def items() -> Iterator[int]:
        for number in range(5):
            makers.append(threading.get_ident())
            yield number

    assert list(ahead(items())) == [0, 1, 2, 3, 4]
    assert threading.get_ident() not in makers


def test_what_an_item_raises_comes_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("unreadable")

    coming = ahead(items())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="unreadable"):
        next(coming)


def test_one_item_is_made_ahead_and_none_after_leaving_early() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with closing(ahead(items())) as coming:
        assert next(coming) == 0
    assert made in ([0], [0, 1])
