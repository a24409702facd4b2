"""Stores: their settings, delivery rates and document numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.shared.ids import LocationId
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


@dataclass(frozen=True, slots=True)
class StoreFront:
    """What shoppers may know of a store: its settings and the methods it takes, in the order they are offered."""

    store: Store
    payment_methods: tuple[str, ...]


class StoreQueries(Protocol):
    def current(self) -> Store:
        """The store of the call. Raises NotFound when it does not exist."""
        ...

    def front(self) -> StoreFront:
        """The store of the call with the methods of its enabled accounts. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class NewStore:
    """What a store begins with beside its settings: a place for its stock, its series of numbers."""

    store: Store
    location_id: LocationId
    location_name: str
    first_order_number: int = 1001


class StoreMaker(Protocol):
    """Stores as the platform sees them."""

    def add(self, new: NewStore) -> None:
        """Raises SlugTaken."""
        ...

    def by_slug(self, slug: str) -> Store | None: ...

    def all(self) -> Sequence[Store]:
        """Every store, oldest first."""
        ...
