"""Type a parcel's tracking number: any carrier, no postage of ours."""

from __future__ import annotations

from dataclasses import dataclass

from core.logistics.errors import LabelInProgress
from core.logistics.use_cases.locking import lock_parcel
from core.logistics.use_cases.recording import unpark
from core.shared.errors import FieldProblem, Invalid, NotFound
from core.shared.ids import CarrierAccountId, ParcelId
from core.shared.permission import permission
from ports.carriers import Carriers
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EnterTracking:
    """`account_id` is who is to be asked where the parcel is; None: nobody, staff say it themselves."""

    parcel_id: ParcelId
    carrier: str
    tracking_number: str
    service: str | None = None
    account_id: CarrierAccountId | None = None


@permission("logistics.parcel.edit")
def enter_tracking(cmd: EnterTracking, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock) -> None:
    """Give the parcel its number, before or after it left. Another one may be typed until the first scan.

    Raises NotFound, WrongTrackingNumber, Invalid without a carrier or for an account that tracks nothing,
    LabelInProgress when it has postage, AlreadyScanned.
    """
    with uow() as tx:
        fulfilment = lock_parcel(tx, cmd.parcel_id)
        if not fulfilment.live:
            raise NotFound("This parcel was called off.")
        if any(one.parcel_id == cmd.parcel_id and one.live for one in tx.shipments.of_fulfilment(fulfilment.id)):
            raise LabelInProgress()
        if cmd.account_id is not None:
            account = tx.carrier_accounts.get(cmd.account_id)
            if not carriers.capabilities(account.carrier).tracking:
                problem = FieldProblem("account_id", "no_tracking", "This account tracks no parcels.")
                raise Invalid(problem.message, problems=(problem,))
        fulfilment.enter_number(
            cmd.parcel_id, cmd.tracking_number, cmd.carrier, cmd.service, cmd.account_id, clock.now()
        )
        tx.fulfilments.save(fulfilment)
        unpark(tx, fulfilment.parcel(cmd.parcel_id).folded_number)
        tx.answer(parcel_id=str(cmd.parcel_id))
