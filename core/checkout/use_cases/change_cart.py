"""Change a cart: the one use case behind every change, so that a payment under way is always ended first."""

from __future__ import annotations

from dataclasses import dataclass

from core.cart.changes import AddLine, BelongTo, CartChange, ChooseDelivery, SetAddresses
from core.cart.errors import OptionNotOffered
from core.cart.queries import CartView, view
from core.checkout.use_cases.close_payment_session import close_live_session
from core.checkout.use_cases.delivery import keep_option, take_option
from core.payments.errors import PaymentInProgress
from core.shared.errors import FieldProblem, WriteConflict
from core.shared.hashing import digest
from core.shared.ids import LineId, ShopperId
from core.shared.permission import permission
from ports.cart import Basket
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links
from ports.payments import PaymentGateways
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangeCart:
    """`version` is what the client saw, None when it does not care; `shopper_id` the account of who is signed in, None
    for a guest: to them the cart belongs from then on."""

    token: str
    change: CartChange
    version: int | None = None
    shopper_id: ShopperId | None = None


@permission("storefront.cart.change", activity=False)
def change_cart(
    cmd: ChangeCart,
    /,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> CartView:
    """Change the cart and return it recalculated.

    Raises CartNotFound, CartCompleted, WriteConflict for a stale version, what the change refuses, and
    PaymentInProgress when a payment of it can't be ended.
    """
    try:
        with uow() as tx:
            return _change(tx, cmd, clock, ids)
    except PaymentInProgress:
        with uow() as tx:
            basket = tx.carts.load(digest(cmd.token))
            session = tx.payments.session_of_cart(basket.cart.id)
    if session is not None and session.live:
        close_live_session(session, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    with uow() as tx:
        return _change(tx, cmd, clock, ids)


def _change(tx: Transaction, cmd: ChangeCart, clock: Clock, ids: Ids) -> CartView:
    basket = tx.carts.load(digest(cmd.token), lock=True)
    cart = basket.cart
    cart.refuse_unless_open()
    if cmd.version is not None and cmd.version != cart.version:
        raise WriteConflict("The cart was changed meanwhile.")
    if isinstance(cmd.change, AddLine) and cmd.change.variant_id not in basket.offers:
        basket.offers |= tx.carts.offers([cmd.change.variant_id])
    if isinstance(cmd.change, SetAddresses):
        _refuse_country(tx, cmd.change)
    line_id = LineId(ids.new())
    BelongTo(cmd.shopper_id).apply(cart, basket.offers, line_id)
    cmd.change.apply(cart, basket.offers, line_id)
    _choose_delivery(tx, basket, cmd.change, clock)
    if basket.session is not None:
        raise PaymentInProgress()  # only now: a change that is refused ends no payment
    cart.updated_at = clock.now()
    tx.carts.save(cart)
    return view(cmd.token, basket, clock)


def _refuse_country(tx: Transaction, change: SetAddresses) -> None:
    if change.shipping.country not in tx.stores.current().countries:
        problem = FieldProblem("shipping.country", "not_delivered", "The store does not deliver there.")
        raise OptionNotOffered("The store does not deliver there.", problems=(problem,))


def _choose_delivery(tx: Transaction, basket: Basket, change: CartChange, clock: Clock) -> None:
    """Take the option asked for, or see to the one chosen earlier."""
    cart = basket.cart
    if isinstance(change, ChooseDelivery):
        cart.shipping_option = take_option(tx, basket, change.option_id, clock)
    else:
        cart.shipping_option = keep_option(tx, basket, clock)
