"""A batch with its rows as one row, and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.queries.json_rows import children, document
from adapters.postgres.tables.batches import shipping_batch_rows, shipping_batches
from core.logistics.batch import Batch, BatchRow, BatchState, RowState
from core.logistics.choosing import Choice
from core.shared.ids import BatchId, BatchRowId, FulfilmentId, OrderId, ParcelId

_rows = children(
    document(shipping_batch_rows),
    (shipping_batch_rows.c.position, shipping_batch_rows.c.id),
    shipping_batch_rows.c.store_id == shipping_batches.c.store_id,
    shipping_batch_rows.c.batch_id == shipping_batches.c.id,
)
BATCH = sa.select(shipping_batches, _rows.label("rows"))


def to_batch(row: sa.RowMapping) -> Batch:
    return Batch(
        id=BatchId(row["id"]),
        number=row["number"],
        rows=[_to_row(one) for one in row["rows"] or []],
        created_by=row["created_by"],
        created_at=row["created_at"],
        choice=Choice(row["choice"]),
        state=BatchState(row["state"]),
        started_at=row["started_at"],
        closed_at=row["closed_at"],
        version=row["version"],
    )


def batch_values(batch: Batch) -> dict[str, Any]:
    """What changes of a batch."""
    return {
        "state": str(batch.state),
        "choice": str(batch.choice),
        "started_at": batch.started_at,
        "closed_at": batch.closed_at,
    }


def row_values(row: BatchRow) -> dict[str, Any]:
    """What changes of a row."""
    return {"state": str(row.state), "quote_id": row.quote_id, "problem": row.problem, "tries": row.tries}


def _to_row(row: dict[str, Any]) -> BatchRow:
    return BatchRow(
        id=BatchRowId(UUID(row["id"])),
        position=row["position"],
        order_id=OrderId(UUID(row["order_id"])),
        fulfilment_id=FulfilmentId(UUID(row["fulfilment_id"])),
        parcel_id=ParcelId(UUID(row["parcel_id"])),
        state=RowState(row["state"]),
        quote_id=UUID(row["quote_id"]) if row["quote_id"] else None,
        problem=row["problem"],
        tries=row["tries"],
    )
