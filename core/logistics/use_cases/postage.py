"""What a carrier answered about postage, written down with everything that follows from it; and the label's paper."""

from __future__ import annotations

from datetime import datetime

from core.logistics.lifecycle import LabelState
from core.logistics.model import Fulfilment
from core.logistics.shipment import Shipment
from core.logistics.use_cases.locking import lock_shipment
from core.logistics.use_cases.recording import unpark
from core.shared.errors import Unavailable
from core.shared.ids import ShipmentId
from ports.blobs import BlobStore
from ports.carriers import Carrier, PostageAnswer, PostageOutcome
from ports.clock import Clock
from ports.unit_of_work import Transaction, UnitOfWork

# How a paper begins that can be printed: PDF 1.x (ISO 32000), PNG (RFC 2083).
_PAPERS = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n"}
_REFUSED = "The carrier gives no reason."


def record_answer(
    tx: Transaction, shipment_id: ShipmentId, answer: PostageAnswer, now: datetime, *, tracks: bool
) -> Shipment:
    """Fold the answer into the shipment and its parcel: the same answer twice changes nothing.

    :param tracks: the account can be asked where the parcel is
    """
    fulfilment, shipment = lock_shipment(tx, shipment_id)
    if answer.outcome is PostageOutcome.PURCHASED:
        _purchased(tx, fulfilment, shipment, answer, now, tracks=tracks)
    elif answer.outcome is PostageOutcome.REFUSED:
        shipment.refused(answer.reason or _REFUSED, now)
    elif answer.outcome is PostageOutcome.UNKNOWN:
        shipment.unanswered()
    elif shipment.state is LabelState.VOIDING:
        _given_back(tx, fulfilment, shipment, answer, now)
    shipment.schedule_check(now)
    tx.shipments.save(shipment)
    return shipment


def _purchased(
    tx: Transaction, fulfilment: Fulfilment, shipment: Shipment, answer: PostageAnswer, now: datetime, *, tracks: bool
) -> None:
    known = shipment.state not in (LabelState.PURCHASING, LabelState.UNKNOWN)
    shipment.purchased(
        now,
        paid=answer.price,
        carrier=answer.carrier,
        service=answer.service,
        tracking_number=answer.tracking_number,
    )
    if known or not fulfilment.live or answer.tracking_number is None:
        return
    account = shipment.account_id if tracks else None
    fulfilment.number_parcel(
        shipment.parcel_id, answer.tracking_number, shipment.carrier, shipment.service, account, now
    )
    tx.fulfilments.save(fulfilment)
    unpark(tx, fulfilment.parcel(shipment.parcel_id).folded_number)


def _given_back(
    tx: Transaction, fulfilment: Fulfilment, shipment: Shipment, answer: PostageAnswer, now: datetime
) -> None:
    if answer.outcome is PostageOutcome.VOIDED:
        shipment.voided(now)
        if fulfilment.parcel(shipment.parcel_id).tracking_number == shipment.tracking_number:
            fulfilment.drop_number(shipment.parcel_id)
            tx.fulfilments.save(fulfilment)
    elif answer.outcome is PostageOutcome.VOID_REFUSED:
        shipment.void_refused(answer.reason or _REFUSED, now)


def fetch_label(shipment: Shipment, carrier: Carrier, blobs: BlobStore, uow: UnitOfWork, clock: Clock) -> bool:
    """Fetch the paper of a bought label and keep it, since the carrier's own copy does not last. False while there is
    none that can be printed; then it is asked for again."""
    if shipment.state is not LabelState.PURCHASED or shipment.label_sha256 is not None:
        return False
    try:
        label = carrier.label(shipment.shipment_reference)
    except Unavailable:
        label = None
    printable = label is not None and label.content.startswith(_PAPERS.get(label.media_type, b"\0none"))
    sha256 = blobs.put([label.content]) if label is not None and printable else None
    with uow() as tx:
        _, found = lock_shipment(tx, shipment.id)
        if label is not None and sha256 is not None:
            found.attach_label(sha256, label.media_type)
        found.schedule_check(clock.now())
        tx.shipments.save(found)
    return sha256 is not None
