"""Folded words that come again and again: option values of a catalogue are few."""

from __future__ import annotations

from functools import lru_cache

from core.shared.text import fold

folded = lru_cache(maxsize=4096)(fold)
