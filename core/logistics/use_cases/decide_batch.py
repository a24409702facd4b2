"""What staff decide about a batch: which offers are taken, that labels are bought, that it stops or is handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.logistics.batch import Batch, BatchState, RowState
from core.logistics.choosing import Choice
from core.logistics.errors import QuoteStale
from core.logistics.use_cases.work_on_batch import chosen_of, day_of, promise_of
from core.shared.ids import BatchRowId, ParcelId
from core.shared.permission import permission
from ports.clock import Clock
from ports.logistics import StoredQuote
from ports.logistics_queries import LogisticsQueries
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class ChooseOffers:
    """Choose anew for every parcel that has no label."""

    number: int
    choice: Choice


@permission("logistics.fulfilment.ship")
def choose_offers(cmd: ChooseOffers, /, *, uow: UnitOfWork, logistics_queries: LogisticsQueries, clock: Clock) -> None:
    """Raises NotFound, TransitionRefused unless the batch is open."""
    with uow() as tx:
        batch = _load(tx, cmd.number)
        open_ = [row for row in batch.rows if row.state is not RowState.DONE]
    quotes = logistics_queries.quotes([row.parcel_id for row in open_], clock.now())
    with uow() as tx:
        batch = _load(tx, cmd.number)
        batch.choice = cmd.choice
        for row in batch.rows:
            found = [quote for quote in quotes if quote.parcel_id == row.parcel_id]
            chosen = chosen_of(found, cmd.choice, day_of(tx, clock), promise_of(tx, tx.orders.get(row.order_id)))
            if chosen is not None:
                batch.decide(row, chosen)
        tx.batches.save(batch)


@dataclass(frozen=True, slots=True)
class TakeOffer:
    """Take this offer for one parcel."""

    number: int
    row_id: BatchRowId
    quote_id: UUID


@permission("logistics.fulfilment.ship")
def take_offer(cmd: TakeOffer, /, *, uow: UnitOfWork, logistics_queries: LogisticsQueries, clock: Clock) -> None:
    """Raises NotFound, TransitionRefused unless the batch is open, QuoteStale for an offer that is over."""
    with uow() as tx:
        batch = _load(tx, cmd.number)
        parcel_id = batch.row(cmd.row_id).parcel_id
    if not _offered(logistics_queries.quotes([parcel_id], clock.now()), cmd.quote_id, parcel_id):
        raise QuoteStale()
    _change(cmd.number, uow, lambda batch: batch.decide(batch.row(cmd.row_id), cmd.quote_id))


def _offered(quotes: Sequence[StoredQuote], quote_id: UUID, parcel_id: ParcelId) -> bool:
    return any(quote.id == quote_id and quote.parcel_id == parcel_id for quote in quotes)


@dataclass(frozen=True, slots=True)
class BuyBatch:
    """Buy labels for all rows with an offer, or for `only` some of them."""

    number: int
    only: tuple[BatchRowId, ...] = ()


@permission("logistics.label.buy")
def buy_batch(cmd: BuyBatch, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Have the labels bought by a job; nothing happens while it is at it.

    Raises NotFound, NothingToBuy, TransitionRefused unless the batch is open.
    """
    with uow() as tx:
        batch = _load(tx, cmd.number)
        if batch.state is BatchState.BUYING:
            return
        batch.buy(clock.now(), cmd.only)
        tx.batches.save(batch)


@dataclass(frozen=True, slots=True)
class QuoteBatch:
    number: int


@permission("logistics.label.buy")
def quote_batch(cmd: QuoteBatch, /, *, uow: UnitOfWork) -> None:
    """Have prices asked for anew. Raises NotFound, TransitionRefused unless the batch is open."""
    _change(cmd.number, uow, Batch.quote_again)


@dataclass(frozen=True, slots=True)
class StopBatch:
    number: int


@permission("logistics.fulfilment.ship")
def stop_batch(cmd: StopBatch, /, *, uow: UnitOfWork) -> None:
    """Stop after the parcel that is being worked on; nothing happens when it rests. Raises NotFound."""

    def stop(batch: Batch) -> None:
        if batch.state in (BatchState.QUOTING, BatchState.BUYING):
            batch.rest()

    _change(cmd.number, uow, stop)


@dataclass(frozen=True, slots=True)
class RemoveFromBatch:
    number: int
    row_id: BatchRowId


@permission("logistics.fulfilment.ship")
def remove_from_batch(cmd: RemoveFromBatch, /, *, uow: UnitOfWork) -> None:
    """The parcel stays planned. Raises NotFound, TransitionRefused unless the batch is open."""
    _change(cmd.number, uow, lambda batch: batch.remove(batch.row(cmd.row_id)))


@dataclass(frozen=True, slots=True)
class CloseBatch:
    number: int


@permission("logistics.fulfilment.ship")
def close_batch(cmd: CloseBatch, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """It was handed over. Raises NotFound, TransitionRefused while it works or when it is closed."""
    _change(cmd.number, uow, lambda batch: batch.close(clock.now()))


def _change(number: int, uow: UnitOfWork, change: Callable[[Batch], None]) -> None:
    with uow() as tx:
        batch = _load(tx, number)
        change(batch)
        tx.batches.save(batch)


def _load(tx: Transaction, number: int) -> Batch:
    """The batch, locked; what was bought and came to nothing since can be bought again. Raises NotFound."""
    batch = tx.batches.get(tx.batches.by_number(number))
    for parcel_id, reason in tx.batches.labels_gone(batch.id).items():
        batch.came_to_nothing(parcel_id, reason)
    return batch
