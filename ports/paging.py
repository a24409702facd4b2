"""Keyset pages: a list goes on where the last row stood, however many rows arrive meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`limit` rows (1 to 100) after `cursor`, an opaque string from an earlier page; None is the start."""

    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows and the cursor of the next page, None when this is the last."""

    rows: Sequence[T]
    next: str | None = None
