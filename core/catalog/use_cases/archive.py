"""Put a product away, and bring it back as a draft."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import ProductId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ArchiveProduct:
    product_id: ProductId


@permission("catalog.product.archive")
def archive_product(cmd: ArchiveProduct, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, TransitionRefused."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        product.archive()
        tx.products.save(product)


@dataclass(frozen=True, slots=True)
class UnarchiveProduct:
    product_id: ProductId


@permission("catalog.product.archive")
def unarchive_product(cmd: UnarchiveProduct, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, TransitionRefused."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        product.unarchive()
        tx.products.save(product)
