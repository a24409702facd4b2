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

    def hold(self, pieces: int) -> None:
        """`pieces` are promised to somebody."""
        self.reserved += pieces

    def let_go(self, pieces: int) -> None:
        """`pieces` are promised to nobody any more: they are on their way, or free."""
        self.reserved -= pieces

    def leave(self, pieces: int, reason: str) -> None:
        """`pieces` go out with a fulfilment; what was held for them is no longer counted as reserved.

        Raises StockBelowReserved when units would be missing that are promised to others.
        """
        if self.on_hand - pieces < self.reserved:
            raise StockBelowReserved(self.on_hand, self.reserved, self.on_hand - pieces)
        self._shipped(-pieces, reason)

    def come_back(self, pieces: int, reason: str) -> None:
        """`pieces` had not gone out after all."""
        self._shipped(pieces, reason)

    def _shipped(self, change: int, reason: str) -> None:
        self.on_hand += change
        self.version += 1
        self.events.append(
            StockAdjusted(self.variant_id, self.location_id, MovementKind.SHIP, change, self.on_hand, reason)
        )
