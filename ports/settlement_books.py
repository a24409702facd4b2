"""What we keep of settlements: lines, payouts, disputes, matches and runs; the write side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from core.reconciliation.rules import RuleSet
from core.reconciliation.runs import Run
from core.reconciliation.settling import LineFact, LossFact, PayoutFact
from core.shared.ids import PaymentAccountId, PayoutId, ProviderLineId, RunId
from ports.deadlines import Due
from ports.settlements import DisputeSeen, PayoutSeen, SettlementLine


@dataclass(frozen=True, slots=True)
class Horizon:
    """`opened` is when the account came to be, or its first payment where that is older; `last` the start of its last
    run that was compared, None before one."""

    opened: datetime
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison did. `counts`: `lines_told`, `lines_new`, `matched:<pass>`, `raised:<kind>`, `restated:<kind>`,
    `closed:<kind>`; `totals`: sums of all lines of the run, minor units by `currency:category:gross|fee|net`."""

    counts: Mapping[str, int]
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FeeContract:
    """What a provider takes of a payment by `method`: `basis_points` hundredths of a percent of what was captured plus
    `fixed_minor` minor units, from `valid_from` on until the next one."""

    method: str
    currency: str
    basis_points: int
    fixed_minor: int
    valid_from: date


class SettlementBooks(Protocol):
    """Settlements of the bound store."""

    def horizon(self, account_id: PaymentAccountId) -> Horizon:
        """How far the account's lines are read. Raises NotFound."""
        ...

    def add_run(self, run: Run) -> None: ...

    def save_run(self, run: Run) -> None: ...

    def abandon(self, account_id: PaymentAccountId, before: datetime, why: str) -> None:
        """End the account's runs that were started before then and are not over: their process is gone. Those that were
        still pulling failed, and what they staged goes with them; those that had compared are done."""
        ...

    def stage_lines(self, run_id: RunId, lines: Sequence[SettlementLine]) -> None:
        """Keep what the provider told until it is compared."""
        ...

    def stage_payouts(self, run_id: RunId, payouts: Sequence[PayoutSeen], read: Collection[str]) -> None:
        """`read` are references of payouts whose lines this run read to the end."""
        ...

    def stage_disputes(self, run_id: RunId, disputes: Sequence[DisputeSeen]) -> None: ...

    def clear(self, run_id: RunId) -> None:
        """Remove what the run staged."""
        ...

    def lines_known(self, account_id: PaymentAccountId, payouts: Collection[str]) -> frozenset[str]:
        """Those of `payouts` all of whose lines are known; not one that does not add up, which may lack a line."""
        ...

    def compare(self, run: Run, rules: RuleSet, now: datetime) -> Comparison:
        """Take in what the run staged, match it with what we have, and raise, restate or close exceptions. One run of
        an account at a time: another waits until this transaction ends."""
        ...

    def lines_to_post(self, account_id: PaymentAccountId, limit: int) -> Sequence[LineFact]:
        """Lines that posted nothing yet, oldest first; locked, and passed over while another holds them."""
        ...

    def lines_posted(self, lines: Collection[ProviderLineId]) -> None: ...

    def payouts_to_post(self, account_id: PaymentAccountId, limit: int, now: datetime) -> Sequence[PayoutFact]:
        """Payouts whose lines are known and that were not posted, or came back since; locked."""
        ...

    def payouts_posted(self, payouts: Mapping[PayoutId, bool]) -> None:
        """Whether each came back."""
        ...

    def losses_to_post(self, account_id: PaymentAccountId, limit: int, now: datetime) -> Sequence[LossFact]:
        """Disputes that were lost and not posted; locked."""
        ...

    def losses_posted(self, disputes: Collection[UUID]) -> None: ...

    def put_contract(self, account_id: PaymentAccountId, contract: FeeContract) -> None:
        """Write down, or correct, what a method costs from a day on."""
        ...

    def set_approval_limit(self, minor: int) -> None: ...


class SettlementAccounts(Protocol):
    """Accounts whose money is compared, over all stores: runs as the platform, reads ids only."""

    def to_reconcile(self, now: datetime, limit: int) -> Sequence[Due]:
        """Enabled accounts that were not compared since the night of their store began, by id."""
        ...
