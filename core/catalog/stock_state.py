"""How variants and products stand for sale: what lists of stock are filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class StockState(StrEnum):
    """Whether units are left; what is not tracked is in neither state."""

    IN_STOCK = "in_stock"
    SOLD_OUT = "sold_out"


def variant_state(tracked: bool, in_stock: bool) -> StockState | None:
    """The state of a variant of which units are left (`in_stock`) or none; None when it is not tracked."""
    if not tracked:
        return None
    return StockState.IN_STOCK if in_stock else StockState.SOLD_OUT


def product_state(variants: Iterable[StockState | None]) -> StockState | None:
    """The state of a product: in stock while any tracked variant is, None when no variant is tracked."""
    states = set(variants)
    return next((state for state in StockState if state in states), None)
