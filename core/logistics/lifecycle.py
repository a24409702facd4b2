"""Two of the three machines of shipping: the fulfilment's and the label's. The parcel's is in `tracking`.

They are apart on purpose: goods leave when staff say so, postage is bought and given back at the carrier, and a parcel
is where its carrier saw it last.
"""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class FulfilmentState(StrEnum):
    """`reversed`: staff took back that the goods had left, before anybody scanned them."""

    PLANNED = "planned"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class FulfilmentStep(StrEnum):
    SHIP = "ship"
    CANCEL = "cancel"
    REVERSE = "reverse"


FULFILMENT_LIFECYCLE = Lifecycle(
    "fulfilment",
    FulfilmentState,
    {FulfilmentState.PLANNED},
    {
        (FulfilmentState.PLANNED, FulfilmentStep.SHIP): FulfilmentState.SHIPPED,
        (FulfilmentState.PLANNED, FulfilmentStep.CANCEL): FulfilmentState.CANCELLED,
        (FulfilmentState.SHIPPED, FulfilmentStep.REVERSE): FulfilmentState.REVERSED,
    },
)


class LabelState(StrEnum):
    """Postage for one parcel. `unknown`: the carrier did not say whether it was bought, and is asked."""

    DRAFT = "draft"
    PURCHASING = "purchasing"
    PURCHASED = "purchased"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOIDING = "voiding"
    VOIDED = "voided"
    VOID_REFUSED = "void_refused"
    EXPIRED = "expired"


class LabelStep(StrEnum):
    """What is asked for (purchase, void), what the carrier answers, and that its time to give back is over."""

    PURCHASE = "purchase"
    PURCHASED = "purchased"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOID = "void"
    VOIDED = "voided"
    VOID_REFUSED = "void_refused"
    EXPIRE = "expire"


LABEL_LIFECYCLE = Lifecycle(
    "label",
    LabelState,
    {LabelState.DRAFT},
    {
        (LabelState.DRAFT, LabelStep.PURCHASE): LabelState.PURCHASING,
        (LabelState.PURCHASING, LabelStep.PURCHASED): LabelState.PURCHASED,
        (LabelState.PURCHASING, LabelStep.REFUSED): LabelState.REFUSED,
        (LabelState.PURCHASING, LabelStep.UNKNOWN): LabelState.UNKNOWN,
        (LabelState.UNKNOWN, LabelStep.PURCHASED): LabelState.PURCHASED,
        (LabelState.UNKNOWN, LabelStep.REFUSED): LabelState.REFUSED,
        (LabelState.UNKNOWN, LabelStep.UNKNOWN): LabelState.UNKNOWN,
        (LabelState.PURCHASED, LabelStep.VOID): LabelState.VOIDING,
        (LabelState.PURCHASED, LabelStep.EXPIRE): LabelState.EXPIRED,
        (LabelState.VOIDING, LabelStep.UNKNOWN): LabelState.VOIDING,
        (LabelState.VOIDING, LabelStep.VOIDED): LabelState.VOIDED,
        (LabelState.VOIDING, LabelStep.VOID_REFUSED): LabelState.VOID_REFUSED,
    },
)

# Postage that is or may be paid for: a parcel has at most one such at a time.
LIVE_LABELS = frozenset({
    LabelState.DRAFT,
    LabelState.PURCHASING,
    LabelState.PURCHASED,
    LabelState.UNKNOWN,
    LabelState.VOIDING,
    LabelState.VOID_REFUSED,
    LabelState.EXPIRED,
})  # fmt: skip
# Postage of which nobody knows yet whether it exists.
UNSETTLED_LABELS = frozenset({LabelState.DRAFT, LabelState.PURCHASING, LabelState.UNKNOWN, LabelState.VOIDING})
