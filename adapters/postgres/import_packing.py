"""Planned products made ready to be written: their ids, the rows for staging and what shoppers are served of them.

Nothing here asks the database, so it is done for the next products of a file while the database writes the last ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from adapters.postgres import import_staging as staging
from adapters.postgres.import_products import new_product
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product
from core.catalog.stock_state import StockState, product_state, variant_state
from core.imports.planning import ProductPlan
from core.imports.states import VariantPlan
from core.shared.ids import ProductId
from ports.clock import Clock
from ports.ids import Ids


@dataclass(slots=True)
class Packed:
    """Plans with their rows. Everything in it is written as of the instant `at`."""

    plans: Sequence[ProductPlan]
    at: datetime
    rows: staging.Rows = field(default_factory=staging.no_rows)
    created: list[ProductId] = field(default_factory=list)
    changed: list[ProductId] = field(default_factory=list)
    published: list[ProductId] = field(default_factory=list)
    withdrawn: list[ProductId] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.created or self.changed)

    @property
    def puts_on_sale(self) -> bool:
        """Whether a new product is on sale."""
        return not set(self.created).isdisjoint(self.published)


class PostgresImportPacker:
    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def pack(self, import_id: UUID, plans: Sequence[ProductPlan], currency: str) -> Packed:
        packed = Packed(plans, self._clock.now())
        for plan in plans:
            if plan.writes:
                self._add(packed, import_id, plan, currency)
        return packed

    def _add(self, packed: Packed, import_id: UUID, plan: ProductPlan, currency: str) -> None:
        new = new_product(plan, self._ids, currency, packed.at) if plan.existing is None else None
        id_ = new.id if new else ProductId(plan.id or self._ids.new())
        (packed.created if new else packed.changed).append(id_)
        self._add_status(packed, plan, id_)
        stock = [_stock_state(variant) for variant in plan.variants]
        self._add_product(packed, import_id, plan, id_, new, product_state(stock))
        self._add_variants(packed, import_id, plan, id_, new, stock)
        for at, picture in enumerate(plan.pictures):
            picture_id = new.pictures[at].id if new else picture.id or self._ids.new()
            packed.rows["picture"].append(staging.picture_line(import_id, picture_id, id_, picture))

    def _add_status(self, packed: Packed, plan: ProductPlan, id_: ProductId) -> None:
        before = plan.existing.state.status if plan.existing else ""
        after = plan.state.status if plan.state else before
        if after != before and after == ProductStatus.PUBLISHED:
            packed.published.append(id_)
        elif after != before and before == ProductStatus.PUBLISHED:
            packed.withdrawn.append(id_)

    def _add_product(
        self, packed: Packed, import_id: UUID, plan: ProductPlan, id_: ProductId, new: Product | None,
        stock: StockState | None,
    ) -> None:  # fmt: skip
        """`stock` is what a new product is written with; one that was there is put right with its documents."""
        if plan.state is not None and plan.changed:
            in_stock = _in_stock(new, plan.variants) if new else {}
            line = staging.product_line(import_id, id_, plan.state, stock, new, in_stock)
            packed.rows["product"].append(line)

    def _add_variants(
        self, packed: Packed, import_id: UUID, plan: ProductPlan, id_: ProductId, new: Product | None,
        stock: Sequence[StockState | None],
    ) -> None:  # fmt: skip
        names = plan.state.option_names if plan.state else ()
        new_id, rows = self._ids.new, packed.rows
        for at, variant in enumerate(plan.variants):
            variant_id = new.variants[at].id if new else variant.id or new_id()
            if variant.changed:
                rows["variant"].append(
                    staging.variant_line(import_id, variant_id, id_, variant, names, stock[at])
                )  # fmt: skip
            if variant.id is None or variant.stock_change:
                item_id = variant.stock_item_id or new_id()
                rows["stock"].append(staging.stock_line(import_id, item_id, id_, variant_id, variant, new_id()))


def _in_stock(new: Product, plans: Sequence[VariantPlan]) -> Mapping[UUID, bool]:
    return {
        variant.id: not variant.tracked or bool(planned.on_hand)
        for variant, planned in zip(new.variants, plans, strict=True)
    }


def _stock_state(plan: VariantPlan) -> StockState | None:
    return variant_state(plan.state.tracked, bool(plan.on_hand))
