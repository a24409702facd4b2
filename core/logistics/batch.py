"""A batch: parcels of many orders that are priced, labelled and handed over together.

What became of a label is the shipment's own affair; a row says what was decided for its parcel, and what stood in the
way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.logistics.choosing import Choice
from core.logistics.errors import NothingToBuy
from core.logistics.events import BatchWorkRequested
from core.shared.errors import NotFound
from core.shared.events import Event
from core.shared.ids import BatchId, BatchRowId, FulfilmentId, OrderId, ParcelId
from core.shared.state_machine import Lifecycle


class BatchState(StrEnum):
    """Prices are being asked for, staff decide, labels are being bought, the goods were handed over."""

    QUOTING = "quoting"
    OPEN = "open"
    BUYING = "buying"
    CLOSED = "closed"


class BatchStep(StrEnum):
    QUOTE = "quote"
    BUY = "buy"
    REST = "rest"
    CLOSE = "close"


BATCH_LIFECYCLE: Lifecycle[BatchState, BatchStep] = Lifecycle(
    "batch",
    BatchState,
    {BatchState.QUOTING},
    {
        (BatchState.QUOTING, BatchStep.REST): BatchState.OPEN,
        (BatchState.BUYING, BatchStep.REST): BatchState.OPEN,
        (BatchState.OPEN, BatchStep.QUOTE): BatchState.QUOTING,
        (BatchState.OPEN, BatchStep.BUY): BatchState.BUYING,
        (BatchState.OPEN, BatchStep.CLOSE): BatchState.CLOSED,
    },
)


class RowState(StrEnum):
    """Not asked for prices yet, asked, to be bought, bought or being bought (the shipment says which)."""

    NEW = "new"
    QUOTED = "quoted"
    QUEUED = "queued"
    DONE = "done"


@dataclass(slots=True)
class BatchRow:
    """One parcel. `quote_id` is the offer that is taken, `problem` why there is none or why it was not bought.

    `tries` counts the wishes to buy: each has a key of its own, a repeat of one buys nothing more.
    """

    id: BatchRowId
    position: int
    order_id: OrderId
    fulfilment_id: FulfilmentId
    parcel_id: ParcelId
    state: RowState = RowState.NEW
    quote_id: UUID | None = None
    problem: str | None = None
    tries: int = 0

    @property
    def key(self) -> str:
        """The key of the wish to buy."""
        return f"batch-{self.id}-{self.tries}"


@dataclass(slots=True)
class Batch:
    """`number` counts from 1 in the store. `started_at` is when labels began to be bought last."""

    id: BatchId
    number: int
    rows: list[BatchRow]
    created_by: str
    created_at: datetime
    choice: Choice = Choice.CHEAPEST_IN_TIME
    state: BatchState = BatchState.QUOTING
    started_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0
    events: list[Event] = field(default_factory=list)

    def announce(self) -> None:
        """Ask for the work to be done by a job."""
        self.events.append(BatchWorkRequested(self.id))

    def row(self, row_id: BatchRowId) -> BatchRow:
        """Raises NotFound."""
        found = next((row for row in self.rows if row.id == row_id), None)
        if found is None:
            raise NotFound("There is no such row.")
        return found

    def to_quote(self) -> Sequence[BatchRow]:
        """The next rows to ask prices for: all of one fulfilment, which are asked about together."""
        new = [row for row in self.rows if row.state is RowState.NEW]
        return [row for row in new if row.fulfilment_id == new[0].fulfilment_id]

    def to_buy(self) -> BatchRow | None:
        """The next row to buy a label for."""
        return next((row for row in self.rows if row.state is RowState.QUEUED), None)

    def quote_again(self) -> None:
        """Ask for all prices anew, but where a label is bought. Raises TransitionRefused unless it is open."""
        self._move(BatchStep.QUOTE)
        for row in self.rows:
            if row.state is not RowState.DONE:
                row.state, row.quote_id, row.problem = RowState.NEW, None, None
        self.announce()

    def quoted(self, row: BatchRow, quote_id: UUID | None, problem: str | None) -> None:
        """Prices came, or none did."""
        if row.state is RowState.NEW:
            row.state, row.quote_id, row.problem = RowState.QUOTED, quote_id, problem

    def decide(self, row: BatchRow, quote_id: UUID) -> None:
        """Take this offer. Raises TransitionRefused unless the batch is open."""
        BATCH_LIFECYCLE.after(self.state, BatchStep.BUY)
        if row.state is not RowState.DONE:
            row.state, row.quote_id, row.problem = RowState.QUOTED, quote_id, None

    def buy(self, at: datetime, only: Iterable[BatchRowId] = ()) -> int:
        """Buy labels for the rows that have an offer, or for `only` some of them; how many these are.

        Raises TransitionRefused unless the batch is open, NothingToBuy.
        """
        self._move(BatchStep.BUY)
        chosen = set(only)
        wanted = [
            row
            for row in self.rows
            if row.state is RowState.QUOTED and row.quote_id is not None and (not chosen or row.id in chosen)
        ]
        if not wanted:
            raise NothingToBuy()
        for row in wanted:
            row.state, row.problem, row.tries = RowState.QUEUED, None, row.tries + 1
        self.started_at = at
        self.announce()
        return len(wanted)

    def bought(self, row: BatchRow, problem: str | None) -> None:
        """A label was bought or is being bought; `problem`: it was not, and why."""
        row.state, row.problem = (RowState.DONE, None) if problem is None else (RowState.QUOTED, problem)

    def came_to_nothing(self, parcel_id: ParcelId, reason: str | None) -> None:
        """The label of a parcel was refused later, or given back: it can be bought again."""
        for row in self.rows:
            if row.parcel_id == parcel_id and row.state is RowState.DONE:
                row.state, row.problem = RowState.QUOTED, reason

    def rest(self) -> None:
        """All is done, or somebody stops it after the one that is being done: what waits is open again."""
        self._move(BatchStep.REST)
        for row in self.rows:
            if row.state in (RowState.QUEUED, RowState.NEW):
                row.state = RowState.QUOTED

    def remove(self, row: BatchRow) -> None:
        """Take a parcel out of the batch; it stays planned. Raises TransitionRefused unless the batch is open."""
        BATCH_LIFECYCLE.after(self.state, BatchStep.BUY)
        self.rows.remove(row)

    def close(self, at: datetime) -> None:
        """The goods were handed over. Raises TransitionRefused while it works."""
        self._move(BatchStep.CLOSE)
        self.closed_at = at

    def _move(self, step: BatchStep) -> None:
        self.state = BATCH_LIFECYCLE.after(self.state, step)
