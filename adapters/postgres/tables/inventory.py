"""Stock by variant and location: levels, append-only movements, reservations."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import (
    boolean,
    instant,
    integer,
    one_of,
    part,
    reference,
    scoped,
    text,
    uuid,
    version,
)
from core.inventory.model import MovementKind, ReservationOwner, ReservationState

locations = scoped(
    "locations",
    text("name"),
    boolean("is_default"),
    instant("created_at"),
    sa.Index("uq_locations_default", "store_id", unique=True, postgresql_where=sa.text("is_default")),
)

stock_items = part(
    "stock_items",
    uuid("variant_id"),
    uuid("location_id"),
    integer("on_hand"),
    integer("reserved"),
    version(),
    reference("variant_id", "variants", ondelete="CASCADE"),
    reference("location_id", "locations"),
    sa.UniqueConstraint("store_id", "variant_id", "location_id"),
    sa.CheckConstraint("reserved >= 0", name="reserved_not_negative"),
    sa.CheckConstraint("on_hand >= reserved", name="available_not_negative"),
    sa.Index("ix_stock_items_reserved", "store_id", "variant_id", postgresql_where=sa.text("reserved > 0")),
)

stock_movements = part(
    "stock_movements",
    uuid("stock_item_id"),
    text("kind"),
    integer("quantity"),
    text("reason"),
    text("reference_kind", nullable=True),
    uuid("reference_id", nullable=True),
    instant("occurred_at"),
    reference("stock_item_id", "stock_items", ondelete="CASCADE"),
    one_of("kind", MovementKind),
    sa.Index("ix_stock_movements_item", "store_id", "stock_item_id", "occurred_at", "id"),
    referenced=False,
)

reservations = scoped(
    "reservations",
    uuid("stock_item_id"),
    integer("quantity"),
    text("owner_kind"),
    uuid("owner_id"),
    text("state"),
    instant("expires_at", nullable=True),
    instant("created_at"),
    instant("ended_at", nullable=True),
    reference("stock_item_id", "stock_items"),
    one_of("owner_kind", ReservationOwner),
    one_of("state", ReservationState),
    sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    sa.Index("ix_reservations_owner", "store_id", "owner_kind", "owner_id"),
    sa.Index(
        "ix_reservations_live_item",
        "store_id",
        "stock_item_id",
        postgresql_where=sa.text("state = 'live'"),
    ),
)
