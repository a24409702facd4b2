"""Carts, loaded with everything that recalculating them needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.cart.model import Cart, Offer
from core.shared.ids import CartId, VariantId


@dataclass(frozen=True, slots=True)
class SessionGlance:
    """The cart's live payment session as it is shown beside the cart."""

    id: str
    method: str
    state: str
    payment_state: str
    amount_minor: int
    currency: str
    expires_at: Any
    next_action: dict[str, Any] | None


@dataclass(slots=True)
class Basket:
    """A cart, what its variants are offered for now, the store's tax setting, and its live session."""

    cart: Cart
    offers: dict[VariantId, Offer]
    prices_include_tax: bool
    session: SessionGlance | None


class CartRepository(Protocol):
    """Carts of the bound store."""

    def load(self, token_hash: bytes, *, lock: bool = False) -> Basket:
        """The cart with that token, in one statement. Raises CartNotFound."""
        ...

    def load_by_id(self, cart_id: CartId, *, lock: bool = False) -> Basket:
        """Raises CartNotFound."""
        ...

    def offers(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, Offer]:
        """What these variants are offered for now; unknown ones are left out."""
        ...

    def add(self, cart: Cart) -> None: ...

    def save(self, cart: Cart) -> None:
        """Save the cart and its lines. Raises WriteConflict when the version is stale."""
        ...


class CartQueries(Protocol):
    def load(self, token_hash: bytes) -> Basket:
        """The cart with that token, in one statement. Raises CartNotFound."""
        ...
