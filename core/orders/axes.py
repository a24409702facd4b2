"""The three derived axes of an order, as pure functions of the facts.

The same rules stand once more as one SQL statement in the adapter (`tx.orders.refresh_axes`), so that any use case
can refresh them in the transaction of the fact; a test holds the two equal over every combination.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaymentStatus(StrEnum):
    AWAITING = "awaiting"
    AUTHORISED = "authorised"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    VOIDED = "voided"
    EXPIRED = "expired"


# Money that lets goods leave: an open, unfulfilled order with one of these is one to ship.
MAY_SHIP = (
    PaymentStatus.AUTHORISED,
    PaymentStatus.PAID,
    PaymentStatus.OVERPAID,
    PaymentStatus.PARTIALLY_REFUNDED,
)

# All of the money is here: what nobody carries is handed over by itself.
PAID_UP = (PaymentStatus.PAID, PaymentStatus.OVERPAID)


class FulfilmentStatus(StrEnum):
    UNFULFILLED = "unfulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"


class ReturnStatus(StrEnum):
    NONE = "none"
    REQUESTED = "requested"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Tender:
    """What one payment contributes, in minor units of the order's currency. `state` is the payment's own."""

    state: str
    authorised: int
    captured: int
    refunded: int


def payment_status(total: int, tenders: list[Tender]) -> PaymentStatus:
    """The payment axis of an order over `total` minor units paid by `tenders`.

    Money that came decides first, then money that is promised, then how the promise ended.
    """
    captured = sum(t.captured for t in tenders)
    refunded = sum(t.refunded for t in tenders)
    if captured:
        if refunded >= captured:
            return PaymentStatus.REFUNDED
        if captured > total and captured - refunded > total:
            return PaymentStatus.OVERPAID
        if refunded and captured - refunded < total:
            return PaymentStatus.PARTIALLY_REFUNDED
        return PaymentStatus.PAID if captured >= total else PaymentStatus.PARTIALLY_PAID
    states = {t.state for t in tenders}
    if "authorised" in states:
        return PaymentStatus.AUTHORISED
    if states & {"created", "awaiting", "declined"}:
        return PaymentStatus.AWAITING
    if "voided" in states:
        return PaymentStatus.VOIDED
    if "expired" in states:
        return PaymentStatus.EXPIRED
    return PaymentStatus.PAID if total == 0 else PaymentStatus.AWAITING


@dataclass(frozen=True, slots=True)
class LineProgress:
    """How far one line is on its way, in pieces: in planned fulfilments, gone, and refunded before they went."""

    quantity: int
    planned: int = 0
    shipped: int = 0
    withdrawn: int = 0

    @property
    def left(self) -> int:
        """What may still be planned."""
        return max(0, self.quantity - self.planned - self.shipped - self.withdrawn)

    @property
    def short(self) -> bool:
        """Pieces that were not refunded are still here."""
        return self.shipped + self.withdrawn < self.quantity


def withdrawn(quantity: int, left: Sequence[tuple[datetime, int]], refunded: Sequence[tuple[datetime, int]]) -> int:
    """How many of a line's `quantity` pieces will not be sent, because their money was given back before they left.

    A refund takes pieces that are still here first; what it exceeds them by had left.

    :param left: when pieces left and how many, without what was taken back
    :param refunded: when pieces were refunded and how many, in that order, without refunds that moved no money
    """
    total = sum(count for _, count in refunded)
    bounds, later = [total], total
    for at, count in refunded:
        later -= count
        gone = sum(pieces for left_at, pieces in left if left_at <= at)
        bounds.append(quantity - gone + later)
    return max(0, min(bounds))


_NOT_SCANNED = frozenset({"unknown", "label_created"})
_ENDED = frozenset({"delivered", "returned", "lost"})


def fulfilment_status(lines: Sequence[LineProgress], parcels: Sequence[str]) -> FulfilmentStatus:
    """The fulfilment axis of an order of `lines`.

    :param parcels: the statuses of the parcels in which pieces left; a cancelled one counts for nothing

    Delivered is an order only when every parcel came to an end; when none of them was delivered, its goods have left
    and that is all there is to say.
    """
    if not any(line.shipped for line in lines):
        return FulfilmentStatus.UNFULFILLED
    if any(line.short for line in lines):
        return FulfilmentStatus.PARTIALLY_FULFILLED
    live = [status for status in parcels if status != "cancelled"]
    if live and _ENDED.issuperset(live):
        return FulfilmentStatus.DELIVERED if "delivered" in live else FulfilmentStatus.FULFILLED
    return FulfilmentStatus.FULFILLED if _NOT_SCANNED.issuperset(live) else FulfilmentStatus.IN_TRANSIT
