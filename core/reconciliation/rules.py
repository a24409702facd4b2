"""How lines of a provider are matched, and what is let pass: one numbered set of rules. Integers only.

A change of anything here is another version; matches and runs say by which one they came to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatchPass(StrEnum):
    """Passes in their order. A match of a pass is never taken back by a later one.

    `provider_reference`: the provider's name of the tender, refund or dispute is the one we keep. `merchant_reference`:
    it echoes our own id. `amount_and_date`: a line without any reference, and one thing of ours of that amount within
    the window, each the only one for the other.
    """

    PROVIDER_REFERENCE = "provider_reference"
    MERCHANT_REFERENCE = "merchant_reference"
    AMOUNT_AND_DATE = "amount_and_date"


class Subject(StrEnum):
    """What of ours a group of lines is about; the group has the subject's id, so each is in one group at most."""

    SALE = "sale"
    REFUND = "refund"
    DISPUTE = "dispute"


class RunState(StrEnum):
    """`pulling`: the provider is asked. `matched`: lines are in and compared, entries are being posted."""

    PULLING = "pulling"
    MATCHED = "matched"
    DONE = "done"
    FAILED = "failed"


class Trigger(StrEnum):
    """Why lines are compared now."""

    EVENT = "event"
    SCHEDULE = "schedule"
    BUTTON = "button"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`fee_tolerance`: minor units that a fee may differ from its contract by, because providers round as they like.

    `date_window_days`: how far a line's time may be from ours where only amount and date speak for it. `lag_hours`: how
    long after the money moved its line may be missing; `slow_methods` have `slow_lag_hours`. The `*_again_days` say how
    far back what was read before is read again: a payout may fail days after it was paid, a dispute is decided months
    later.
    """

    version: int
    fee_tolerance: int
    date_window_days: int
    lag_hours: int
    slow_lag_hours: int
    slow_methods: frozenset[str]
    lines_again_days: int
    payouts_again_days: int
    disputes_again_days: int


RULES = RuleSet(
    version=1,
    fee_tolerance=1,
    date_window_days=3,
    lag_hours=24,
    slow_lag_hours=96,
    slow_methods=frozenset({"boleto"}),
    lines_again_days=4,
    payouts_again_days=14,
    disputes_again_days=180,
)


# Above this a decision takes two people, unless the store says otherwise: minor units.
APPROVAL_LIMIT_MINOR = 100_000
