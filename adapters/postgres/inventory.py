"""Stock on PostgreSQL, the write side.

Stock items are locked in the order of their ids before anything is decided, so claims never deadlock and what is
decided holds. A product's document is written anew only when a variant's availability crosses zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres import documents
from adapters.postgres.inventory_rows import IDS, default_location, to_item
from adapters.postgres.inventory_shipping import ShippingStock
from adapters.postgres.session import Session
from adapters.postgres.tables.catalog import variants
from adapters.postgres.tables.inventory import locations, reservations, stock_items, stock_movements
from core.inventory.model import MovementKind, ReservationOwner, ReservationState, StockItem
from core.shared.errors import NotFound, WriteConflict
from core.shared.ids import LocationId
from ports.inventory import Shortage, StockClaim

_locked = (
    sa.select(stock_items)
    .select_from(stock_items.join(variants, variants.c.id == stock_items.c.variant_id))
    .join(locations, locations.c.id == stock_items.c.location_id)
    .where(stock_items.c.variant_id == sa.any_(IDS), variants.c.tracked, locations.c.is_default)
    .order_by(stock_items.c.id)
    .with_for_update(of=stock_items)
    .cte("locked")
)
_CLAIMED = (
    sa.select(
        variants.c.id.label("variant_id"),
        variants.c.tracked,
        _locked.c.id,
        _locked.c.on_hand,
        _locked.c.reserved,
    )
    .select_from(variants.outerjoin(_locked, _locked.c.variant_id == variants.c.id))
    .where(variants.c.id == sa.any_(IDS))
)
_claims = sa.func.unnest(
    sa.bindparam("item_ids", type_=sa.ARRAY(sa.UUID)), sa.bindparam("quantities", type_=sa.ARRAY(sa.Integer))
)
_wanted = _claims.table_valued(
    sa.column("id", sa.UUID), sa.column("quantity", sa.Integer), name="wanted"
).render_derived()
_HOLD = (
    sa.update(stock_items)
    .where(
        stock_items.c.id == _wanted.c.id,
        stock_items.c.on_hand - stock_items.c.reserved >= _wanted.c.quantity,
    )
    .values(reserved=stock_items.c.reserved + _wanted.c.quantity, version=stock_items.c.version + 1)
)

_live = sa.and_(
    reservations.c.owner_kind == sa.bindparam("of_kind"),
    reservations.c.owner_id == sa.bindparam("of_id"),
    reservations.c.state == ReservationState.LIVE,
)
_PASS_ON = (
    sa.update(reservations)
    .where(_live)
    .values(owner_kind=sa.bindparam("to_kind"), owner_id=sa.bindparam("to_id"), expires_at=None)
)
_EXTEND = sa.update(reservations).where(_live).values(expires_at=sa.bindparam("until"))
_LOCK_HELD = (
    sa.select(stock_items.c.id)
    .where(stock_items.c.id.in_(sa.select(reservations.c.stock_item_id).where(_live)))
    .order_by(stock_items.c.id)
    .with_for_update()
)
_released = (
    sa.update(reservations)
    .where(_live)
    .values(state=ReservationState.RELEASED, ended_at=sa.bindparam("at"))
    .returning(reservations.c.stock_item_id, reservations.c.quantity)
    .cte("released")
)
_freed = (
    sa.select(
        _released.c.stock_item_id,
        sa.func.sum(_released.c.quantity).label("quantity"),
        sa.func.count().label("reservations"),
    )
    .group_by(_released.c.stock_item_id)
    .subquery("freed")
)
_FREE = (
    sa.update(stock_items)
    .where(stock_items.c.id == _freed.c.stock_item_id)
    .values(reserved=stock_items.c.reserved - _freed.c.quantity, version=stock_items.c.version + 1)
    .returning(
        stock_items.c.variant_id,
        (stock_items.c.on_hand - stock_items.c.reserved).label("available"),
        _freed.c.quantity,
        _freed.c.reservations,
    )
)
_ITEM = (
    sa.select(stock_items)
    .where(
        stock_items.c.variant_id == sa.bindparam("variant_id"),
        stock_items.c.location_id == sa.bindparam("location_id"),
    )
    .with_for_update()
)
_PRODUCTS = sa.select(variants.c.product_id).where(variants.c.id == sa.any_(IDS), variants.c.tracked).distinct()
_AVAILABLE = (
    sa.select(
        variants.c.id,
        variants.c.tracked,
        sa.func.coalesce(sa.func.sum(stock_items.c.on_hand - stock_items.c.reserved), 0).label("units"),
    )
    .select_from(variants.outerjoin(stock_items, stock_items.c.variant_id == variants.c.id))
    .where(variants.c.id == sa.any_(IDS))
    .group_by(variants.c.id, variants.c.tracked)
)


class PostgresStock:
    def __init__(self, session: Session) -> None:
        self._session = session

    def reserve(
        self,
        lines: Sequence[StockClaim],
        owner_kind: ReservationOwner,
        owner_id: UUID,
        expires_at: datetime | None,
    ) -> Sequence[Shortage]:
        wanted: Counter[UUID] = Counter()
        for line in lines:
            wanted[line.variant_id] += line.quantity
        rows = {row["variant_id"]: row for row in self._session.rows(_CLAIMED, {"ids": list(wanted)})}
        left = {variant_id: _left(rows.get(variant_id)) for variant_id in wanted}
        short = [
            Shortage(line.variant_id, line.line_id, wanted[line.variant_id], available)
            for line in lines
            if (available := left[line.variant_id]) is not None and available < wanted[line.variant_id]
        ]
        if short:
            return short
        held = {id_: wanted[id_] for id_, available in left.items() if available is not None}
        if held:
            self._hold({rows[id_]["id"]: quantity for id_, quantity in held.items()}, owner_kind, owner_id, expires_at)
        self._crossed([id_ for id_, quantity in held.items() if left[id_] == quantity])
        return []

    def _hold(
        self, quantities: Mapping[UUID, int], kind: ReservationOwner, owner: UUID, until: datetime | None
    ) -> None:
        session = self._session
        asked = {"item_ids": list(quantities), "quantities": list(quantities.values())}
        if session.write(_HOLD, asked).rowcount != len(quantities):
            raise WriteConflict("Stock changed while it was being reserved.")
        session.write(
            sa.insert(reservations).values(
                [
                    {
                        "id": session.ids.new(),
                        "store_id": session.store_id,
                        "stock_item_id": item_id,
                        "quantity": quantity,
                        "owner_kind": kind,
                        "owner_id": owner,
                        "state": ReservationState.LIVE,
                        "expires_at": until,
                        "created_at": session.now(),
                    }
                    for item_id, quantity in quantities.items()
                ]
            )
        )

    def pass_on(self, from_kind: ReservationOwner, from_id: UUID, to_kind: ReservationOwner, to_id: UUID) -> int:
        owners = {"of_kind": from_kind, "of_id": from_id, "to_kind": to_kind, "to_id": to_id}
        return self._session.write(_PASS_ON, owners).rowcount

    def extend(self, owner_kind: ReservationOwner, owner_id: UUID, expires_at: datetime | None) -> int:
        return self._session.write(_EXTEND, {"of_kind": owner_kind, "of_id": owner_id, "until": expires_at}).rowcount

    def release(self, owner_kind: ReservationOwner, owner_id: UUID) -> int:
        session, owner = self._session, {"of_kind": owner_kind, "of_id": owner_id}
        if not session.rows(_LOCK_HELD, owner):
            return 0
        freed = session.write(_FREE, {**owner, "at": session.now()}).mappings().all()
        self._crossed([row["variant_id"] for row in freed if row["available"] == row["quantity"]])
        return sum(row["reservations"] for row in freed)

    def adjust(
        self,
        variant_id: UUID,
        location_id: UUID | None,
        change: int,
        kind: MovementKind,
        reason: str,
        *,
        reference_kind: str | None = None,
        reference_id: UUID | None = None,
    ) -> StockItem:
        session = self._session
        item = self._lock_item(variant_id, location_id or default_location(session))
        before = {"on_hand": item.on_hand}
        item.adjust(change, kind, reason)
        session.update_version(stock_items, item.id, item.version - 1, {"on_hand": item.on_hand})
        session.write(
            sa.insert(stock_movements).values(
                id=session.ids.new(),
                store_id=session.store_id,
                stock_item_id=item.id,
                kind=kind,
                quantity=change,
                reason=reason,
                reference_kind=reference_kind,
                reference_id=reference_id,
                occurred_at=session.now(),
            )
        )
        session.changed("variant", variant_id, before, {"on_hand": item.on_hand})
        session.emit(item.events, item.id, item.version)
        item.events.clear()
        if (item.available > 0) != (item.available - change > 0):
            self._crossed([variant_id])
        return item

    def default_location(self) -> LocationId:
        return default_location(self._session)

    def ship(
        self, pieces: Mapping[UUID, int], order_id: UUID, location_id: UUID, fulfilment_id: UUID, reason: str
    ) -> None:
        leaving = ShippingStock(self._session, pieces, order_id, location_id, fulfilment_id, reason)
        self._crossed(leaving.ship())

    def take_back(
        self, pieces: Mapping[UUID, int], order_id: UUID, location_id: UUID, fulfilment_id: UUID, reason: str
    ) -> None:
        returning = ShippingStock(self._session, pieces, order_id, location_id, fulfilment_id, reason)
        self._crossed(returning.take_back())

    def available(self, variant_ids: Sequence[UUID]) -> Mapping[UUID, int | None]:
        rows = self._session.rows(_AVAILABLE, {"ids": list(variant_ids)})
        return {row["id"]: int(row["units"]) if row["tracked"] else None for row in rows}

    def _lock_item(self, variant_id: UUID, location_id: UUID) -> StockItem:
        place: dict[str, Any] = {"variant_id": variant_id, "location_id": location_id}
        row = self._session.row(_ITEM, place)
        if row is None:
            self._make_item(place)
            row = self._session.row(_ITEM, place)
        if row is None:
            raise NotFound("There is no such variant.")
        return to_item(row)

    def _make_item(self, place: dict[str, Any]) -> None:
        """The first stock of a variant at a location."""
        unknown = NotFound("There is no such variant or location.")
        statement = insert(stock_items).values(
            id=self._session.ids.new(),
            store_id=self._session.store_id,
            on_hand=0,
            reserved=0,
            version=0,
            **place,
        )
        self._session.write(
            statement.on_conflict_do_nothing(),
            errors={
                "fk_stock_items_store_id_variant_id": unknown,
                "fk_stock_items_store_id_location_id": unknown,
            },
        )

    def _crossed(self, variant_ids: Sequence[UUID]) -> None:
        """These variants went out of stock or came back: what shoppers see of their products changes."""
        if not variant_ids:
            return
        rows = self._session.rows(_PRODUCTS, {"ids": list(variant_ids)})
        documents.rewrite(self._session, [row["product_id"] for row in rows], words=False)


def _left(row: sa.RowMapping | None) -> int | None:
    """What is left of a claimed variant; None when it is not tracked, 0 when it is gone or has no stock item."""
    if row is None or (row["tracked"] and row["id"] is None):
        return 0
    return row["on_hand"] - row["reserved"] if row["tracked"] else None
