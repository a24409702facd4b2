"""Make a new product, as a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.catalog.model import Option, Product, ProductContent
from core.catalog.use_cases.checking import check_against_store
from core.catalog.variant import Variant, VariantContent
from core.shared.ids import ProductId, VariantId
from core.shared.permission import permission
from core.shared.text import slugify
from ports.clock import Clock
from ports.html import HtmlSanitizer
from ports.ids import Ids
from ports.inventory import MovementKind
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewVariant:
    """A variant and how many units of it are there from the start."""

    content: VariantContent
    on_hand: int = 0


@dataclass(frozen=True, slots=True)
class CreateProduct:
    """An empty `content.slug` is made from the name. `options` may be empty, then there is one variant."""

    content: ProductContent
    variants: tuple[NewVariant, ...]
    options: tuple[Option, ...] = ()


@permission("catalog.product.create")
def create_product(cmd: CreateProduct, /, *, uow: UnitOfWork, clock: Clock, ids: Ids, html: HtmlSanitizer) -> ProductId:
    """Returns the new product's id. Raises Invalid, SlugTaken, SkuTaken."""
    content = replace(cmd.content, description_html=html.clean(cmd.content.description_html))
    with uow() as tx:
        if not content.slug:
            content = replace(content, slug=tx.products.free_slug(slugify(content.title)[:200] or "product"))
        product = Product.create(
            ProductId(ids.new()),
            content,
            cmd.options,
            [_variant(VariantId(ids.new()), at, new.content) for at, new in enumerate(cmd.variants)],
            clock.now(),
        )
        check_against_store(tx, product)
        tx.products.add(product)
        for variant, new in zip(product.variants, cmd.variants, strict=True):
            if new.on_hand:
                tx.stock.adjust(variant.id, None, new.on_hand, MovementKind.INITIAL, "")
    return product.id


def _variant(id_: VariantId, position: int, content: VariantContent) -> Variant:
    variant = Variant(id=id_, position=position, option_values={}, price=content.price)
    variant.apply(content)
    return variant
