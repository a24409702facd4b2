"""Delete a product that was never ordered."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import ProductId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DeleteProduct:
    product_id: ProductId


@permission("catalog.product.delete")
def delete_product(cmd: DeleteProduct, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, ProductWasOrdered, ProductIsReserved."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        product.delete()
        tx.products.delete(product)
