"""Deliveries: one row per (event, subscriber), finished only by the subscriber itself."""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class DeliveryState(StrEnum):
    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"


class DeliveryStep(StrEnum):
    LEASE = "lease"
    FINISH = "finish"
    RETRY = "retry"
    GIVE_UP = "give_up"
    REPLAY = "replay"
    DISCARD = "discard"


DELIVERY_LIFECYCLE = Lifecycle(
    "delivery",
    DeliveryState,
    {DeliveryState.WAITING},
    {
        (DeliveryState.WAITING, DeliveryStep.LEASE): DeliveryState.LEASED,
        (DeliveryState.LEASED, DeliveryStep.LEASE): DeliveryState.LEASED,  # the lease had run out
        (DeliveryState.LEASED, DeliveryStep.FINISH): DeliveryState.DONE,
        (DeliveryState.LEASED, DeliveryStep.RETRY): DeliveryState.WAITING,
        (DeliveryState.LEASED, DeliveryStep.GIVE_UP): DeliveryState.DEAD,
        (DeliveryState.DEAD, DeliveryStep.REPLAY): DeliveryState.WAITING,
        (DeliveryState.DEAD, DeliveryStep.DISCARD): DeliveryState.DISCARDED,
        (DeliveryState.WAITING, DeliveryStep.DISCARD): DeliveryState.DISCARDED,
    },
)

MAX_ATTEMPTS = 8


def backoff_seconds(attempts: int) -> int:
    """How long to wait after the `attempts`-th failure: 5 s, doubling, at most an hour."""
    return int(min(3600, 5 * 2 ** max(0, attempts - 1)))
