"""Products of the bound store, with their variants and pictures."""

from __future__ import annotations

from typing import Protocol


class ProductRepository(Protocol):
    """Products of the bound store, with their variants and pictures."""
