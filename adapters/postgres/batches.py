"""Batches of parcels on PostgreSQL, the write side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.batch_rows import BATCH, batch_values, row_values, to_batch
from adapters.postgres.session import Session
from adapters.postgres.tables.batches import shipping_batch_rows, shipping_batches
from adapters.postgres.tables.logistics import shipments
from core.logistics.batch import Batch, BatchRow, BatchState, RowState
from core.logistics.lifecycle import LIVE_LABELS
from core.shared.errors import NotFound, WriteConflict
from core.shared.ids import BatchId, ParcelId

_LOCK = (
    sa.select(shipping_batches.c.id).where(shipping_batches.c.id == sa.bindparam("batch_id")).with_for_update()
)  # its rows are read after it is locked, by a statement of their own, so that they are those of now
_GET = BATCH.where(shipping_batches.c.id == sa.bindparam("batch_id"))
_BY_NUMBER = sa.select(shipping_batches.c.id).where(shipping_batches.c.number == sa.bindparam("number"))
_LAST = sa.select(sa.func.coalesce(sa.func.max(shipping_batches.c.number), 0).label("last"))
_BUSY = (
    sa.select(shipping_batch_rows.c.parcel_id)
    .join(
        shipping_batches,
        sa.and_(
            shipping_batches.c.store_id == shipping_batch_rows.c.store_id,
            shipping_batches.c.id == shipping_batch_rows.c.batch_id,
        ),
    )
    .where(
        shipping_batch_rows.c.parcel_id == sa.any_(sa.bindparam("parcel_ids", type_=sa.ARRAY(sa.UUID))),
        shipping_batches.c.state != BatchState.CLOSED,
    )
)

_of_parcel = sa.and_(
    shipments.c.store_id == shipping_batch_rows.c.store_id, shipments.c.parcel_id == shipping_batch_rows.c.parcel_id
)
_last_reason = (
    sa.select(shipments.c.reason)
    .where(_of_parcel)
    .order_by(shipments.c.requested_at.desc(), shipments.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_GONE = sa.select(shipping_batch_rows.c.parcel_id, _last_reason.label("reason")).where(
    shipping_batch_rows.c.batch_id == sa.bindparam("batch_id"),
    shipping_batch_rows.c.state == RowState.DONE,
    ~sa.exists().where(_of_parcel, shipments.c.state.in_([str(state) for state in LIVE_LABELS])),
)


class PostgresBatches:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, dict[UUID, dict[str, Any]]] = {}
        self._told: dict[UUID, dict[str, Any]] = {}

    def add(self, batch: Batch) -> None:
        session = self._session
        batch.number = 1 + session.rows(_LAST)[0]["last"]
        batch.version = 1
        values = {"number": batch.number, "created_by": batch.created_by, "created_at": batch.created_at}
        taken = WriteConflict(f"Another batch is number {batch.number}.")
        session.write(
            sa.insert(shipping_batches).values(
                id=batch.id, store_id=session.store_id, version=1, **values, **batch_values(batch)
            ),
            errors={"uq_shipping_batches_store_id_number": taken},
        )
        session.write(sa.insert(shipping_batch_rows).values([self._new(batch, row) for row in batch.rows]))
        session.changed("batch", batch.id, None, {**values, **_told(batch)})
        self._finish(batch)

    def _new(self, batch: Batch, row: BatchRow) -> dict[str, Any]:
        return {
            "id": row.id,
            "store_id": self._session.store_id,
            "batch_id": batch.id,
            "position": row.position,
            "order_id": row.order_id,
            "fulfilment_id": row.fulfilment_id,
            "parcel_id": row.parcel_id,
            **row_values(row),
        }

    def get(self, batch_id: BatchId) -> Batch:
        if self._session.row(_LOCK, {"batch_id": batch_id}) is None:
            raise NotFound("There is no such batch.")
        batch = to_batch(self._session.rows(_GET, {"batch_id": batch_id})[0])
        self._remember(batch)
        return batch

    def by_number(self, number: int) -> BatchId:
        row = self._session.row(_BY_NUMBER, {"number": number})
        if row is None:
            raise NotFound("There is no such batch.")
        return BatchId(row["id"])

    def save(self, batch: Batch) -> None:
        before = self._loaded[batch.id]
        kept = {row.id for row in batch.rows}
        if gone := [id_ for id_ in before if id_ not in kept]:
            self._session.write(sa.delete(shipping_batch_rows).where(shipping_batch_rows.c.id.in_(gone)))
        for row in batch.rows:
            if before.get(row.id) != row_values(row):
                statement = sa.update(shipping_batch_rows).where(shipping_batch_rows.c.id == row.id)
                self._session.write(statement.values(row_values(row)))
        self._session.update_version(shipping_batches, batch.id, batch.version, batch_values(batch))
        batch.version += 1
        self._session.changed("batch", batch.id, self._told.get(batch.id), _told(batch))
        self._finish(batch)

    def labels_gone(self, batch_id: BatchId) -> Mapping[ParcelId, str | None]:
        rows = self._session.rows(_GONE, {"batch_id": batch_id})
        return {ParcelId(row["parcel_id"]): row["reason"] for row in rows}

    def in_open_batches(self, parcel_ids: Sequence[ParcelId]) -> frozenset[ParcelId]:
        rows = self._session.rows(_BUSY, {"parcel_ids": list(parcel_ids)})
        return frozenset(ParcelId(row["parcel_id"]) for row in rows)

    def _finish(self, batch: Batch) -> None:
        self._session.emit(batch.events, batch.id, batch.version)
        batch.events.clear()
        self._remember(batch)

    def _remember(self, batch: Batch) -> None:
        self._loaded[batch.id] = {row.id: row_values(row) for row in batch.rows}
        self._told[batch.id] = _told(batch)


def _told(batch: Batch) -> dict[str, Any]:
    """What the activity log tells of a batch."""
    return {"state": str(batch.state), "choice": str(batch.choice), "parcels": len(batch.rows)}
