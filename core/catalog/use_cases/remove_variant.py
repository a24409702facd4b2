"""Take a variant away that was never ordered."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import VariantId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RemoveVariant:
    variant_id: VariantId


@permission("catalog.product.edit")
def remove_variant(cmd: RemoveVariant, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, VariantWasOrdered, ProductIsReserved; Invalid for the last variant."""
    with uow() as tx:
        product = tx.products.of_variant(cmd.variant_id)
        product.remove_variant(cmd.variant_id)
        tx.products.save(product)
