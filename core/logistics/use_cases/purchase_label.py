"""Buy postage: the intent first, then exactly one request, then what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.logistics.errors import LabelInProgress, QuoteStale
from core.logistics.lifecycle import FULFILMENT_LIFECYCLE, FulfilmentStep, LabelState
from core.logistics.model import Fulfilment
from core.logistics.shipment import Shipment
from core.logistics.use_cases.locking import lock_parcel
from core.logistics.use_cases.postage import fetch_label, record_answer
from core.shared.ids import ShipmentId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.carriers import Carriers
from ports.clock import Clock
from ports.ids import Ids
from ports.logistics import StoredQuote
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class PurchaseLabel:
    """Buy the offer `quote_id`. `key` names this wish: a repeat under the same key buys nothing more."""

    quote_id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class Postage:
    """How a purchase stands: purchased, refused (`reason` in the carrier's words) or unknown, which is being settled.

    `label` tells whether the paper is there to be printed.
    """

    shipment_id: ShipmentId
    state: LabelState
    reason: str | None
    label: bool


@permission("logistics.label.buy")
def purchase_label(
    cmd: PurchaseLabel, /, *, uow: UnitOfWork, carriers: Carriers, blobs: BlobStore, clock: Clock, ids: Ids
) -> Postage:
    """Buy it. A time-out is unknown, never bought again: the janitor asks what became of it.

    Raises NotFound, TransitionRefused unless the fulfilment is planned, QuoteStale, LabelInProgress.
    """
    with uow() as tx:
        known = tx.shipments.by_key(cmd.key)
        if known is not None:
            return _told(known)
        shipment = _intend(tx, cmd, clock, ids)
        account = tx.carrier_accounts.get(shipment.account_id)
    carrier = carriers.of(account)
    answer = carrier.purchase(shipment.shipment_reference, shipment.rate_id, str(shipment.id))
    with uow() as tx:
        shipment = record_answer(tx, shipment.id, answer, clock.now(), tracks=carrier.capabilities.tracking)
        tx.answer(shipment_id=str(shipment.id))
    label = answer.label_ready and fetch_label(shipment, carrier, blobs, uow, clock)
    return Postage(shipment.id, shipment.state, shipment.reason, label)


def _intend(tx: Transaction, cmd: PurchaseLabel, clock: Clock, ids: Ids) -> Shipment:
    now = clock.now()
    quote = tx.shipments.quote(cmd.quote_id)
    fulfilment = lock_parcel(tx, quote.parcel_id)
    # Of two at once the second waited for the lock and finds what the first began.
    for other in tx.shipments.of_fulfilment(fulfilment.id):
        if other.parcel_id == quote.parcel_id and other.live:
            raise LabelInProgress()
    _refuse_stale(fulfilment, quote)
    if quote.expires_at <= now:
        raise QuoteStale()
    shipment = Shipment(
        id=ShipmentId(ids.new()),
        parcel_id=quote.parcel_id,
        fulfilment_id=fulfilment.id,
        order_id=fulfilment.order_id,
        account_id=quote.account_id,
        key=cmd.key,
        shipment_reference=quote.shipment_reference,
        rate_id=quote.rate_id,
        carrier=quote.carrier,
        service=quote.service,
        quoted=quote.price,
        days=quote.days,
        requested_at=now,
    )
    shipment.purchase(now)
    tx.shipments.add(shipment)
    return shipment


def _refuse_stale(fulfilment: Fulfilment, quote: StoredQuote) -> None:
    FULFILMENT_LIFECYCLE.after(fulfilment.state, FulfilmentStep.SHIP)
    if fulfilment.parcel(quote.parcel_id).measures != quote.measures:
        raise QuoteStale()


def _told(shipment: Shipment) -> Postage:
    return Postage(shipment.id, shipment.state, shipment.reason, shipment.label_sha256 is not None)
