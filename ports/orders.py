"""Orders: the write side, and what lists and pages are rendered from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from core.orders.axes import FulfilmentStatus, PaymentStatus, ReturnStatus
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.shared.ids import CartId, LineId, OrderId, PaymentId, ShopperId
from core.shared.money import Money
from ports.logistics_queries import FulfilmentRow
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """What staff decided to give back, apart from whether the money moved: that is the operation's state.

    `lines` are (line id, quantity, minor units); `shipping` and what is left of `amount` belong to no line.
    """

    id: UUID
    order_id: OrderId
    payment_id: PaymentId
    operation_id: UUID
    amount: Money
    shipping: Money
    lines: tuple[tuple[LineId, int, int], ...]
    note: str
    requested_by: str
    requested_at: datetime


class OrderRepository(Protocol):
    """Orders of the bound store."""

    def get(self, order_id: OrderId, *, lock: bool = False) -> Order:
        """Raises NotFound."""
        ...

    def lock(self, order_id: OrderId) -> None:
        """Lock an order without loading it: for those who change what belongs to it. Raises NotFound."""
        ...

    def of_cart(self, cart_id: CartId) -> OrderId | None:
        """The order that the cart became."""
        ...

    def add(self, order: Order) -> None:
        """Add an order. Its number is taken last of all in the transaction, without gaps."""
        ...

    def save(self, order: Order) -> None:
        """Save status and refunded quantities. Raises WriteConflict when the version is stale."""
        ...

    def refresh_axes(self, order_id: OrderId) -> None:
        """Derive payment, fulfilment and return status from the facts, in one statement; the version stays."""
        ...

    def add_refund(self, refund: RefundRecord) -> None: ...

    def refunds(self, order_id: OrderId) -> Sequence[RefundRecord]:
        """Oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A row of an order list. `method` is the latest payment's, None when nothing had to be paid; `travels`: some of it
    goes in a parcel."""

    id: OrderId
    number: int
    placed_at: datetime
    customer_name: str
    email: str
    city: str | None
    region: str | None
    status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    return_status: ReturnStatus
    quantity: int
    travels: bool
    total: Money
    method: str | None


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """A line as pages show it. `refunded_quantity` counts pieces whose money was given back."""

    id: LineId
    product_id: UUID
    variant_id: UUID
    sku: str | None
    title: str
    options: Mapping[str, str]
    image: str | None
    quantity: int
    unit: Money
    discount: Money
    tax: Money
    total: Money
    requires_shipping: bool
    explanation: Sequence[Mapping[str, Any]]
    refunded_quantity: int


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation of a payment."""

    id: UUID
    kind: str
    state: str
    amount: Money
    reference: str | None
    error_code: str | None
    requested_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment with its operations. `details` are for people (brand, last4)."""

    id: PaymentId
    version: int
    provider: str
    method: str
    state: str
    amount: Money
    authorised: Money
    captured: Money
    refunded: Money
    refunding: Money
    confirmed_by_hand: bool
    reference: str | None
    details: Mapping[str, Any]
    decline_code: str | None
    created_at: datetime
    expires_at: datetime | None
    next_action: Mapping[str, Any] | None
    operations: Sequence[OperationRow]

    @property
    def refundable(self) -> Money:
        return self.captured - self.refunding

    @property
    def capturable(self) -> Money:
        if self.state == "authorised":
            return self.authorised
        return Money.zero(self.amount.currency)

    @property
    def missing(self) -> Money:
        """What is still to come of what was asked."""
        return max(self.amount - self.captured, Money.zero(self.amount.currency))


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund as decided, with the state of its money."""

    id: UUID
    payment_id: PaymentId
    amount: Money
    shipping: Money
    lines: Sequence[tuple[str, int, int]]
    note: str
    requested_by: str
    requested_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One fact or comment of an order's timeline. `name` is the event's wire name or `note`."""

    id: UUID
    name: str
    payload: Mapping[str, Any]
    actor_kind: str
    actor_label: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionGlance:
    id: UUID
    kind: str
    state: str
    amount: Money


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """Everything an order page shows, from one query."""

    id: OrderId
    version: int
    number: int
    status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    return_status: ReturnStatus
    currency: str
    items: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    tax_included: bool
    contact: Mapping[str, Any]
    shipping_address: Mapping[str, Any] | None
    billing_address: Mapping[str, Any] | None
    shipping_option: Mapping[str, Any] | None
    shopper_id: ShopperId | None
    token_rotation: int
    locale: str
    placed_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str | None
    lines: Sequence[OrderLineRow]
    payments: Sequence[PaymentRow]
    refunds: Sequence[RefundRow]
    timeline: Sequence[TimelineRow]
    exceptions: Sequence[ExceptionGlance]
    fulfilments: Sequence[FulfilmentRow] = ()

    @property
    def whole_version(self) -> int:
        """Grows with every change of the order or of one of its payments: what somebody saw who saw this."""
        return self.version + sum(payment.version for payment in self.payments)

    @property
    def travels(self) -> bool:
        """Some of it goes in a parcel."""
        return any(line.requires_shipping for line in self.lines)

    @property
    def captured(self) -> Money:
        return Money.total((p.captured for p in self.payments), self.currency)

    @property
    def refunded(self) -> Money:
        return Money.total((p.refunded for p in self.payments), self.currency)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The numbers before and after an order in a list: placed next `later`, placed last before it `earlier`."""

    later: int | None
    earlier: int | None


SEARCHED = 1_000


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list of orders is narrowed to. Several statuses of one axis are alternatives; `travels` narrows it to
    those of which something goes in a parcel, or to the others."""

    search: str = ""
    status: tuple[str, ...] = ()
    payment_status: tuple[str, ...] = ()
    fulfilment_status: tuple[str, ...] = ()
    travels: bool | None = None
    email: str | None = None
    shopper_id: ShopperId | None = None
    placed_from: datetime | None = None
    placed_to: datetime | None = None


class OrderQueries(Protocol):
    def get(self, order_id: OrderId) -> OrderDetail:
        """Raises NotFound."""
        ...

    def by_number(self, number: int) -> OrderDetail:
        """Raises NotFound."""
        ...

    def list(self, filter_: OrderFilter, page: PageRequest) -> Page[OrderRow]:
        """Newest first, by keyset."""
        ...

    def neighbours(self, filter_: OrderFilter, placed_at: datetime, order_id: OrderId) -> Neighbours:
        """What stands next to the order of that key in the list that `filter_` narrows.

        In a search it looks at no more than `SEARCHED` hits each way: the newest, and the next older ones.
        """
        ...
