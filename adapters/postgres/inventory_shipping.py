"""Stock that leaves with a fulfilment, out of what its order holds, and comes back when it had not left after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.inventory_rows import IDS, to_item
from adapters.postgres.session import Session
from adapters.postgres.tables.catalog import variants
from adapters.postgres.tables.inventory import reservations, stock_items, stock_movements
from core.inventory.errors import StockBelowReserved
from core.inventory.model import MovementKind, ReservationOwner, ReservationState, StockItem

FULFILMENT = "fulfilment"

_held = (
    reservations.c.owner_kind == ReservationOwner.ORDER,
    reservations.c.owner_id == sa.bindparam("order_id"),
    reservations.c.state == ReservationState.LIVE,
)
# Items are locked in the order of their ids, as everywhere: those at the location, and those the order holds.
_ITEMS = (
    sa.select(stock_items)
    .join(variants, variants.c.id == stock_items.c.variant_id)
    .where(
        stock_items.c.variant_id == sa.any_(IDS),
        variants.c.tracked,
        sa.or_(
            stock_items.c.location_id == sa.bindparam("location_id"),
            stock_items.c.id.in_(sa.select(reservations.c.stock_item_id).where(*_held)),
        ),
    )
    .order_by(stock_items.c.id)
    .with_for_update(of=stock_items)
)
_TRACKED = sa.select(variants.c.id).where(variants.c.id == sa.any_(IDS), variants.c.tracked)
_HELD = sa.select(reservations).where(*_held).order_by(reservations.c.created_at, reservations.c.id).with_for_update()


class ShippingStock:
    """The stock of one fulfilment, locked. Tells which variants' availability crossed zero."""

    def __init__(
        self,
        session: Session,
        pieces: Mapping[UUID, int],
        order_id: UUID,
        location_id: UUID,
        fulfilment_id: UUID,
        reason: str,
    ) -> None:
        self._session, self._pieces, self._order_id, self._reason = session, pieces, order_id, reason
        self._location_id, self._fulfilment_id = location_id, fulfilment_id
        asked = {"ids": list(pieces), "order_id": order_id, "location_id": location_id}
        self._tracked = {row["id"] for row in session.rows(_TRACKED, {"ids": list(pieces)})}
        self._items = {row["id"]: to_item(row) for row in session.rows(_ITEMS, asked)}
        self._before = {item.id: item.available for item in self._items.values()}

    def ship(self) -> Sequence[UUID]:
        """Take the pieces out. Raises StockBelowReserved."""
        held = self._session.rows(_HELD, {"order_id": self._order_id})
        for variant_id, wanted in self._wanted():
            item = self._here(variant_id)
            if item is None:
                raise StockBelowReserved(0, 0, -wanted)
            self._use_up(variant_id, wanted, held)
            item.leave(wanted, self._reason)
        return self._write(-1)

    def take_back(self) -> Sequence[UUID]:
        """Put the pieces back, held by the order as they were."""
        for variant_id, count in self._wanted():
            item = self._here(variant_id)
            if item is not None:
                item.come_back(count, self._reason)
                item.hold(count)
                self._hold(item.id, count, ReservationState.LIVE, None)
        return self._write(1)

    def _wanted(self) -> Sequence[tuple[UUID, int]]:
        return [(variant_id, count) for variant_id, count in self._pieces.items() if variant_id in self._tracked]

    def _here(self, variant_id: UUID) -> StockItem | None:
        items = (i for i in self._items.values() if i.variant_id == variant_id and i.location_id == self._location_id)
        return next(items, None)

    def _use_up(self, variant_id: UUID, wanted: int, held: Sequence[sa.RowMapping]) -> None:
        """End as much of the order's hold on a variant as leaves; a larger one is split."""
        left = wanted
        for row in held:
            item = self._items.get(row["stock_item_id"])
            if item is None or item.variant_id != variant_id or not left:
                continue
            used = min(left, row["quantity"])
            left -= used
            item.let_go(used)
            change: dict[str, Any] = {"quantity": row["quantity"] - used}
            if used == row["quantity"]:
                change = {"state": ReservationState.SHIPPED, "ended_at": self._session.now()}
            else:
                self._hold(item.id, used, ReservationState.SHIPPED, row["created_at"])
            self._session.write(sa.update(reservations).where(reservations.c.id == row["id"]).values(**change))

    def _hold(self, item_id: UUID, count: int, state: ReservationState, since: Any) -> None:
        session = self._session
        session.write(
            sa.insert(reservations).values(
                id=session.ids.new(),
                store_id=session.store_id,
                stock_item_id=item_id,
                quantity=count,
                owner_kind=ReservationOwner.ORDER,
                owner_id=self._order_id,
                state=state,
                expires_at=None,
                created_at=since or session.now(),
                ended_at=session.now() if state is ReservationState.SHIPPED else None,
            )
        )

    def _write(self, sign: int) -> Sequence[UUID]:
        session = self._session
        for item in self._items.values():
            values = {"on_hand": item.on_hand, "reserved": item.reserved}
            session.write(
                sa.update(stock_items)
                .where(stock_items.c.id == item.id)
                .values(**values, version=stock_items.c.version + 1)
            )
            session.emit(item.events, item.id, item.version)
            item.events.clear()
        for variant_id, count in self._wanted():
            moved = self._here(variant_id)
            if moved is None:
                continue
            session.write(
                sa.insert(stock_movements).values(
                    id=session.ids.new(),
                    store_id=session.store_id,
                    stock_item_id=moved.id,
                    kind=MovementKind.SHIP,
                    quantity=sign * count,
                    reason=self._reason,
                    reference_kind=FULFILMENT,
                    reference_id=self._fulfilment_id,
                    occurred_at=session.now(),
                )
            )
            before = {"on_hand": moved.on_hand - sign * count}
            session.changed("variant", variant_id, before, {"on_hand": moved.on_hand})
        return [i.variant_id for i in self._items.values() if (i.available > 0) != (self._before[i.id] > 0)]
