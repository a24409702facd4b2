"""Planned products as rows of the staging table, and their COPY into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from adapters.postgres.import_products import new_product
from adapters.postgres.session import Session
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product
from core.catalog.variant import sku_key, variant_title
from core.imports.planning import ProductPlan
from core.imports.states import PicturePlan, ProductState, VariantPlan
from core.shared.ids import ProductId
from core.shared.text import fold
from ports.ids import Ids

_TYPES = {
    "import_id": "uuid", "kind": "text", "id": "uuid", "product_id": "uuid", "position": "int4", "title": "text",
    "title_folded": "text", "slug": "text", "description_html": "text", "vendor": "text", "vendor_folded": "text",
    "product_type": "text", "tags": "text[]", "status": "text", "options": "jsonb", "seo_title": "text",
    "seo_description": "text", "option_values": "jsonb", "sku": "text", "sku_folded": "text", "barcode": "text",
    "price_minor": "int8", "compare_at_minor": "int8", "cost_minor": "int8", "weight_grams": "int4",
    "tax_category": "text", "tracked": "bool", "requires_shipping": "bool", "variant_id": "uuid",
    "movement_id": "uuid", "on_hand": "int4", "change": "int4", "source_url": "text",
}  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_TYPES)}
_EMPTY: tuple[Any, ...] = (None,) * len(_TYPES)
_COPY = f"COPY staging.import_rows ({', '.join(_TYPES)}) FROM STDIN (FORMAT BINARY)"


@dataclass(slots=True)
class Staged:
    """What was staged: new products complete, so that nobody has to read them back, and the ids of others."""

    created: list[Product] = field(default_factory=list)
    changed: list[ProductId] = field(default_factory=list)
    published: list[ProductId] = field(default_factory=list)
    withdrawn: list[ProductId] = field(default_factory=list)

    @property
    def product_ids(self) -> list[ProductId]:
        return [product.id for product in self.created] + self.changed

    def add(self, other: Staged) -> None:
        self.created += other.created
        self.changed += other.changed
        self.published += other.published
        self.withdrawn += other.withdrawn


def stage(session: Session, import_id: UUID, plans: Sequence[ProductPlan], currency: str) -> Staged:
    """COPY everything that `plans` write into the staging table; prices are in `currency`."""
    staged = Staged()
    now = session.now()
    connection = cast("psycopg.Connection[Any]", session.connection.connection.driver_connection)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(list(_TYPES.values()))
        for plan in plans:
            new = new_product(plan, session.ids, currency, now) if plan.existing is None else None
            for row in _rows(plan, new, import_id, session.ids, staged):
                copy.write_row(row)
    return staged


def _row(import_id: UUID, kind: str, id_: UUID, product_id: UUID, **values: Any) -> list[Any]:
    row = list(_EMPTY)
    row[:4] = import_id, kind, id_, product_id
    row[4] = 0
    for name, value in values.items():
        row[_PLACES[name]] = value
    return row


def _rows(plan: ProductPlan, new: Product | None, import_id: UUID, ids: Ids, staged: Staged) -> Iterable[list[Any]]:
    """The rows of one plan; `new` is the product that it makes, whose ids they take."""
    state = plan.state
    if state is None or not plan.writes:
        return
    product_id = new.id if new else ProductId(plan.id or ids.new())
    _tell(plan, state, new, product_id, staged)
    if plan.changed:
        yield _product_row(import_id, product_id, state)
    for at, variant in enumerate(plan.variants):
        variant_id = new.variants[at].id if new else variant.id or ids.new()
        yield from _variant_rows(import_id, product_id, variant_id, variant, state, ids)
    for at, picture in enumerate(plan.pictures):
        picture_id = new.pictures[at].id if new else picture.id or ids.new()
        yield _picture_row(import_id, product_id, picture_id, picture)


def _tell(plan: ProductPlan, state: ProductState, new: Product | None, id_: ProductId, staged: Staged) -> None:
    before = plan.existing.state.status if plan.existing else ""
    if new is not None:
        staged.created.append(new)
    else:
        staged.changed.append(id_)
    if state.status != before and state.status == ProductStatus.PUBLISHED:
        staged.published.append(id_)
    elif state.status != before and before == ProductStatus.PUBLISHED:
        staged.withdrawn.append(id_)


def _product_row(import_id: UUID, product_id: UUID, state: ProductState) -> list[Any]:
    return _row(
        import_id, "product", product_id, product_id,
        title=state.title, title_folded=fold(state.title), slug=state.slug, description_html=state.description_html,
        vendor=state.vendor, vendor_folded=fold(state.vendor), product_type=state.product_type,
        tags=list(state.tags), status=state.status,
        options=Jsonb([{"name": name, "values": list(values)} for name, values in state.options]),
        seo_title=state.seo_title, seo_description=state.seo_description,
    )  # fmt: skip


def _variant_rows(
    import_id: UUID, product_id: UUID, variant_id: UUID, plan: VariantPlan, product: ProductState, ids: Ids
) -> Iterator[list[Any]]:
    state = plan.state
    if plan.changed:
        values = dict(zip(product.option_names, state.option_values, strict=True))
        yield _row(
            import_id, "variant", variant_id, product_id,
            position=plan.position, title=variant_title(values), option_values=Jsonb(values), sku=state.sku,
            sku_folded=sku_key(state.sku), barcode=state.barcode, price_minor=state.price,
            compare_at_minor=state.compare_at, cost_minor=state.cost, weight_grams=state.grams,
            tax_category=state.tax_category, tracked=state.tracked, requires_shipping=state.requires_shipping,
        )  # fmt: skip
    if plan.id is None or plan.stock_change:
        on_hand = plan.on_hand or 0
        yield _row(
            import_id, "stock", plan.stock_item_id or ids.new(), product_id,
            variant_id=variant_id, on_hand=on_hand, change=on_hand - plan.on_hand_before, movement_id=ids.new(),
            status="initial" if plan.id is None else "import",
        )  # fmt: skip


def _picture_row(import_id: UUID, product_id: UUID, picture_id: UUID, plan: PicturePlan) -> list[Any]:
    return _row(
        import_id, "picture", picture_id, product_id,
        position=plan.position, source_url=plan.url, title=plan.alt,
    )  # fmt: skip
