"""Reading carts."""

from __future__ import annotations

from dataclasses import dataclass

from core.cart.assessment import Assessment, assess
from core.shared.hashing import digest
from core.shared.permission import permission
from ports.cart import Basket, CartQueries
from ports.clock import Clock


@dataclass(frozen=True, slots=True)
class GetCart:
    token: str


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as it stands now. `token` is the caller's own; only its digest is stored."""

    token: str
    basket: Basket
    assessment: Assessment


def view(token: str, basket: Basket, clock: Clock) -> CartView:
    """`basket` recalculated."""
    assessed = assess(basket.cart, basket.offers, prices_include_tax=basket.prices_include_tax, now=clock.now())
    return CartView(token, basket, assessed)


@permission("storefront.cart.read")
def get_cart(filter_: GetCart, /, *, cart_queries: CartQueries, clock: Clock) -> CartView:
    """The cart with that token, recalculated. Raises CartNotFound."""
    return view(filter_.token, cart_queries.load(digest(filter_.token)), clock)
