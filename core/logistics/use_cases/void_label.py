"""Give postage back, and ask again where the carrier has not answered."""

from __future__ import annotations

from dataclasses import dataclass

from core.logistics.errors import AlreadyScanned, GoodsHaveLeft
from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.use_cases.locking import lock_shipment
from core.logistics.use_cases.postage import record_answer
from core.shared.errors import Rejected
from core.shared.ids import ShipmentId
from core.shared.permission import permission
from ports.carriers import CarrierAccount, Carriers
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


class NothingGivenBack(Rejected):
    """This carrier takes no postage back."""

    code = "void_not_possible"


@dataclass(frozen=True, slots=True)
class VoidLabel:
    shipment_id: ShipmentId


@permission("logistics.label.void")
def void_label(cmd: VoidLabel, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock) -> LabelState:
    """Ask the carrier to take it back. VOIDING when it takes its time or did not answer: the janitor asks again.

    Raises NotFound, TransitionRefused unless it is bought, GoodsHaveLeft while its fulfilment counts as sent,
    AlreadyScanned, NothingGivenBack.
    """
    with uow() as tx:
        fulfilment, shipment = lock_shipment(tx, cmd.shipment_id)
        account = tx.carrier_accounts.get(shipment.account_id)
        if not carriers.capabilities(account.carrier).voids:
            raise NothingGivenBack()
        if shipment.state is not LabelState.VOIDING:
            if fulfilment.parcel(shipment.parcel_id).scanned:
                raise AlreadyScanned()
            if fulfilment.state is FulfilmentState.SHIPPED:
                raise GoodsHaveLeft()
            shipment.request_void(clock.now())
            shipment.schedule_check(clock.now())
            tx.shipments.save(shipment)
    return _give_back(shipment.id, shipment.shipment_reference, account, uow, carriers, clock)


@dataclass(frozen=True, slots=True)
class SettleVoid:
    shipment_id: ShipmentId


@permission("logistics.label.settle")
def settle_void(cmd: SettleVoid, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock) -> LabelState:
    """Ask the carrier again to take back what is being given back: asking again is safe. Raises NotFound."""
    with uow() as tx:
        shipment = tx.shipments.get(cmd.shipment_id)
        account = tx.carrier_accounts.get(shipment.account_id)
    if shipment.state is not LabelState.VOIDING:
        return shipment.state
    if not carriers.capabilities(account.carrier).voids:
        return _keep(shipment.id, uow, clock)
    return _give_back(shipment.id, shipment.shipment_reference, account, uow, carriers, clock)


def _give_back(
    shipment_id: ShipmentId, reference: str, account: CarrierAccount, uow: UnitOfWork, carriers: Carriers, clock: Clock
) -> LabelState:
    answer = carriers.of(account).void(reference)
    with uow() as tx:
        shipment = record_answer(tx, shipment_id, answer, clock.now(), tracks=False)
        tx.answer(shipment_id=str(shipment.id))
    return shipment.state


def _keep(shipment_id: ShipmentId, uow: UnitOfWork, clock: Clock) -> LabelState:
    """Postage that was to be given back with its order, at a carrier that takes none back."""
    with uow() as tx:
        _, shipment = lock_shipment(tx, shipment_id)
        if shipment.state is LabelState.VOIDING:
            shipment.void_refused(NothingGivenBack().message, clock.now())
            tx.shipments.save(shipment)
    return shipment.state
