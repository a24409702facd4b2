"""Call a planned fulfilment off."""

from __future__ import annotations

from dataclasses import dataclass

from core.logistics.use_cases.calling_off import call_off_fulfilment
from core.logistics.use_cases.locking import lock_fulfilment
from core.shared.ids import FulfilmentId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CancelFulfilment:
    """`void_postage`: labels that were bought for it are given back."""

    fulfilment_id: FulfilmentId
    void_postage: bool = True


@permission("logistics.fulfilment.ship")
def cancel_fulfilment(cmd: CancelFulfilment, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Its pieces can be planned again. Raises NotFound, TransitionRefused unless it is planned."""
    with uow() as tx:
        _, fulfilment = lock_fulfilment(tx, cmd.fulfilment_id)
        call_off_fulfilment(tx, fulfilment, clock.now(), void_postage=cmd.void_postage)
        tx.answer(fulfilment_id=str(fulfilment.id))
