"""What recorded money makes of an order's payment, in figures. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.payments.model import Payment
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """`amount` came in and makes `received` of the `asked`; what lacks then, or is too much.

    `late`: the order was cancelled before, so the money is nobody's until somebody says what becomes of it.
    """

    amount: Money
    received: Money
    asked: Money
    late: bool

    @property
    def missing(self) -> Money:
        return max(self.asked - self.received, Money.zero(self.asked.currency))

    @property
    def excess(self) -> Money:
        return max(self.received - self.asked, Money.zero(self.asked.currency))


def plan_receipt(order: Order, payment: Payment, amount: Money) -> Receipt:
    """What recording `amount` (more than nothing) makes of `payment`."""
    return Receipt(amount, payment.captured + amount, payment.amount, order.status is OrderStatus.CANCELLED)
