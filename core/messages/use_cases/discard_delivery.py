"""Give a delivery up for good."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import DeliveryId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork

LONGEST_REASON = 500  # characters


@dataclass(frozen=True, slots=True)
class DiscardDelivery:
    """`reason` is what a person says the work was dealt with instead."""

    delivery_id: DeliveryId
    reason: str


@permission("messages.delivery.discard")
def discard_delivery(cmd: DiscardDelivery, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Discard the delivery with a reason.

    Raises Invalid without one, NotFound, and NotDiscardable when the delivery runs or is finished.
    """
    reason = cmd.reason.strip()
    if not reason:
        raise Invalid("A reason is needed.", problems=(FieldProblem("reason", "required", "Say why."),))
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            "The reason is too long.",
            problems=(FieldProblem("reason", "too_long", f"At most {LONGEST_REASON} characters."),),
        )
    with uow() as tx:
        tx.deliveries.discard(cmd.delivery_id, reason, clock.wall())
