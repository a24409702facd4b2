"""Put a product on sale, and take it off sale again."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import ProductId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PublishProduct:
    product_id: ProductId


@permission("catalog.product.publish")
def publish_product(cmd: PublishProduct, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Raises NotFound, TransitionRefused, Invalid."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        product.publish(clock.now())
        tx.products.save(product)


@dataclass(frozen=True, slots=True)
class UnpublishProduct:
    product_id: ProductId


@permission("catalog.product.publish")
def unpublish_product(cmd: UnpublishProduct, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, TransitionRefused."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        product.unpublish()
        tx.products.save(product)
