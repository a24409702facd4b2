"""The order's own axis. Payment, fulfilment and return are separate axes (`core.orders.axes`)."""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class OrderStatus(StrEnum):
    OPEN = "open"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class OrderStep(StrEnum):
    CANCEL = "cancel"
    ARCHIVE = "archive"
    REOPEN = "reopen"


ORDER_LIFECYCLE = Lifecycle(
    "order",
    OrderStatus,
    {OrderStatus.OPEN},
    {
        (OrderStatus.OPEN, OrderStep.CANCEL): OrderStatus.CANCELLED,
        (OrderStatus.OPEN, OrderStep.ARCHIVE): OrderStatus.ARCHIVED,
        (OrderStatus.ARCHIVED, OrderStep.REOPEN): OrderStatus.OPEN,
    },
)
