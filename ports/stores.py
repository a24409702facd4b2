"""Stores: their settings, delivery rates and document numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from core.stores.model import DeliveryRate, Store


class StoreRepository(Protocol):
    """The settings of the bound store."""

    def current(self) -> Store:
        """The store of the call. Raises NotFound when it does not exist."""
        ...

    def delivery_rates(self, country: str) -> Sequence[DeliveryRate]:
        """The delivery table's rows for `country`, in the order in which options are offered."""
        ...

    def replace_delivery_rates(self, rates: Sequence[DeliveryRate]) -> None:
        """Put `rates` in place of the whole table."""
        ...

    def save(self, store: Store) -> None:
        """Save the settings. Raises WriteConflict when the version is stale."""
        ...


class StoreQueries(Protocol):
    def current(self) -> Store:
        """The store of the call. Raises NotFound when it does not exist."""
        ...
