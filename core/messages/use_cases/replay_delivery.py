"""Have a dead delivery tried anew."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import DeliveryId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReplayDelivery:
    delivery_id: DeliveryId


@permission("messages.delivery.replay")
def replay_delivery(cmd: ReplayDelivery, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Make the delivery due now, with the same payload and the tries counted from the start.

    Raises NotFound, and NotReplayable unless it is dead.
    """
    with uow() as tx:
        tx.deliveries.replay(cmd.delivery_id, clock.wall())
