"""The three derived axes of an order, as pure functions of the facts.

The same rules stand once more as one SQL statement in the adapter (`tx.orders.refresh_axes`), so that any use case
can refresh them in the transaction of the fact; a test holds the two equal over every combination.
"""

from __future__ import annotations

from dataclasses import dataclass
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
