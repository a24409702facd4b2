"""People and machines: shoppers, staff, keys."""

from __future__ import annotations

from typing import Protocol


class ShopperRepository(Protocol):
    """Customers' accounts of the bound store, and their sessions."""


class KeyRepository(Protocol):
    """API keys of the bound store."""
