"""A planned new product as the catalogue's model has it: what its documents are made from without reading it back."""

from __future__ import annotations

from datetime import datetime

from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Option, Product, ProductPicture
from core.catalog.variant import Variant
from core.imports.planning import ProductPlan
from core.imports.states import ProductState, VariantPlan
from core.shared.ids import ProductId, ProductPictureId, VariantId
from core.shared.money import Money
from ports.ids import Ids


def new_product(plan: ProductPlan, ids: Ids, currency: str, at: datetime) -> Product | None:
    """The product that `plan` makes, with new ids and prices in `currency`; None when it makes none."""
    state = plan.state
    if state is None:
        return None
    status = ProductStatus(state.status)
    return Product(
        id=ProductId(ids.new()),
        slug=state.slug,
        title=state.title,
        created_at=at,
        updated_at=at,
        description_html=state.description_html,
        vendor=state.vendor,
        product_type=state.product_type,
        tags=state.tags,
        status=status,
        options=tuple(Option(name, values) for name, values in state.options),
        seo_title=state.seo_title,
        seo_description=state.seo_description,
        published_at=at if status is ProductStatus.PUBLISHED else None,
        variants=[_variant(variant, state, VariantId(ids.new()), currency) for variant in plan.variants],
        pictures=[
            ProductPicture(ProductPictureId(ids.new()), picture.alt, None, picture.url) for picture in plan.pictures
        ],
    )


def _variant(plan: VariantPlan, product: ProductState, id_: VariantId, currency: str) -> Variant:
    state = plan.state
    return Variant(
        id=id_,
        position=plan.position,
        option_values=dict(zip(product.option_names, state.option_values, strict=True)),
        price=Money(state.price, currency),
        sku=state.sku,
        barcode=state.barcode,
        compare_at=None if state.compare_at is None else Money(state.compare_at, currency),
        cost=None if state.cost is None else Money(state.cost, currency),
        weight_grams=state.grams,
        tax_category=state.tax_category,
        tracked=state.tracked,
        requires_shipping=state.requires_shipping,
    )
