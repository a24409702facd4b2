"""What the file says laid over what the catalogue has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.imports.fields import PictureFields, ProductFields, VariantFields
from core.imports.states import (
    ExistingProduct,
    ExistingVariant,
    PicturePlan,
    ProductState,
    VariantPlan,
    VariantState,
)
from core.shared.text import fold
from core.shared.words import folded

TAXED, EXEMPT = "standard", "exempt"
ARCHIVED = "archived"

_NEW = VariantState((), 0)


def product_state(
    fields: ProductFields, handle: str, existing: ExistingProduct | None, variants: Sequence[VariantPlan]
) -> ProductState:
    """The product as it is wanted; `variants` are those that the file names, as planned."""
    before = existing.state if existing else ProductState(handle, fields.title or handle)
    status = fields.status or before.status
    if before.status == ARCHIVED:
        status = ARCHIVED
    names = before.option_names if existing else fields.option_names or ()
    named = {variant.id for variant in variants}
    others = [v.state for v in existing.variants if v.id not in named] if existing else []
    used = [*others, *(variant.state for variant in variants)]
    known = [values for _, values in before.options] or [()] * len(names)
    options = tuple(
        (name, _values(known[index], (state.option_values[index] for state in used)))
        for index, name in enumerate(names)
    )
    return ProductState(
        slug=before.slug,
        title=_said(fields.title, before.title),
        description_html=_said(fields.description_html, before.description_html),
        vendor=_said(fields.vendor, before.vendor),
        product_type=_said(fields.product_type, before.product_type),
        tags=before.tags if fields.tags is None else fields.tags,
        status=status,
        options=options,
        seo_title=_said(fields.seo_title, before.seo_title),
        seo_description=_said(fields.seo_description, before.seo_description),
    )


def _said(now: str | None, before: str) -> str:
    return before if now is None else now


def _values(known: Sequence[str], used: Iterable[str]) -> tuple[str, ...]:
    """The values of one option: known ones that are still used in their order, then new ones."""
    in_use = dict.fromkeys(used)
    return tuple([value for value in known if value in in_use] + [value for value in in_use if value not in known])


def variant_state(fields: VariantFields, existing: ExistingVariant | None) -> VariantState:
    """The variant as it is wanted. A new one has a price: the caller has checked."""
    before = existing.state if existing else _NEW
    price = before.price if fields.price is None else fields.price
    compare_at = fields.compare_at or before.compare_at
    if compare_at is not None and compare_at <= price:
        compare_at = None  # the sale is over: the price has reached it
    tax_category = before.tax_category
    if fields.taxable is not None and (tax_category == EXEMPT) is fields.taxable:
        tax_category = TAXED if fields.taxable else EXEMPT
    return VariantState(
        option_values=fields.option_values or before.option_values,
        price=price,
        sku=fields.sku or before.sku,
        barcode=fields.barcode or before.barcode,
        compare_at=compare_at,
        cost=before.cost if fields.cost is None else fields.cost,
        grams=before.grams if fields.grams is None else fields.grams,
        tax_category=tax_category,
        tracked=_tracked(fields, existing),
        requires_shipping=before.requires_shipping if fields.requires_shipping is None else fields.requires_shipping,
    )


def _tracked(fields: VariantFields, existing: ExistingVariant | None) -> bool:
    if fields.tracked is not None:
        return fields.tracked
    return existing.state.tracked if existing else fields.quantity is not None


def align_options(variants: Sequence[VariantFields], names: tuple[str, ...] | None, known: ProductState | None) -> bool:
    """Bring option values into the catalogue's order of options and its spelling, or into the file's first one.

    Returns False when the file's options are not those of the product.
    """
    if known is not None and names is not None:
        ours, theirs = [fold(name) for name in known.option_names], [fold(name) for name in names]
        if sorted(ours) != sorted(theirs):
            return False
        places = [theirs.index(name) for name in ours]
        for fields in variants:
            fields.option_values = tuple(fields.option_values[place] for place in places)
    spellings: dict[tuple[int, str], str] = {}
    for index, (_, values) in enumerate(known.options if known else ()):
        spellings |= {(index, folded(value)): value for value in values}
    for fields in variants:
        fields.option_values = tuple(
            spellings.setdefault((index, folded(value)), value) for index, value in enumerate(fields.option_values)
        )
    return True


def picture_plans(pictures: Sequence[PictureFields], existing: ExistingProduct | None) -> list[PicturePlan]:
    """Pictures to add behind those that are there, in the order of their positions, and texts that change."""
    known = {picture.url: picture for picture in existing.pictures if picture.url} if existing else {}
    place = max((picture.position for picture in existing.pictures), default=-1) if existing else -1
    plans = []
    for picture in sorted(pictures, key=lambda p: (p.position is None, p.position)):
        old = known.get(picture.url)
        if old is None:
            place += 1
            plans.append(PicturePlan(picture.line, None, picture.url, picture.alt or "", place))
        elif picture.alt is not None and picture.alt != old.alt:
            plans.append(PicturePlan(picture.line, old.id, picture.url, picture.alt, old.position))
    return plans
