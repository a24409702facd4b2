"""Deliveries: one row per (event, subscriber), finished only by the subscriber itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.shared.errors import Conflict, CoreError, Unavailable, WriteConflict
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

# An outage is nobody's bug: with an hour between tries this waits for about a day before it asks for a person.
MAX_OUTAGE_ATTEMPTS = 32

LEASE_SECONDS = 30


class LeaseLost(Conflict):
    """Somebody else leased this delivery meanwhile, or it is finished; what was about to be written is not."""

    code = "lease_lost"


class NotReplayable(Conflict):
    """Only a dead delivery can be replayed."""

    code = "delivery_not_dead"


class NotDiscardable(Conflict):
    """A delivery that runs or is finished can't be discarded."""

    code = "delivery_not_open"


def backoff_seconds(attempts: int) -> int:
    """How long to wait after the `attempts`-th failure: 5 s, doubling, at most an hour."""
    return int(min(3600, 5 * 2 ** max(0, attempts - 1)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery whose subscriber raised: the step, the seconds to wait for RETRY, and the words."""

    step: DeliveryStep
    wait_seconds: int
    error: str


def judge(error: BaseException, attempts: int) -> Verdict:
    """What becomes of a delivery that failed for the `attempts`-th time (from 1) with `error`.

    Outages and write conflicts are tried again; a refusal by the shop's rules is an answer, so the work is finished
    with it; everything else is a bug, tried again a few times and then kept for a person.
    """
    words = described(error)
    if isinstance(error, Unavailable | WriteConflict):
        if attempts >= MAX_OUTAGE_ATTEMPTS:
            return Verdict(DeliveryStep.GIVE_UP, 0, words)
        least = error.retry_after if isinstance(error, Unavailable) else 0
        return Verdict(DeliveryStep.RETRY, max(least, backoff_seconds(attempts)), words)
    if isinstance(error, CoreError):
        return Verdict(DeliveryStep.FINISH, 0, words)
    if attempts >= MAX_ATTEMPTS:
        return Verdict(DeliveryStep.GIVE_UP, 0, words)
    return Verdict(DeliveryStep.RETRY, backoff_seconds(attempts), words)


def described(error: BaseException) -> str:
    """`error` for staff: its kind or stable code and its message, at most 2,000 characters."""
    kind = error.code if isinstance(error, CoreError) else type(error).__name__
    return f"{kind}: {error}"[:2000]
