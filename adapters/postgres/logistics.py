"""Fulfilments on PostgreSQL. An order is locked before its fulfilments, so callers never wait in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from adapters.postgres.logistics_progress import PROGRESS
from adapters.postgres.logistics_rows import PARCEL_TOLD, fulfilment_values, parcel_values, to_fulfilment
from adapters.postgres.session import Session
from adapters.postgres.tables.logistics import fulfilment_lines, fulfilments, parcels
from core.logistics.model import Fulfilment, Parcel
from core.orders.axes import LineProgress
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, LineId, OrderId, ParcelId


def _document(table: sa.Table) -> sa.ColumnElement[Any]:
    """A row as one JSON document: its columns by name."""
    parts: list[Any] = []
    for column in table.c:
        parts += [sa.literal_column(f"'{column.name}'"), column]
    return sa.func.jsonb_build_object(*parts)


def _children(table: sa.Table, order: sa.Column[Any]) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.jsonb_agg(aggregate_order_by(_document(table), order)))
        .where(table.c.store_id == fulfilments.c.store_id, table.c.fulfilment_id == fulfilments.c.id)
        .scalar_subquery()
    )


_WHOLE = sa.select(
    fulfilments,
    _children(fulfilment_lines, fulfilment_lines.c.id).label("lines"),
    _children(parcels, parcels.c.position).label("parcels"),
)
_ONE = fulfilments.c.id == sa.bindparam("fulfilment_id")
_GET = _WHOLE.where(_ONE)
# Locks are statements of their own: one that waited would see the row as it is now, its parcels as they were.
_LOCK = sa.select(fulfilments.c.id).where(_ONE).with_for_update()
_OF_ORDER = _WHOLE.where(fulfilments.c.order_id == sa.bindparam("order_id")).order_by(fulfilments.c.number)
_LOCK_OF_ORDER = (
    sa.select(fulfilments.c.id)
    .where(fulfilments.c.order_id == sa.bindparam("order_id"))
    .order_by(fulfilments.c.number)
    .with_for_update()
)
_PLACE = sa.select(parcels.c.order_id, parcels.c.fulfilment_id).where(parcels.c.id == sa.bindparam("parcel_id"))


class PostgresFulfilments:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, dict[str, Any]] = {}

    def get(self, fulfilment_id: FulfilmentId, *, lock: bool = False) -> Fulfilment:
        if lock:
            self._session.row(_LOCK, {"fulfilment_id": fulfilment_id})
        row = self._session.row(_GET, {"fulfilment_id": fulfilment_id})
        if row is None:
            raise NotFound("There is no such fulfilment.")
        return self._remember(to_fulfilment(row))

    def of_parcel(self, parcel_id: ParcelId) -> Fulfilment:
        return self.get(self.place_of(parcel_id)[1])

    def place_of(self, parcel_id: ParcelId) -> tuple[OrderId, FulfilmentId]:
        row = self._session.row(_PLACE, {"parcel_id": parcel_id})
        if row is None:
            raise NotFound("There is no such parcel.")
        return OrderId(row["order_id"]), FulfilmentId(row["fulfilment_id"])

    def of_order(self, order_id: OrderId, *, lock: bool = False) -> Sequence[Fulfilment]:
        if lock:
            self._session.rows(_LOCK_OF_ORDER, {"order_id": order_id})
        return [self._remember(to_fulfilment(row)) for row in self._session.rows(_OF_ORDER, {"order_id": order_id})]

    def progress(self, order_id: OrderId) -> Mapping[LineId, LineProgress]:
        return {
            LineId(row["line_id"]): LineProgress(row["quantity"], row["planned"], row["shipped"], row["withdrawn"])
            for row in self._session.rows(PROGRESS, {"order_id": order_id})
        }

    def add(self, fulfilment: Fulfilment) -> None:
        session = self._session
        fulfilment.version = 1
        session.write(
            sa.insert(fulfilments).values(
                id=fulfilment.id,
                store_id=session.store_id,
                order_id=fulfilment.order_id,
                number=fulfilment.number,
                location_id=fulfilment.location_id,
                planned_at=fulfilment.planned_at,
                version=1,
                **fulfilment_values(fulfilment),
            )
        )
        session.write(
            sa.insert(fulfilment_lines).values(
                [
                    {
                        "id": session.ids.new(),
                        "store_id": session.store_id,
                        "fulfilment_id": fulfilment.id,
                        "line_id": line.line_id,
                        "quantity": line.quantity,
                    }
                    for line in fulfilment.lines
                ]
            )
        )
        if fulfilment.parcels:
            rows = [self._new_parcel(fulfilment, parcel) for parcel in fulfilment.parcels]
            session.write(sa.insert(parcels).values(rows))
        self._told(fulfilment)
        session.changed("fulfilment", fulfilment.id, None, {"number": fulfilment.number, "state": fulfilment.state})
        self._remember(fulfilment)

    def _new_parcel(self, fulfilment: Fulfilment, parcel: Parcel) -> dict[str, Any]:
        return {
            "id": parcel.id,
            "store_id": self._session.store_id,
            "fulfilment_id": fulfilment.id,
            "order_id": fulfilment.order_id,
            "position": parcel.position,
            **parcel_values(parcel),
        }

    def save(self, fulfilment: Fulfilment) -> None:
        session, values = self._session, fulfilment_values(fulfilment)
        session.update_version(fulfilments, fulfilment.id, fulfilment.version, values)
        fulfilment.version += 1
        for parcel in sorted(fulfilment.parcels, key=lambda one: one.id):
            before, after = self._loaded.get(parcel.id, {}), parcel_values(parcel)
            if before != after:
                session.write(sa.update(parcels).where(parcels.c.id == parcel.id).values(after))
                session.changed("parcel", parcel.id, _shown(before), _shown(after))
        self._told(fulfilment)
        session.changed("fulfilment", fulfilment.id, self._loaded.get(fulfilment.id), values)
        self._remember(fulfilment)

    def _told(self, fulfilment: Fulfilment) -> None:
        self._session.emit(fulfilment.events, fulfilment.id, fulfilment.version)
        fulfilment.events.clear()

    def _remember(self, fulfilment: Fulfilment) -> Fulfilment:
        self._loaded[fulfilment.id] = fulfilment_values(fulfilment)
        self._loaded.update({parcel.id: parcel_values(parcel) for parcel in fulfilment.parcels})
        return fulfilment


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in PARCEL_TOLD}
