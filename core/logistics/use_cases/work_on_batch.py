"""What the job does with a batch: ask for prices fulfilment by fulfilment, or buy labels one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from core.logistics.batch import BatchRow, BatchState
from core.logistics.choosing import Choice, Offer, choose, promised_on
from core.logistics.errors import LabelInProgress
from core.logistics.lifecycle import LabelState
from core.logistics.use_cases.purchase_label import PurchaseLabel, purchase_label
from core.logistics.use_cases.quote_rates import Quoted, QuoteRates, quote_rates
from core.orders.model import Order
from core.shared.errors import Conflict, CoreError, NotFound, Rejected
from core.shared.ids import BatchId, FulfilmentId, ParcelId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.carriers import Carriers
from ports.clock import Clock
from ports.ids import Ids
from ports.logistics import StoredQuote
from ports.unit_of_work import Transaction, UnitOfWork

_REFUSED = (Conflict, Rejected, NotFound)
NO_OFFER = "no_offer"


@dataclass(frozen=True, slots=True)
class WorkOnBatch:
    batch_id: BatchId


@permission("logistics.batch.work")
def work_on_batch(
    cmd: WorkOnBatch, /, *, uow: UnitOfWork, carriers: Carriers, blobs: BlobStore, clock: Clock, ids: Ids
) -> BatchState:
    """Work until nothing waits or somebody stops it; returns the state after it.

    Each row is written before the next is begun, and a label is bought under the row's own key: after a crash at any
    point, or with two at work at once, the end is the same and nothing is bought twice. Raises NotFound.
    """
    while True:
        with uow() as tx:
            batch = tx.batches.get(cmd.batch_id)
            quoting, buying = batch.state is BatchState.QUOTING, batch.state is BatchState.BUYING
            rows, row = batch.to_quote() if quoting else (), batch.to_buy() if buying else None
            if not rows and row is None:
                if quoting or buying:
                    batch.rest()
                    tx.batches.save(batch)
                return batch.state
        if row is not None:
            problem = _buy(row, uow, carriers, blobs, clock, ids)
            _bought(batch.id, row, problem, uow)
        else:
            found = _ask(rows[0].fulfilment_id, uow, carriers, clock, ids)
            _quoted(batch.id, rows, found, uow, clock)


def _ask(
    fulfilment_id: FulfilmentId, uow: UnitOfWork, carriers: Carriers, clock: Clock, ids: Ids
) -> Quoted | CoreError:
    try:
        return quote_rates(QuoteRates(fulfilment_id), uow=uow, carriers=carriers, clock=clock, ids=ids)
    except _REFUSED as refusal:
        return refusal


def _quoted(
    batch_id: BatchId, rows: Sequence[BatchRow], found: Quoted | CoreError, uow: UnitOfWork, clock: Clock
) -> None:
    with uow() as tx:
        batch = tx.batches.get(batch_id)
        today = day_of(tx, clock)
        promise = promise_of(tx, tx.orders.get(rows[0].order_id))
        asked = {row.id for row in rows}
        for row in batch.rows:
            if row.id not in asked:
                continue
            if isinstance(found, CoreError):
                batch.quoted(row, None, found.code)
            else:
                quotes = [quote for quote in found.quotes if quote.parcel_id == row.parcel_id]
                chosen = chosen_of(quotes, batch.choice, today, promise)
                batch.quoted(row, chosen, None if chosen else _why_none(found, row.parcel_id))
        tx.batches.save(batch)


def chosen_of(quotes: Sequence[StoredQuote], choice: Choice, today: date, promise: date | None) -> UUID | None:
    """The offer that `choice` takes; None of none."""
    return choose(((quote.id, Offer(quote.price, quote.days)) for quote in quotes), choice, today, promise)


def day_of(tx: Transaction, clock: Clock) -> date:
    """Today, where the store is."""
    return clock.now().astimezone(ZoneInfo(tx.stores.current().time_zone)).date()


def promise_of(tx: Transaction, order: Order) -> date | None:
    """Until when the customer was promised the goods."""
    days = (order.shipping_option or {}).get("days")
    placed = order.placed_at.astimezone(ZoneInfo(tx.stores.current().time_zone)).date()
    return promised_on(placed, (days[0], days[1]) if days else None)


def _why_none(found: Quoted, parcel_id: ParcelId) -> str:
    """In the carriers' words why nobody offers anything, or who did not answer."""
    said = [f"{r.refusal.carrier}: {r.refusal.text}" for r in found.refusals if r.parcel_id == parcel_id]
    silent = [f"{one.account}: {one.text}" for one in found.unanswered if one.parcel_id == parcel_id]
    return "; ".join(dict.fromkeys([*said, *silent])) or NO_OFFER


def _buy(row: BatchRow, uow: UnitOfWork, carriers: Carriers, blobs: BlobStore, clock: Clock, ids: Ids) -> str | None:
    """Buy the row's offer; why it was not bought, None when it was or when nobody knows yet."""
    if row.quote_id is None:
        return NO_OFFER
    wish = PurchaseLabel(row.quote_id, row.key)
    try:
        postage = purchase_label(wish, uow=uow, carriers=carriers, blobs=blobs, clock=clock, ids=ids)
    except LabelInProgress:
        return None  # somebody bought one beside the batch: what became of it is the shipment's to say
    except _REFUSED as refusal:
        return refusal.code
    return (postage.reason or LabelState.REFUSED.value) if postage.state is LabelState.REFUSED else None


def _bought(batch_id: BatchId, row: BatchRow, problem: str | None, uow: UnitOfWork) -> None:
    with uow() as tx:
        batch = tx.batches.get(batch_id)
        kept = next((one for one in batch.rows if one.id == row.id and one.tries == row.tries), None)
        if kept is not None:
            batch.bought(kept, problem)
            tx.batches.save(batch)
