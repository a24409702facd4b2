"""Planned products as rows of the staging table, and their COPY into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from adapters.postgres.import_products import new_product
from adapters.postgres.session import Session
from core.catalog.documents import encode
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product
from core.catalog.stock_state import StockState, product_state, variant_state
from core.catalog.variant import sku_key, variant_title
from core.imports.planning import ProductPlan
from core.imports.states import ProductState, VariantPlan
from core.imports.words import folded
from core.shared.ids import ProductId
from core.shared.text import fold
from ports.ids import Ids

_KEYS = {"import_id": "uuid", "kind": "text", "id": "uuid", "product_id": "uuid", "position": "int4"}
# The columns that a kind of row fills, each with its type: what it doesn't fill costs nothing.
_KINDS: Mapping[str, Mapping[str, str]] = {
    "product": _KEYS | {
        "title": "text", "title_folded": "text", "slug": "text", "description_html": "text", "vendor": "text",
        "vendor_folded": "text", "product_type": "text", "tags": "text[]", "status": "text", "options": "jsonb",
        "seo_title": "text", "seo_description": "text", "stock_state": "text",
    },
    "variant": _KEYS | {
        "title": "text", "option_values": "jsonb", "sku": "text", "sku_folded": "text", "barcode": "text",
        "price_minor": "int8", "compare_at_minor": "int8", "cost_minor": "int8", "weight_grams": "int4",
        "tax_category": "text", "tracked": "bool", "requires_shipping": "bool", "stock_state": "text",
    },
    "stock": _KEYS | {
        "variant_id": "uuid", "on_hand": "int4", "change": "int4", "movement_id": "uuid", "status": "text",
    },
    "picture": _KEYS | {"source_url": "text", "title": "text"},
}  # fmt: skip
_COPIES = {
    kind: f"COPY staging.import_rows ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    for kind, columns in _KINDS.items()
}
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(slots=True)
class Staged:
    """What was staged: new products complete, so that nobody has to read them back, and the ids of others.

    `in_stock` says of each variant of the new ones whether it can be bought; it is not added up.
    """

    created: list[Product] = field(default_factory=list)
    changed: list[ProductId] = field(default_factory=list)
    published: list[ProductId] = field(default_factory=list)
    withdrawn: list[ProductId] = field(default_factory=list)
    in_stock: dict[UUID, bool] = field(default_factory=dict)

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
    rows: Rows = {kind: [] for kind in _KINDS}
    now = session.now()
    for plan in plans:
        new = new_product(plan, session.ids, currency, now) if plan.existing is None else None
        _add_rows(rows, plan, new, import_id, session.ids, staged)
    connection = cast("psycopg.Connection[Any]", session.connection.connection.driver_connection)
    with connection.cursor() as cursor:
        for kind, of_kind in rows.items():
            if of_kind:
                _copy(cursor, kind, of_kind)
    return staged


def _copy(cursor: psycopg.Cursor[Any], kind: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(_COPIES[kind]) as copy:
        copy.set_types(list(_KINDS[kind].values()))
        for row in rows:
            copy.write_row(row)


def _add_rows(
    rows: Rows, plan: ProductPlan, new: Product | None, import_id: UUID, ids: Ids, staged: Staged
) -> None:  # fmt: skip
    """The rows of one plan; `new` is the product that it makes, whose ids they take."""
    state = plan.state
    if state is None or not plan.writes:
        return
    product_id = new.id if new else ProductId(plan.id or ids.new())
    _tell(plan, state, new, product_id, staged)
    if plan.changed:
        rows["product"].append((import_id, "product", product_id, product_id, 0, *_product(state), _state_of_all(plan)))
    names = state.option_names
    for at, variant in enumerate(plan.variants):
        variant_id = new.variants[at].id if new else variant.id or ids.new()
        if variant.changed:
            keys = (import_id, "variant", variant_id, product_id, variant.position)
            rows["variant"].append((*keys, *_variant(variant, names)))
        if variant.id is None or variant.stock_change:
            keys = (import_id, "stock", variant.stock_item_id or ids.new(), product_id, 0)
            rows["stock"].append((*keys, variant_id, *_stock(variant, ids)))
    for at, picture in enumerate(plan.pictures):
        picture_id = new.pictures[at].id if new else picture.id or ids.new()
        rows["picture"].append(
            (import_id, "picture", picture_id, product_id, picture.position, picture.url, picture.alt)
        )


def _tell(plan: ProductPlan, state: ProductState, new: Product | None, id_: ProductId, staged: Staged) -> None:
    before = plan.existing.state.status if plan.existing else ""
    if new is not None:
        staged.created.append(new)
        for variant, planned in zip(new.variants, plan.variants, strict=True):
            staged.in_stock[variant.id] = not variant.tracked or bool(planned.on_hand)
    else:
        staged.changed.append(id_)
    if state.status != before and state.status == ProductStatus.PUBLISHED:
        staged.published.append(id_)
    elif state.status != before and before == ProductStatus.PUBLISHED:
        staged.withdrawn.append(id_)


def _product(state: ProductState) -> tuple[Any, ...]:
    """What stands under a product's own columns."""
    options = Jsonb([{"name": name, "values": values} for name, values in state.options], encode)
    return (
        state.title, fold(state.title), state.slug, state.description_html, state.vendor, folded(state.vendor),
        state.product_type, list(state.tags), state.status, options, state.seo_title, state.seo_description,
    )  # fmt: skip


def _state(plan: VariantPlan) -> StockState | None:
    return variant_state(plan.state.tracked, bool(plan.on_hand))


def _state_of_all(plan: ProductPlan) -> StockState | None:
    """What a new product is written with; one that was there is put right with its documents."""
    return product_state(map(_state, plan.variants))


def _variant(plan: VariantPlan, option_names: Sequence[str]) -> tuple[Any, ...]:
    state = plan.state
    values = dict(zip(option_names, state.option_values, strict=True))
    return (
        variant_title(values), Jsonb(values, encode), state.sku, sku_key(state.sku), state.barcode, state.price,
        state.compare_at, state.cost, state.grams, state.tax_category, state.tracked, state.requires_shipping,
        _state(plan),
    )  # fmt: skip


def _stock(plan: VariantPlan, ids: Ids) -> tuple[Any, ...]:
    """Units on the shelf, how many more than before, and the movement that says so."""
    on_hand = plan.on_hand or 0
    kind = "initial" if plan.id is None else "import"
    return on_hand, on_hand - plan.on_hand_before, ids.new(), kind
