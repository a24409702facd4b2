"""What happened to stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import LocationId, VariantId


@dataclass(frozen=True, slots=True)
class StockAdjusted(Event):
    """`change` units came in or went out; `on_hand` are there afterwards."""

    name: ClassVar[str] = "inventory.stock_adjusted.v1"
    aggregate: ClassVar[str] = "stock_item"

    variant_id: VariantId
    location_id: LocationId
    kind: str
    change: int
    on_hand: int
    reason: str
