"""Shipping's entries of the schedule: where parcels are, what became of labels, what is to be given back."""

from __future__ import annotations

from collections.abc import Sequence

from core.application import App
from core.logistics.use_cases.settle_label import SettleLabel, settle_label
from core.logistics.use_cases.sync_tracking import SyncTracking, sync_tracking
from core.logistics.use_cases.void_label import SettleVoid, settle_void
from core.shared.ids import CarrierAccountId, ShipmentId
from jobs.schedule import Task
from jobs.tasks import Sweep
from ports.clock import Clock
from ports.ids import Ids
from ports.logistics import LogisticsDeadlines


def logistics_tasks(app: App, clock: Clock, ids: Ids, deadlines: LogisticsDeadlines) -> Sequence[Task]:
    """The entries of the schedule that ask carriers."""
    track = Sweep(
        app,
        clock,
        ids,
        "logistics.sync_tracking",
        deadlines.accounts_to_poll,
        sync_tracking,
        lambda id_: SyncTracking(CarrierAccountId(id_)),
    )
    settle_labels = Sweep(
        app,
        clock,
        ids,
        "logistics.settle_labels",
        deadlines.labels_to_settle,
        settle_label,
        lambda id_: SettleLabel(ShipmentId(id_)),
    )
    settle_voids = Sweep(
        app,
        clock,
        ids,
        "logistics.settle_voids",
        deadlines.voids_to_settle,
        settle_void,
        lambda id_: SettleVoid(ShipmentId(id_)),
    )
    return (
        Task(track.name, 60, track),
        Task(settle_labels.name, 15, settle_labels),
        Task(settle_voids.name, 30, settle_voids),
    )
