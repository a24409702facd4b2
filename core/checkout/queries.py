"""Reading what a checkout offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.cart.model import ShippingOption
from core.checkout.use_cases.change_cart import delivery_options
from core.shared.hashing import digest
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ListDeliveryOptions:
    cart_token: str


@permission("storefront.cart.read")
def list_delivery_options(
    filter_: ListDeliveryOptions, /, *, uow: UnitOfWork, clock: Clock
) -> Sequence[ShippingOption]:
    """How the cart can be delivered; empty without an address, or when nothing has to be shipped.

    Raises CartNotFound.
    """
    with uow() as tx:
        return delivery_options(tx, tx.carts.load(digest(filter_.cart_token)), clock)
