"""Order a product's pictures, describe them, take some away."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import ProductId, ProductPictureId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ArrangePictures:
    """Pictures in their new order, each with its alternative text; one that is not named is taken away."""

    product_id: ProductId
    pictures: tuple[tuple[ProductPictureId, str], ...]


@permission("catalog.product.edit")
def arrange_pictures(cmd: ArrangePictures, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound."""
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        product.arrange_pictures(cmd.pictures)
        tx.products.save(product)
