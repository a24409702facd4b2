"""Words that come again and again: the option values, prices, SKUs and names of a catalogue are few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from core.shared.text import fold

T = TypeVar("T")

# What is remembered is bounded both ways: a text may have a million characters.
MANY = 16_384
SHORT = 64


class _Known(dict[str, T], Generic[T]):
    """What was read of short texts. Once it has MANY of them it begins anew."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T:
        value = self._read(text)
        if len(text) <= SHORT:
            if len(self) >= MANY:
                self.clear()
            self[text] = value
        return value


def remembered(read: Callable[[str], T]) -> Callable[[str], T]:
    """`read`, a function of the text alone, that knows again what it made of short texts."""
    return _Known(read).__getitem__


folded = remembered(fold)
