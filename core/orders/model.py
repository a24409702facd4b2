"""An order: what was sold, to whom, for how much. Snapshots only; nothing in it follows the catalogue.

Its own axis is `status`; payment, fulfilment and return are derived from facts elsewhere and refreshed as columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.orders.events import OrderArchived, OrderCancelled, OrderPlaced, OrderReopened
from core.orders.lifecycle import ORDER_LIFECYCLE, OrderStatus, OrderStep
from core.shared.events import Event
from core.shared.ids import CartId, LineId, OrderId, ProductId, ShopperId, VariantId
from core.shared.money import Money


@dataclass(slots=True)
class OrderLine:
    """One line as it was sold. `total` is what the customer pays for it, discounts off, tax as the store has it."""

    id: LineId
    position: int
    product_id: ProductId
    variant_id: VariantId
    sku: str | None
    title: str
    options: Mapping[str, str]
    image: str | None
    quantity: int
    unit: Money
    discount: Money
    tax: Money
    total: Money
    weight_grams: int
    requires_shipping: bool
    explanation: Sequence[Mapping[str, Any]]
    refunded_quantity: int = 0


@dataclass(slots=True)
class Order:
    """`contact`, addresses and delivery option are documents as the cart had them; `number` is given at the end of
    the transaction that places the order."""

    id: OrderId
    cart_id: CartId
    currency: str
    items: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    contact: Mapping[str, Any]
    shipping_address: Mapping[str, Any] | None
    billing_address: Mapping[str, Any] | None
    shipping_option: Mapping[str, Any] | None
    quote: Mapping[str, Any]
    lines: list[OrderLine]
    locale: str
    placed_at: datetime
    shopper_id: ShopperId | None = None
    number: int | None = None
    status: OrderStatus = OrderStatus.OPEN
    token_rotation: int = 0
    cancel_reason: str | None = None
    cancelled_at: datetime | None = None
    version: int = 0
    events: list[Event] = field(default_factory=list)

    @property
    def travels(self) -> bool:
        """Some of it goes in a parcel."""
        return any(line.requires_shipping for line in self.lines)

    def placed(self) -> None:
        """Say that it came to be."""
        self.events.append(OrderPlaced(self.id, self.total))

    def cancel(self, reason: str, at: datetime) -> None:
        """Call it off. Raises TransitionRefused unless it is open."""
        self.status = ORDER_LIFECYCLE.after(self.status, OrderStep.CANCEL)
        self.cancel_reason, self.cancelled_at = reason, at
        self.events.append(OrderCancelled(self.id, reason))

    def archive(self) -> None:
        """Put it away. Raises TransitionRefused unless it is open."""
        self.status = ORDER_LIFECYCLE.after(self.status, OrderStep.ARCHIVE)
        self.events.append(OrderArchived(self.id))

    def reopen(self) -> None:
        """Take it out of the archive. Raises TransitionRefused unless it is archived."""
        self.status = ORDER_LIFECYCLE.after(self.status, OrderStep.REOPEN)
        self.events.append(OrderReopened(self.id))

    def give_back(self, pieces: Mapping[LineId, int]) -> None:
        """A refund came to nothing: so many pieces of each line can be refunded again."""
        for line in self.lines:
            line.refunded_quantity = max(0, line.refunded_quantity - pieces.get(line.id, 0))

    def line(self, line_id: LineId) -> OrderLine | None:
        return next((line for line in self.lines if line.id == line_id), None)
