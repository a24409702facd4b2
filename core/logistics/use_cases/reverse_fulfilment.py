"""Take back that goods left, before anybody scanned them."""

from __future__ import annotations

from dataclasses import dataclass

from core.logistics.use_cases.calling_off import give_up_postage
from core.logistics.use_cases.leaving import bring_back
from core.logistics.use_cases.locking import lock_fulfilment
from core.shared.ids import FulfilmentId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReverseFulfilment:
    """`void_postage`: labels that were bought for it are given back."""

    fulfilment_id: FulfilmentId
    void_postage: bool = True


@permission("logistics.fulfilment.ship")
def reverse_fulfilment(cmd: ReverseFulfilment, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """On hand rises again and the order holds the pieces as before. Money that was taken stays taken.

    Raises NotFound, TransitionRefused unless it is shipped, AlreadyScanned.
    """
    with uow() as tx:
        order, fulfilment = lock_fulfilment(tx, cmd.fulfilment_id)
        bring_back(tx, order, fulfilment, clock.now())
        if cmd.void_postage:
            give_up_postage(tx, fulfilment.id, clock.now())
        tx.answer(fulfilment_id=str(fulfilment.id))
