"""What carriers are asked about a cart: one parcel in the store's box, as heavy as what is in the cart. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.cart.assessment import needs_delivery, weight_grams
from core.cart.carrier_answers import DeliveryQuestion
from core.cart.model import Cart, Offer
from core.logistics.packing import FIRST_BOX, UNKNOWN_GRAMS
from core.shared.ids import VariantId
from core.stores.model import Store

STEP_GRAMS = 50  # carts that weigh nearly the same ask the same, and none is told lighter than it is


def delivery_question(store: Store, cart: Cart, offers: Mapping[VariantId, Offer]) -> DeliveryQuestion | None:
    """The cart's question; None when the store offers no carriers' prices or has no address to send from, and when
    there is nothing to deliver or nobody has said where."""
    to = cart.shipping_address
    if not store.carrier_rates or store.origin is None or to is None or not needs_delivery(cart, offers):
        return None
    grams = weight_grams(cart, offers) or UNKNOWN_GRAMS
    return DeliveryQuestion(
        origin=store.origin,
        # A price needs to know where, not who: name, telephone and tax id stay here until postage is bought.
        destination=replace(to, name="", company=None, phone=None, tax_id=None),
        grams=-(-grams // STEP_GRAMS) * STEP_GRAMS,
        box=store.box or FIRST_BOX,
        currency=cart.currency,
    )
