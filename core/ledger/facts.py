"""What the ledger has to know of an order's facts to post them: snapshots, never the aggregates themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.shared.ids import FulfilmentId, LineId, OperationId, OrderId, PaymentAccountId, PaymentId, ShipmentId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line as it was sold. `total` is what is paid for it: price less discount, with tax whether inside or on top.
    `travels`: it goes in a parcel; what does not is delivered with the first goods that leave."""

    id: LineId
    quantity: int
    total: Money
    discount: Money
    tax: Money
    travels: bool


@dataclass(frozen=True, slots=True)
class OrderFact:
    id: OrderId
    total: Money
    shipping: Money
    tax: Money
    lines: Sequence[LineFact]


@dataclass(frozen=True, slots=True)
class CaptureFact:
    """Money came. `order_id` is None while it is the money of no order."""

    operation_id: OperationId
    payment_id: PaymentId
    account_id: PaymentAccountId
    order_id: OrderId | None
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundedPieces:
    line_id: LineId
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundFact:
    """Money went back. `pieces` and `shipping` are what it was given back for; the rest of `amount` is for nothing
    in particular. `failed_at`: it came back after all."""

    operation_id: OperationId
    payment_id: PaymentId
    account_id: PaymentAccountId
    order_id: OrderId | None
    amount: Money
    at: datetime
    shipping: Money
    pieces: Sequence[RefundedPieces] = ()
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FulfilmentFact:
    """Goods left: pieces by line. `reversed_at`: they had not left after all."""

    id: FulfilmentId
    pieces: Mapping[LineId, int]
    left_at: datetime
    reversed_at: datetime | None = None

    def away(self, at: datetime) -> bool:
        """Whether the goods were gone at that moment, as it was known then."""
        return self.left_at <= at and (self.reversed_at is None or self.reversed_at > at)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order with every refund of it that moved money and every fulfilment that left, oldest first."""

    order: OrderFact
    refunds: Sequence[RefundFact]
    fulfilments: Sequence[FulfilmentFact]


@dataclass(frozen=True, slots=True)
class LabelFact:
    """Postage bought, `voided_at`: and taken back by the carrier."""

    shipment_id: ShipmentId
    order_id: OrderId
    amount: Money
    purchased_at: datetime
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderBooks:
    """What is posted of an order so far, as positive minor units.

    `captured` came in, `cancelled` went back before its goods left, `delivered` is the worth of goods that left:
    together they say what the customer has in deposit or owes. Of what was delivered, `sales`, `discounts`, `shipping`
    and `tax` are the parts; `tax_returned` is the tax that refunds took back. `away` are the fulfilments posted.
    """

    captured: int = 0
    cancelled: int = 0
    delivered: int = 0
    sales: int = 0
    discounts: int = 0
    shipping: int = 0
    tax: int = 0
    tax_returned: int = 0
    away: frozenset[FulfilmentId] = frozenset()
