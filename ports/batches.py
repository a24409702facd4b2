"""Batches of parcels: the write side, and what their page is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.logistics.batch import Batch, BatchState
from core.shared.ids import BatchId, ParcelId


class BatchRepository(Protocol):
    """Batches of the bound store."""

    def add(self, batch: Batch) -> None:
        """Add it under the next number, which `batch` then has. Raises WriteConflict when another took it."""
        ...

    def get(self, batch_id: BatchId) -> Batch:
        """Locked, rows by position. Raises NotFound."""
        ...

    def by_number(self, number: int) -> BatchId:
        """Raises NotFound."""
        ...

    def save(self, batch: Batch) -> None:
        """Save state and rows. Raises WriteConflict when the version is stale."""
        ...

    def labels_gone(self, batch_id: BatchId) -> Mapping[ParcelId, str | None]:
        """Parcels that were done with and have no label any more: refused later or given back; and the reason."""
        ...

    def in_open_batches(self, parcel_ids: Sequence[ParcelId]) -> frozenset[ParcelId]:
        """Which of the parcels are in a batch that is not closed."""
        ...


@dataclass(frozen=True, slots=True)
class BatchGlance:
    """A batch in a list: how many parcels, how many of them have a label that can be used."""

    number: int
    state: BatchState
    created_by: str
    created_at: datetime
    parcels: int
    labels: int


class BatchQueries(Protocol):
    def batch(self, number: int) -> Batch:
        """The batch as it is, not locked. Raises NotFound."""
        ...

    def latest(self, limit: int) -> Sequence[BatchGlance]:
        """Newest first."""
        ...
