"""A run: one account's settlements read from its provider and compared with what we have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.reconciliation.rules import RunState, Trigger
from core.shared.ids import PaymentAccountId, RunId
from core.shared.state_machine import Lifecycle

RUN_LIFECYCLE = Lifecycle(
    "run",
    RunState,
    {RunState.PULLING},
    {
        (RunState.PULLING, "match"): RunState.MATCHED,
        (RunState.PULLING, "fail"): RunState.FAILED,
        (RunState.MATCHED, "finish"): RunState.DONE,
    },
)


@dataclass(slots=True)
class Run:
    """`since` is from when on lines are read (UTC). `counts` are what happened to them, by a word; `totals` are sums of
    the lines taken in, minor units by `currency:category:gross|fee|net`. A dry run leaves nothing but itself."""

    id: RunId
    account_id: PaymentAccountId
    trigger: Trigger
    dry_run: bool
    rule_version: int
    since: datetime
    started_at: datetime
    state: RunState = RunState.PULLING
    finished_at: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    failure: str | None = None

    def match(self, counts: Mapping[str, int], totals: Mapping[str, int]) -> None:
        """Lines are in and compared. Raises TransitionRefused unless it is pulling."""
        self.state = RUN_LIFECYCLE.after(self.state, "match")
        self.counts, self.totals = dict(counts), dict(totals)

    def finish(self, posted: int, at: datetime) -> None:
        """Everything is posted, `posted` entries of it by this run. Raises TransitionRefused unless it is matched."""
        self.state = RUN_LIFECYCLE.after(self.state, "finish")
        self.counts["posted"], self.finished_at = posted, at

    def fail(self, why: str, at: datetime) -> None:
        """Nothing was compared. Raises TransitionRefused unless it is pulling."""
        self.state = RUN_LIFECYCLE.after(self.state, "fail")
        self.failure, self.finished_at = why, at
