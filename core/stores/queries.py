"""Reading stores."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.permission import permission
from core.stores.model import Store
from ports.stores import StoreFront, StoreQueries


@dataclass(frozen=True, slots=True)
class GetStore:
    """The store of the call."""


@permission("stores.store.read")
def get_store(filter_: GetStore, /, *, store_queries: StoreQueries) -> Store:
    """The settings as staff see them. Raises NotFound."""
    return store_queries.current()


@dataclass(frozen=True, slots=True)
class ShowStoreFront:
    """The store of the key."""


@permission("storefront.store.read")
def show_store_front(filter_: ShowStoreFront, /, *, store_queries: StoreQueries) -> StoreFront:
    """What shoppers may know of the store. Raises NotFound."""
    return store_queries.front()
