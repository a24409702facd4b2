"""The order of a cart that costs nothing: there is nobody to pay, so nobody is asked."""

from __future__ import annotations

from core.cart.assessment import assess
from core.cart.model import CartState
from core.checkout.errors import NoPaymentSession
from core.checkout.snapshot import freeze, thaw
from core.checkout.use_cases.process import Buyer
from core.checkout.use_cases.readiness import hold_stock, refuse_unready
from core.inventory.model import ReservationOwner
from core.shared.hashing import digest
from core.shared.ids import OrderId
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import Transaction


def place_free_order(tx: Transaction, cart_token: str, buyer: Buyer, clock: Clock, ids: Ids) -> OrderId:
    """Turn the cart into its order, in this one transaction; the same order when it became one already.

    Raises NoPaymentSession when it costs anything, CartNotFound, CartIncomplete, CartHasProblems and
    InsufficientStock (with the lines).
    """
    basket = tx.carts.load(digest(cart_token), lock=True)
    cart, now = basket.cart, clock.now()
    placed = tx.orders.of_cart(cart.id) if cart.state is CartState.COMPLETED else None
    if placed is not None:
        return placed
    assessment = assess(cart, basket.offers, prices_include_tax=basket.prices_include_tax, now=now)
    if basket.session is not None or assessment.quote.total:
        raise NoPaymentSession()
    refuse_unready(basket, assessment)
    cart.shopper_id = buyer.shopper_id
    order = thaw(OrderId(ids.new()), cart.id, freeze(cart, basket.offers, assessment), now)
    order.placed()
    tx.orders.add(order)
    cart.complete()
    tx.carts.save(cart)
    hold_stock(tx, basket, ReservationOwner.ORDER, order.id, None)
    tx.orders.refresh_axes(order.id)
    return order.id
