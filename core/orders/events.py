"""What happens to orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import OrderId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    name: ClassVar[str] = "orders.order_placed.v1"
    aggregate: ClassVar[str] = "order"

    order_id: OrderId
    total: Money


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    name: ClassVar[str] = "orders.order_cancelled.v1"
    aggregate: ClassVar[str] = "order"

    order_id: OrderId
    reason: str


@dataclass(frozen=True, slots=True)
class OrderArchived(Event):
    name: ClassVar[str] = "orders.order_archived.v1"
    aggregate: ClassVar[str] = "order"

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class OrderReopened(Event):
    name: ClassVar[str] = "orders.order_reopened.v1"
    aggregate: ClassVar[str] = "order"

    order_id: OrderId
