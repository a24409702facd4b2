"""Compare one account's settlements with what we have: read, stage, match, raise, post.

A run that dies anywhere leaves nothing half done: what was staged is dropped by a later run, the comparison is one
transaction, and what it left to be posted is posted by the next run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.ledger.posting import payout_failed
from core.reconciliation.errors import NoSettlements, SourceFailed
from core.reconciliation.rules import RULES, Trigger
from core.reconciliation.runs import Run
from core.reconciliation.settling import entries_of, loss_entry, payout_entry
from core.reconciliation.use_cases.pulling import Reading
from core.shared.ids import PaymentAccountId, RunId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import PaymentGateways
from ports.settlement_books import Comparison
from ports.settlements import SettlementSource
from ports.unit_of_work import Transaction, UnitOfWork

_LINES, _PAYOUTS, _LOSSES = 500, 20, 100  # posted by one transaction, so that the journal is held for moments
_GONE = timedelta(hours=6)  # a run that still reads after this has lost its process


@dataclass(frozen=True, slots=True)
class Reconcile:
    """`dry_run`: say what would happen; of all that is written only the run stays."""

    account_id: PaymentAccountId
    trigger: Trigger = Trigger.SCHEDULE
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """`counts` as in `ports.settlement_books.Comparison`, with `posted` entries; `totals` of the lines told."""

    run_id: RunId
    counts: Mapping[str, int]
    totals: Mapping[str, int]


class _DryRun(Exception):
    """Takes the comparison back."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.comparison = comparison


@permission("reconciliation.run.start")
def reconcile(
    cmd: Reconcile, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> RunOutcome | None:
    """None for an account whose provider tells nothing of settlements, when nobody asked for it.

    Raises NotFound, NoSettlements when somebody did, SourceFailed when the provider does not answer.
    """
    with uow() as tx:
        account = tx.payments.account(cmd.account_id)
    source = gateways.settlements(account)
    if source is None:
        if cmd.trigger in (Trigger.SCHEDULE, Trigger.EVENT):
            _finish(uow)
            return None
        raise NoSettlements(f"{account.name} tells nothing of settlements.")
    run = _begin(cmd, uow, clock, ids)
    try:
        _read(run, source, uow)
    except SourceFailed as failed:
        run.fail(failed.message, clock.now())
        with uow() as tx:
            tx.settlements.clear(run.id)
            tx.settlements.save_run(run)
        raise
    if cmd.dry_run:
        return _rehearse(run, uow, clock)
    return _settle(run, uow, clock)


def _begin(cmd: Reconcile, uow: UnitOfWork, clock: Clock, ids: Ids) -> Run:
    now = clock.now()
    with uow() as tx:
        tx.settlements.abandon(cmd.account_id, now - _GONE, "The process that read it is gone.")
        horizon = tx.settlements.horizon(cmd.account_id)
        since = (horizon.last or horizon.opened) - timedelta(days=RULES.lines_again_days)
        run = Run(RunId(ids.new()), cmd.account_id, cmd.trigger, cmd.dry_run, RULES.version, since, now)
        tx.settlements.add_run(run)
    return run


def _read(run: Run, source: SettlementSource, uow: UnitOfWork) -> None:
    Reading(run, source, uow, RULES).all()


def _rehearse(run: Run, uow: UnitOfWork, clock: Clock) -> RunOutcome:
    try:
        with uow() as tx:
            raise _DryRun(tx.settlements.compare(run, RULES, clock.now()))
    except _DryRun as taken_back:
        comparison = taken_back.comparison
    run.match(comparison.counts, comparison.totals)
    run.finish(0, clock.now())
    with uow() as tx:
        tx.settlements.clear(run.id)
        tx.settlements.save_run(run)
        tx.finish()
    return RunOutcome(run.id, run.counts, run.totals)


def _settle(run: Run, uow: UnitOfWork, clock: Clock) -> RunOutcome:
    with uow() as tx:
        comparison = tx.settlements.compare(run, RULES, clock.now())
        run.match(comparison.counts, comparison.totals)
        tx.settlements.clear(run.id)
        tx.settlements.save_run(run)
    posted = _post(run, uow, clock)
    run.finish(posted, clock.now())
    with uow() as tx:
        tx.settlements.save_run(run)
        tx.finish()
    return RunOutcome(run.id, run.counts, run.totals)


def _finish(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.finish()


def _post(run: Run, uow: UnitOfWork, clock: Clock) -> int:
    """Post what the account's lines, payouts and disputes have to be posted, batch by batch."""
    posted = 0
    for step in (_post_lines, _post_payouts, _post_losses):
        more = True
        while more:
            with uow() as tx:
                entries, more = step(tx, run, clock)
            posted += entries
    return posted


def _post_lines(tx: Transaction, run: Run, clock: Clock) -> tuple[int, bool]:
    lines = tx.settlements.lines_to_post(run.account_id, _LINES)
    if not lines:
        return 0, False
    tx.settlements.lines_posted([line.id for line in lines])
    posted = tx.ledger.post_all([entry for line in lines for entry in entries_of(line)])
    return len(posted), len(lines) == _LINES


def _post_payouts(tx: Transaction, run: Run, clock: Clock) -> tuple[int, bool]:
    payouts = tx.settlements.payouts_to_post(run.account_id, _PAYOUTS, clock.now())
    if not payouts:
        return 0, False
    tx.settlements.payouts_posted({payout.id: payout.failed_at is not None for payout in payouts})
    announced = {payout.id: entry for payout in payouts if (entry := payout_entry(payout)) is not None}
    posted = len(tx.ledger.post_all(list(announced.values())))
    back = [(p.id, p.failed_at) for p in payouts if p.failed_at is not None and p.id in announced]
    for payout_id, at in back:
        known = tx.ledger.entry(announced[payout_id].key)
        if known is not None:
            posted += tx.ledger.post(payout_failed(known.entry, at))
    return posted, len(payouts) == _PAYOUTS


def _post_losses(tx: Transaction, run: Run, clock: Clock) -> tuple[int, bool]:
    losses = tx.settlements.losses_to_post(run.account_id, _LOSSES, clock.now())
    if not losses:
        return 0, False
    tx.settlements.losses_posted([loss.id for loss in losses])
    return len(tx.ledger.post_all([loss_entry(loss) for loss in losses])), len(losses) == _LOSSES
