"""Start a cart."""

from __future__ import annotations

from dataclasses import dataclass

from core.cart.model import Cart
from core.cart.queries import CartView, view
from core.shared.hashing import digest
from core.shared.ids import CartId, ShopperId
from core.shared.permission import permission
from ports.cart import Basket
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CreateCart:
    """`shopper_id` is the account of the shopper signed in, if there is one."""

    locale: str
    shopper_id: ShopperId | None = None


@permission("storefront.cart.change", activity=False)
def create_cart(cmd: CreateCart, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> CartView:
    """An empty cart in the store's currency, with a new token that only this answer holds."""
    token = ids.secret()
    now = clock.now()
    with uow() as tx:
        store = tx.stores.current()
        cart = Cart(
            id=CartId(ids.new()),
            token_hash=digest(token),
            currency=store.currency,
            locale=cmd.locale,
            created_at=now,
            updated_at=now,
            shopper_id=cmd.shopper_id,
            version=1,
        )
        tx.carts.add(cart)
    return view(token, Basket(cart, {}, store.prices_include_tax, None), clock)
