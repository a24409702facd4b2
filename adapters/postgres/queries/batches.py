"""What staff see of batches."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.postgres.batch_rows import BATCH, to_batch
from adapters.postgres.reading import Reader
from adapters.postgres.tables.batches import shipping_batch_rows, shipping_batches
from adapters.postgres.tables.logistics import shipments
from core.logistics.batch import Batch, BatchState
from core.logistics.lifecycle import LabelState
from core.shared.errors import NotFound
from ports.batches import BatchGlance

_ONE = BATCH.where(shipping_batches.c.number == sa.bindparam("number"))
_mine = sa.and_(
    shipping_batch_rows.c.store_id == shipping_batches.c.store_id,
    shipping_batch_rows.c.batch_id == shipping_batches.c.id,
)
_parcels = sa.select(sa.func.count()).where(_mine).scalar_subquery()
_labels = (
    sa.select(sa.func.count())
    .select_from(
        shipping_batch_rows.join(
            shipments,
            sa.and_(
                shipments.c.store_id == shipping_batch_rows.c.store_id,
                shipments.c.parcel_id == shipping_batch_rows.c.parcel_id,
                shipments.c.state == LabelState.PURCHASED,
            ),
        )
    )
    .where(_mine)
    .scalar_subquery()
)
_LATEST = (
    sa.select(shipping_batches, _parcels.label("parcels"), _labels.label("labels"))
    .order_by(shipping_batches.c.number.desc())
    .limit(sa.bindparam("most"))
)


class PostgresBatchQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def batch(self, number: int) -> Batch:
        row = self._reader.row(_ONE, {"number": number})
        if row is None:
            raise NotFound("There is no such batch.")
        return to_batch(row)

    def latest(self, limit: int) -> Sequence[BatchGlance]:
        return [
            BatchGlance(row["number"], BatchState(row["state"]), row["created_by"], row["created_at"],
                        row["parcels"], row["labels"])
            for row in self._reader.rows(_LATEST, {"most": limit})
        ]  # fmt: skip
