"""What staff who pack and send must know, one statement each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries.json_rows import children
from adapters.postgres.reading import Reader
from adapters.postgres.tables.inventory import locations
from adapters.postgres.tables.logistics import fulfilment_lines, fulfilments, parcels
from adapters.postgres.tables.orders import PART_SHIPPED, TO_SHIP, order_lines, orders
from core.logistics.lifecycle import FulfilmentState
from core.orders.axes import FulfilmentStatus, PaymentStatus
from core.shared.ids import FulfilmentId, LineId, OrderId
from core.shared.money import Money
from ports.dispatch import Box, PackedLine, PackRow, WaitingOrder
from ports.paging import Page, PageRequest

_lines = children(
    sa.func.jsonb_build_object(
        "variant_id", order_lines.c.variant_id, "sku", order_lines.c.sku, "title", order_lines.c.title,
        "options", order_lines.c.options, "quantity", fulfilment_lines.c.quantity,
    ),
    (order_lines.c.position, order_lines.c.id),
    fulfilment_lines.c.store_id == fulfilments.c.store_id,
    fulfilment_lines.c.fulfilment_id == fulfilments.c.id,
    order_lines.c.store_id == fulfilment_lines.c.store_id,
    order_lines.c.id == fulfilment_lines.c.line_id,
)  # fmt: skip
_all_pieces = (
    sa.select(sa.func.sum(order_lines.c.quantity - order_lines.c.refunded_quantity))
    .where(order_lines.c.store_id == orders.c.store_id, order_lines.c.order_id == orders.c.id)
    .scalar_subquery()
)
_parcels = (
    sa.select(sa.func.count())
    .where(parcels.c.store_id == fulfilments.c.store_id, parcels.c.fulfilment_id == fulfilments.c.id)
    .scalar_subquery()
)
_PACKING = (
    sa.select(
        fulfilments.c.id, fulfilments.c.number.label("part"), orders.c.number, orders.c.placed_at,
        orders.c.shipping_address, locations.c.name.label("location"), _parcels.label("parcels"),
        _all_pieces.label("pieces"), _lines.label("lines"),
    )
    .select_from(
        fulfilments.join(
            orders, sa.and_(orders.c.store_id == fulfilments.c.store_id, orders.c.id == fulfilments.c.order_id)
        ).join(
            locations,
            sa.and_(locations.c.store_id == fulfilments.c.store_id, locations.c.id == fulfilments.c.location_id),
        )
    )
    .where(fulfilments.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.UUID))), orders.c.number.is_not(None))
    .order_by(orders.c.number, fulfilments.c.number)
)  # fmt: skip
_WEIGHTS = sa.select(order_lines.c.id, order_lines.c.weight_grams).where(
    order_lines.c.order_id == sa.bindparam("order_id"), order_lines.c.requires_shipping
)
_sizes = (parcels.c.length_mm, parcels.c.width_mm, parcels.c.height_mm)
# Ids are in the order of time, so the newest are found without looking at the others.
_newest = sa.select(parcels.c.id, *_sizes).order_by(parcels.c.id.desc()).limit(200).subquery()
_BOXES = (
    sa.select(_newest.c.length_mm, _newest.c.width_mm, _newest.c.height_mm)
    .group_by(_newest.c.length_mm, _newest.c.width_mm, _newest.c.height_mm)
    .order_by(sa.func.max(sa.cast(_newest.c.id, sa.Text)).desc())
    .limit(sa.bindparam("most"))
)
_planned = (
    sa.select(sa.func.count())
    .where(
        fulfilments.c.store_id == orders.c.store_id,
        fulfilments.c.order_id == orders.c.id,
        fulfilments.c.state == FulfilmentState.PLANNED,
    )
    .scalar_subquery()
)
_KEY = (orders.c.placed_at, orders.c.id)


class PostgresDispatchQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def packing(self, fulfilment_ids: Sequence[FulfilmentId]) -> Sequence[PackRow]:
        return [_to_pack(row) for row in self._reader.rows(_PACKING, {"ids": list(fulfilment_ids)})]

    def weights(self, order_id: OrderId) -> Mapping[LineId, int]:
        rows = self._reader.rows(_WEIGHTS, {"order_id": order_id})
        return {LineId(row["id"]): row["weight_grams"] for row in rows}

    def boxes(self, limit: int) -> Sequence[Box]:
        rows = self._reader.rows(_BOXES, {"most": limit})
        return [Box(row["length_mm"], row["width_mm"], row["height_mm"]) for row in rows]

    def waiting(self, page: PageRequest) -> Page[WaitingOrder]:
        after = None if page.cursor is None else cursors.decode_moment(page.cursor)
        both = sa.union_all(*(_oldest(which, after, page.limit + 1) for which in (TO_SHIP, PART_SHIPPED))).subquery(
            "both"
        )
        statement = (
            sa.select(orders, _planned.label("planned"))
            .join(both, both.c.id == orders.c.id)
            .where(orders.c.number.is_not(None))
            .order_by(*_KEY)
            .limit(page.limit + 1)
        )
        rows = self._reader.rows(statement)
        shown, following = rows[: page.limit], None
        if len(rows) > page.limit:
            following = cursors.encode_moment(shown[-1]["placed_at"], shown[-1]["id"])
        return Page([_to_waiting(row) for row in shown], following)


def _oldest(which: Any, after: tuple[Any, UUID] | None, at_most: int) -> sa.Select[Any]:
    statement = sa.select(orders.c.id).where(which)
    if after is not None:
        statement = statement.where(sa.tuple_(*_KEY) > sa.tuple_(*(sa.literal(value) for value in after)))
    return sa.select(statement.order_by(*_KEY).limit(at_most).subquery().c.id)


def _to_pack(row: Any) -> PackRow:
    lines = [
        PackedLine(UUID(line["variant_id"]), line["sku"], line["title"], line["options"], line["quantity"])
        for line in row["lines"] or []
    ]
    return PackRow(
        fulfilment_id=FulfilmentId(row["id"]),
        part=row["part"],
        order_number=row["number"],
        placed_at=row["placed_at"],
        address=row["shipping_address"],
        location=row["location"],
        parcels=row["parcels"],
        rest=max(0, int(row["pieces"] or 0) - sum(line.quantity for line in lines)),
        lines=lines,
    )


def _to_waiting(row: Any) -> WaitingOrder:
    address = row["shipping_address"] or {}
    return WaitingOrder(
        id=OrderId(row["id"]),
        number=row["number"],
        placed_at=row["placed_at"],
        customer_name=address.get("name") or row["customer_name"],
        postal_code=address.get("postal_code"),
        city=address.get("city"),
        region=address.get("region"),
        country=address.get("country"),
        option=row["shipping_option"],
        payment_status=PaymentStatus(row["payment_status"]),
        fulfilment_status=FulfilmentStatus(row["fulfilment_status"]),
        quantity=row["quantity"],
        planned=row["planned"],
        total=Money(row["total_minor"], row["currency"]),
    )
