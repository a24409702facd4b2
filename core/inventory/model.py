"""Stock of one variant at one location: on hand, reserved, and why.

On hand is the sum of movements, reserved the sum of live reservations, available the difference.
"""

from __future__ import annotations

from enum import StrEnum


class MovementKind(StrEnum):
    INITIAL = "initial"
    ADJUST = "adjust"
    IMPORT = "import"
    SHIP = "ship"
    RETURN = "return"


class ReservationOwner(StrEnum):
    PAYMENT_SESSION = "payment_session"
    ORDER = "order"


class ReservationState(StrEnum):
    LIVE = "live"
    RELEASED = "released"
    SHIPPED = "shipped"
