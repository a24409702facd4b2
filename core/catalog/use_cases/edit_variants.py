"""Change variants alone: each has its own version, so two people may edit two variants of one product."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.errors import ProductWasChanged
from core.catalog.use_cases.checking import check_against_store
from core.catalog.use_cases.edit import VariantEdit
from core.shared.ids import ProductId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EditVariants:
    product_id: ProductId
    variants: tuple[VariantEdit, ...]


@permission("catalog.product.edit")
def edit_variants(cmd: EditVariants, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, Invalid, SkuTaken; ProductWasChanged when one of the variants was saved meanwhile."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        places = {variant.id: index for index, variant in enumerate(product.variants)}
        stale = tuple(
            f"variants.{places[edit.variant_id]}"
            for edit in cmd.variants
            if product.variant(edit.variant_id).version != edit.version
        )
        if stale:
            raise ProductWasChanged(product, stale)
        product.change_variants([(edit.variant_id, edit.content) for edit in cmd.variants])
        check_against_store(tx, product)
        tx.products.save(product)
