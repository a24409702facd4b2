"""Stock of one variant at one location: on hand, reserved, and why.

On hand is the sum of movements, reserved the sum of live reservations, available the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.inventory.errors import StockBelowReserved
from core.inventory.events import StockAdjusted
from core.shared.errors import FieldProblem, Invalid
from core.shared.events import Event
from core.shared.ids import LocationId, StockItemId, VariantId


class MovementKind(StrEnum):
    INITIAL = "initial"
    ADJUST = "adjust"
    IMPORT = "import"
    SHIP = "ship"
    RETURN = "return"


class ReservationOwner(StrEnum):
    PAYMENT_SESSION = "payment_session"
    ORDER = "order"


class ReservationState(StrEnum):
    LIVE = "live"
    RELEASED = "released"
    SHIPPED = "shipped"


@dataclass(slots=True)
class StockItem:
    """Units of one variant at one location; `events` wait for the save that writes them."""

    id: StockItemId
    variant_id: VariantId
    location_id: LocationId
    on_hand: int
    reserved: int
    version: int = 0
    events: list[Event] = field(default_factory=list)

    @property
    def available(self) -> int:
        """What may still be promised."""
        return self.on_hand - self.reserved

    def adjust(self, change: int, kind: MovementKind, reason: str) -> None:
        """Move `change` units in or out, by a movement of `kind`.

        Raises Invalid for no change, StockBelowReserved when reserved units would be missing afterwards.
        """
        if change == 0:
            raise Invalid(
                "A movement of nothing is no movement.",
                problems=(FieldProblem("change", "zero", "Say how many come in or go out."),),
            )
        if self.on_hand + change < self.reserved:
            raise StockBelowReserved(self.on_hand, self.reserved, self.on_hand + change)
        self.on_hand += change
        self.version += 1
        self.events.append(
            StockAdjusted(
                variant_id=self.variant_id,
                location_id=self.location_id,
                kind=kind,
                change=change,
                on_hand=self.on_hand,
                reason=reason,
            )
        )
