"""Where a parcel is: the canonical statuses, and the fold that makes one of them from all that was seen.

The fifteen values are the trade's common ground of EasyPost, Shippo, AfterShip and the Correios' code table.
"""

from __future__ import annotations

from enum import StrEnum


class ParcelStatus(StrEnum):
    """The parcel's own machine, apart from the label's and the fulfilment's."""

    UNKNOWN = "unknown"
    LABEL_CREATED = "label_created"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    CUSTOMS_HOLD = "customs_hold"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    DELAYED = "delayed"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    DELIVERED = "delivered"
    LOST = "lost"
    CANCELLED = "cancelled"


TERMINAL = frozenset({ParcelStatus.RETURNED, ParcelStatus.DELIVERED, ParcelStatus.LOST, ParcelStatus.CANCELLED})
