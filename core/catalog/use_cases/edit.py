"""Change a product and its variants from what one form holds: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from core.catalog.errors import ProductWasChanged
from core.catalog.model import Product, ProductContent
from core.catalog.use_cases.checking import check_against_store
from core.catalog.variant import VariantContent
from core.shared.ids import ProductId, ProductPictureId, VariantId
from core.shared.permission import permission
from ports.html import HtmlSanitizer
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class VariantEdit:
    """What a variant becomes, and the version of it that the editor saw."""

    variant_id: VariantId
    version: int
    content: VariantContent


@dataclass(frozen=True, slots=True)
class EditProduct:
    """`version` is the product's that the editor saw. Variants that are not named stay as they are.

    `pictures` (None: they stay) brings the pictures into an order, each with its alternative text; one that is
    not named is taken away.
    """

    product_id: ProductId
    version: int
    content: ProductContent
    variants: tuple[VariantEdit, ...] = ()
    pictures: tuple[tuple[ProductPictureId, str], ...] | None = None


@permission("catalog.product.edit")
def edit_product(cmd: EditProduct, /, *, uow: UnitOfWork, html: HtmlSanitizer) -> int:
    """Returns the product's version afterwards.

    Raises NotFound, Invalid, SlugTaken, SkuTaken; ProductWasChanged, with what differs, when the product or one
    of the variants was saved since the editor saw it.
    """
    content = replace(cmd.content, description_html=html.clean(cmd.content.description_html))
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        _refuse_stale(product, cmd, content)
        product.edit(content)
        product.change_variants([(edit.variant_id, edit.content) for edit in cmd.variants])
        if cmd.pictures is not None:
            product.arrange_pictures(cmd.pictures)
        check_against_store(tx, product)
        tx.products.save(product)
    return product.version


def _refuse_stale(product: Product, cmd: EditProduct, content: ProductContent) -> None:
    stale = product.version != cmd.version or any(
        product.variant(edit.variant_id).version != edit.version for edit in cmd.variants
    )
    if stale:
        raise ProductWasChanged(product, _differing(product, cmd, content))


def _differing(product: Product, cmd: EditProduct, content: ProductContent) -> tuple[str, ...]:
    """Wire names of the fields whose saved value is not what the editor wants."""
    current = product.content()
    names = [f.name for f in fields(ProductContent) if getattr(current, f.name) != getattr(content, f.name)]
    places = {variant.id: index for index, variant in enumerate(product.variants)}
    for edit in cmd.variants:
        saved = product.variant(edit.variant_id).content()
        names += [
            f"variants.{places[edit.variant_id]}.{f.name}"
            for f in fields(VariantContent)
            if getattr(saved, f.name) != getattr(edit.content, f.name)
        ]
    return tuple(names)
