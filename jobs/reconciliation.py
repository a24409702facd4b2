"""Reconciliation's entry of the schedule: every account once a night, in the store's own night."""

from __future__ import annotations

from collections.abc import Sequence

from core.application import App
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.shared.ids import PaymentAccountId
from jobs.schedule import Task
from jobs.tasks import Sweep
from ports.clock import Clock
from ports.ids import Ids
from ports.settlement_books import SettlementAccounts

LOOK_SECONDS = 900  # how often it is looked which account's night has come, or whose provider did not answer before


def reconciliation_tasks(app: App, clock: Clock, ids: Ids, accounts: SettlementAccounts) -> Sequence[Task]:
    """The entry of the schedule that compares settlements."""
    compare = Sweep(
        app,
        clock,
        ids,
        "reconciliation.compare_nightly",
        accounts.to_reconcile,
        reconcile,
        lambda id_: Reconcile(PaymentAccountId(id_), Trigger.SCHEDULE),
    )
    return (Task(compare.name, LOOK_SECONDS, compare),)
