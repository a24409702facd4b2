"""Say where a parcel is: for those that no account tracks, and for what a person knows better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.logistics.tracking import ParcelStatus, TrackingSource
from core.logistics.use_cases.recording import record_tracking
from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import ParcelId
from core.shared.permission import permission
from ports.carriers import Tracked, TrackingSeen
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork

_NOT_SAID = (ParcelStatus.UNKNOWN, ParcelStatus.LABEL_CREATED)


@dataclass(frozen=True, slots=True)
class ReportParcel:
    """`at` is when it came to that status (UTC), None for now; never in the future."""

    parcel_id: ParcelId
    status: ParcelStatus
    text: str = ""
    at: datetime | None = None


@permission("logistics.parcel.edit")
def report_parcel(cmd: ReportParcel, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> None:
    """Keep what staff say among what carriers say; the status is made from both.

    Raises NotFound, Invalid for a status that nobody can see or a time to come.
    """
    now = clock.now()
    at = cmd.at or now
    if cmd.status in _NOT_SAID or at > now:
        field = "status" if cmd.status in _NOT_SAID else "at"
        raise Invalid("This can't have been seen.", problems=(FieldProblem(field, "impossible", "Not seen yet."),))
    with uow() as tx:
        parcel = tx.fulfilments.of_parcel(cmd.parcel_id).parcel(cmd.parcel_id)
        seen = TrackingSeen(
            status=cmd.status,
            raw_code="staff",
            text=cmd.text.strip(),
            local_time=at.isoformat(),
            at=at,
            event_id=str(ids.new()),
        )
        record_tracking(tx, cmd.parcel_id, Tracked(parcel.tracking_number or "", True, (seen,)), TrackingSource.MANUAL,
                        now)  # fmt: skip
