"""A cart: lines, contact, addresses and the chosen delivery option. Totals are always recalculated."""

from __future__ import annotations

from enum import StrEnum


class CartState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
