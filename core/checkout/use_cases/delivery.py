"""A cart's delivery options inside a transaction: what the table offers, and what carriers have answered before."""

from __future__ import annotations

from dataclasses import replace

from core.cart.assessment import needs_delivery, weight_grams
from core.cart.carrier_answers import STALE, answer_id, find_option
from core.cart.delivery import options
from core.cart.errors import OptionNotOffered
from core.cart.model import CarrierOffer, ShippingOption
from core.checkout.delivery_question import delivery_question
from core.shared.errors import FieldProblem
from ports.cart import Basket
from ports.clock import Clock
from ports.unit_of_work import Transaction


def table_options(tx: Transaction, basket: Basket, clock: Clock) -> list[ShippingOption]:
    """What the store's delivery table offers for the cart as it is; nothing without an address."""
    cart = basket.cart
    if cart.shipping_address is None or not needs_delivery(cart, basket.offers):
        return []
    return options(
        tx.stores.delivery_rates(cart.shipping_address.country),
        cart.shipping_address,
        weight_grams(cart, basket.offers),
        cart.currency,
        clock.now(),
    )


def take_option(tx: Transaction, basket: Basket, option_id: str, clock: Clock) -> ShippingOption:
    """The option of that id as it is offered for the cart now. Raises OptionNotOffered."""
    chosen = _find(tx, basket, option_id, clock)
    if chosen is None:
        raise OptionNotOffered(problems=(FieldProblem("id", "not_offered", OptionNotOffered.__doc__ or ""),))
    return chosen


def keep_option(tx: Transaction, basket: Basket, clock: Clock) -> ShippingOption | None:
    """The option chosen earlier, after the cart has changed. The table's is priced anew, and let go when it applies no
    more. A carrier's stays while it answers what the cart asks; else it is over, until it is chosen anew."""
    kept, cart = basket.cart.shipping_option, basket.cart
    if kept is None or kept.offer is None:
        return None if kept is None else _find(tx, basket, kept.id, clock)
    if cart.shipping_address is None or not needs_delivery(cart, basket.offers):
        return None
    if _still_asked(tx, basket, kept.offer):
        return kept
    return replace(kept, expires_at=min(kept.expires_at, clock.now()))


def _find(tx: Transaction, basket: Basket, option_id: str, clock: Clock) -> ShippingOption | None:
    wanted = answer_id(option_id)
    if wanted is None:
        return next((option for option in table_options(tx, basket, clock) if option.id == option_id), None)
    question = delivery_question(tx.stores.current(), basket.cart, basket.offers)
    if question is None:
        return None
    now = clock.now()
    return find_option(tx.carrier_answers.known(question.key, now - STALE, wanted), option_id, now)


def _still_asked(tx: Transaction, basket: Basket, offer: CarrierOffer) -> bool:
    question = delivery_question(tx.stores.current(), basket.cart, basket.offers)
    return question is not None and question.key == offer.question
