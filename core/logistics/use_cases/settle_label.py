"""Settle postage, the janitor's road: ask the carrier what became of a purchase, fetch the label when it is ready."""

from __future__ import annotations

from dataclasses import dataclass

from core.logistics.lifecycle import LabelState
from core.logistics.shipment import FIRST_CHECK, REFUND_WINDOW, Shipment
from core.logistics.use_cases.locking import lock_shipment
from core.logistics.use_cases.postage import fetch_label, record_answer
from core.shared.ids import ShipmentId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.carriers import Carriers, PostageAnswer, PostageOutcome
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SettleLabel:
    shipment_id: ShipmentId


@permission("logistics.label.settle")
def settle_label(
    cmd: SettleLabel, /, *, uow: UnitOfWork, carriers: Carriers, blobs: BlobStore, clock: Clock
) -> LabelState:
    """Find out what became of it, by asking; nothing is ever bought again. Raises NotFound."""
    with uow() as tx:
        shipment = tx.shipments.get(cmd.shipment_id)
        account = tx.carrier_accounts.get(shipment.account_id)
    carrier = carriers.of(account)
    if shipment.state in (LabelState.PURCHASING, LabelState.UNKNOWN):
        answer = _believed(shipment, carrier.find(shipment.shipment_reference), clock)
        with uow() as tx:
            shipment = record_answer(tx, shipment.id, answer, clock.now(), tracks=carrier.capabilities.tracking)
    if fetch_label(shipment, carrier, blobs, uow, clock):
        return shipment.state
    if shipment.state is LabelState.PURCHASED and shipment.label_sha256 is not None:
        return _expire(shipment.id, uow, clock)
    return shipment.state


def _believed(shipment: Shipment, answer: PostageAnswer, clock: Clock) -> PostageAnswer:
    """A request of ours that is young may still be on its way: that nothing was bought is believed later only."""
    young = clock.now() < shipment.requested_at + FIRST_CHECK
    return PostageAnswer(PostageOutcome.UNKNOWN) if young and answer.outcome is PostageOutcome.REFUSED else answer


def _expire(shipment_id: ShipmentId, uow: UnitOfWork, clock: Clock) -> LabelState:
    """A label that can't be given back any more says so."""
    with uow() as tx:
        _, shipment = lock_shipment(tx, shipment_id)
        now = clock.now()
        if shipment.state is LabelState.PURCHASED and shipment.purchased_at is not None:
            if now >= shipment.purchased_at + REFUND_WINDOW:
                shipment.expire(now)
            else:
                shipment.schedule_check(now)
            tx.shipments.save(shipment)
    return shipment.state
