"""Weigh and measure a planned parcel anew."""

from __future__ import annotations

from dataclasses import dataclass

from core.logistics.errors import LabelInProgress
from core.logistics.model import Measures
from core.logistics.use_cases.locking import lock_parcel
from core.shared.ids import ParcelId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MeasureParcel:
    parcel_id: ParcelId
    measures: Measures


@permission("logistics.parcel.edit")
def measure_parcel(cmd: MeasureParcel, /, *, uow: UnitOfWork) -> None:
    """Prices asked for before are over. Raises NotFound, TransitionRefused, LabelInProgress once postage is bought."""
    with uow() as tx:
        fulfilment = lock_parcel(tx, cmd.parcel_id)
        if any(one.parcel_id == cmd.parcel_id and one.live for one in tx.shipments.of_fulfilment(fulfilment.id)):
            raise LabelInProgress()
        fulfilment.measure(cmd.parcel_id, cmd.measures)
        tx.fulfilments.save(fulfilment)
