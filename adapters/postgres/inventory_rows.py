"""Stock items beside their variants: made with them, cleared before they go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.session import Session
from adapters.postgres.tables.inventory import locations, reservations, stock_items
from core.inventory.model import ReservationState, StockItem
from core.shared.errors import NotFound
from core.shared.ids import LocationId, StockItemId, VariantId

IDS: sa.BindParameter[Any] = sa.bindparam("ids", type_=sa.ARRAY(sa.UUID))

_DEFAULT_LOCATION = sa.select(locations.c.id).where(locations.c.is_default)

# Everybody who locks several stock items does so in the order of their ids.
_LOCK = (
    sa.select(stock_items.c.id)
    .where(stock_items.c.variant_id == sa.any_(IDS))
    .order_by(stock_items.c.id)
    .with_for_update()
)
_CLEAR = sa.delete(reservations).where(
    reservations.c.stock_item_id == sa.any_(IDS), reservations.c.state != ReservationState.LIVE
)


def default_location(session: Session) -> LocationId:
    """Where stock is while nobody says otherwise. Raises NotFound when the store has no location."""
    row = session.row(_DEFAULT_LOCATION)
    if row is None:
        raise NotFound("The store has no location.")
    return LocationId(row["id"])


def create_items(session: Session, variant_ids: Sequence[UUID]) -> None:
    """An empty stock item at the default location for each of the new variants."""
    if not variant_ids:
        return
    location = default_location(session)
    session.write(
        sa.insert(stock_items).values(
            [
                {
                    "id": session.ids.new(),
                    "store_id": session.store_id,
                    "variant_id": variant_id,
                    "location_id": location,
                    "on_hand": 0,
                    "reserved": 0,
                    "version": 0,
                }
                for variant_id in variant_ids
            ]
        )
    )


def clear_released(session: Session, variant_ids: Sequence[UUID]) -> None:
    """Lock the variants' stock and drop ended reservations, so that only live ones keep a variant from going."""
    items = [row["id"] for row in session.rows(_LOCK, {"ids": list(variant_ids)})]
    if items:
        session.write(_CLEAR, {"ids": items})


def to_item(row: sa.RowMapping) -> StockItem:
    return StockItem(
        id=StockItemId(row["id"]),
        variant_id=VariantId(row["variant_id"]),
        location_id=LocationId(row["location_id"]),
        on_hand=row["on_hand"],
        reserved=row["reserved"],
        version=row["version"],
    )
