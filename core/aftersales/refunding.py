"""What a refund comes to, in figures, before anybody is asked for money. Pure.

Pieces of a line are worth their share of what the customer paid for the line, by largest remainder over its pieces. A
refund gives back what so many pieces are worth together, less what was given back for the line already: whichever
refunds came to nothing in between, all pieces give back exactly the line's total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.orders.model import Order
from core.shared.errors import Rejected
from core.shared.ids import LineId
from core.shared.money import Money


class RefundImpossible(Rejected):
    """This can't be refunded as asked."""

    code = "refund_impossible"


class RefundOneWay(RefundImpossible):
    """The provider can't give this payment back, as with a boleto."""

    code = "refund_one_way"


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """`quantity` pieces of a line and what they give back."""

    line_id: LineId
    title: str
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """Lines, shipping and a free amount, adding up to `amount`."""

    lines: tuple[RefundedLine, ...]
    shipping: Money
    other: Money
    amount: Money


def plan_refund(
    order: Order,
    *,
    quantities: Mapping[LineId, int],
    shipping: Money | None,
    other: Money | None,
    lines_refunded: Mapping[LineId, Money],
    shipping_refunded: Money,
    refundable: Money,
) -> RefundPlan:
    """The figures of a refund.

    :param quantities: pieces of each line to give the money back for
    :param shipping: how much of the delivery price; at most what was not refunded before
    :param other: an amount of no line, for goodwill
    :param lines_refunded: what was given back for pieces of each line and was not refused
    :param refundable: what the payment may still give back
    :raises RefundImpossible: when a line has fewer pieces left, or the amount is nothing or more than is left
    """
    zero = Money.zero(order.currency)
    lines = tuple(
        _line(order, line_id, count, lines_refunded.get(line_id, zero))
        for line_id, count in quantities.items()
        if count
    )
    delivery, free = shipping or zero, other or zero
    if delivery.minor < 0 or free.minor < 0:
        raise RefundImpossible("Amounts are not negative.")
    if delivery > order.shipping - shipping_refunded:
        raise RefundImpossible("More delivery than was paid.")
    amount = Money.total((line.amount for line in lines), order.currency) + delivery + free
    if amount.minor <= 0:
        raise RefundImpossible("There is nothing to refund.")
    if amount > refundable:
        raise RefundImpossible("More than is left of the payment.")
    return RefundPlan(lines, delivery, free, amount)


def _line(order: Order, line_id: LineId, count: int, refunded: Money) -> RefundedLine:
    line = order.line(line_id)
    if line is None:
        raise RefundImpossible("There is no such line.")
    if count < 0 or line.refunded_quantity + count > line.quantity:
        raise RefundImpossible(f"{line.title}: {line.quantity - line.refunded_quantity} left to refund.")
    together = piece_shares(line.total, line.quantity)[: line.refunded_quantity + count]
    amount = max(Money.total(together, order.currency) - refunded, Money.zero(order.currency))
    return RefundedLine(line_id, line.title, count, amount)


def piece_shares(total: Money, quantity: int) -> Sequence[Money]:
    """What each piece of a line is worth; the shares add up to `total`."""
    return total.allocate([1] * quantity)
