"""Say what a product's variants differ by; its variants become all combinations."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.errors import ProductWasChanged
from core.catalog.model import Option
from core.shared.ids import ProductId, VariantId
from core.shared.permission import permission
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SetOptions:
    product_id: ProductId
    version: int
    options: tuple[Option, ...]


@permission("catalog.product.edit")
def set_options(cmd: SetOptions, /, *, uow: UnitOfWork, ids: Ids) -> None:
    """Raises NotFound, Invalid, ProductWasChanged; VariantWasOrdered for a combination that has to stay."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        if product.version != cmd.version:
            raise ProductWasChanged(product, ("options",))
        product.set_options(cmd.options, lambda: VariantId(ids.new()))
        tx.products.save(product)
