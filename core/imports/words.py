"""Cells that come again and again: option values, prices, yes and no of a catalogue are few."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from core.shared.text import fold

T = TypeVar("T")

# What is remembered is bounded both ways: a cell may have a million characters.
MANY = 4096
SHORT = 64


def remembered(read: Callable[[str], T]) -> Callable[[str], T]:
    """`read`, a function of the text alone, that knows again what it made of the latest short texts."""
    known = lru_cache(maxsize=MANY)(read)

    def look_up(text: str) -> T:
        return known(text) if len(text) <= SHORT else read(text)

    return look_up


folded = remembered(fold)
