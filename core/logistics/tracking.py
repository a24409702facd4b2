"""Where a parcel is: the canonical statuses, and the fold that makes one of them from all that was seen.

The fifteen values are the trade's common ground of EasyPost, Shippo, AfterShip and the Correios' code table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from core.shared.ids import ParcelId
from core.shared.text import fold


class ParcelStatus(StrEnum):
    """The parcel's own machine, apart from the label's and the fulfilment's."""

    UNKNOWN = "unknown"
    LABEL_CREATED = "label_created"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    CUSTOMS_HOLD = "customs_hold"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    DELAYED = "delayed"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    DELIVERED = "delivered"
    LOST = "lost"
    CANCELLED = "cancelled"


TERMINAL = frozenset({ParcelStatus.RETURNED, ParcelStatus.DELIVERED, ParcelStatus.LOST, ParcelStatus.CANCELLED})
# Nobody has scanned the parcel: what was planned can be taken back.
UNSCANNED = frozenset({ParcelStatus.UNKNOWN, ParcelStatus.LABEL_CREATED, ParcelStatus.CANCELLED})
# Something is wrong and somebody has to look.
PROBLEMS = frozenset(
    {ParcelStatus.EXCEPTION, ParcelStatus.DELIVERY_ATTEMPTED, ParcelStatus.RETURNING, ParcelStatus.RETURNED,
     ParcelStatus.LOST}
)  # fmt: skip

# Where two scans of one moment disagree, the later stage of a parcel's life counts.
_RANK = {status: rank for rank, status in enumerate(ParcelStatus)}
# What is believed after an ending: the carrier found the parcel and brings it back.
_CORRECTIONS = frozenset({ParcelStatus.RETURNING})
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class TrackingSource(StrEnum):
    POLL = "poll"
    WEBHOOK = "webhook"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One thing that happened to a parcel, kept as the carrier told it.

    `local_time` is the carrier's own clock to its own precision, as text; `at` is UTC where it can be derived.
    `raw_code` is what `status` was made from, `event_id` and `sequence` the carrier's own, if it has any.
    """

    status: ParcelStatus
    raw_code: str
    text: str
    local_time: str
    at: datetime | None
    place: str | None
    event_id: str | None
    sequence: int | None
    source: TrackingSource

    @property
    def moment(self) -> datetime:
        """When, for the order of events: UTC, or the carrier's clock read as if it were. Never when it arrived."""
        if self.at is not None:
            return self.at
        try:
            read = datetime.fromisoformat(self.local_time)
        except ValueError:
            return _BEFORE_ALL
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    @property
    def order(self) -> tuple[datetime, int, int, str, str]:
        """The order of events is theirs alone: time, the carrier's sequence, rank; then anything that is fixed."""
        return self.moment, self.sequence or 0, _RANK[self.status], self.raw_code, self.place or ""


def dedupe_key(parcel_id: ParcelId, event: TrackingEvent) -> str:
    """The same thing told twice has the same key. The text stays out of it: carriers reword and translate it."""
    told = event.event_id or f"{event.raw_code}|{event.local_time}|{fold(event.place or '')}"
    return hashlib.sha256(f"{parcel_id}|{told}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Folded:
    """What all events together say. `at` is when the status began; `doubtful`: scans came after the end."""

    status: ParcelStatus
    at: datetime | None
    doubtful: bool = False


def fold_events(events: Iterable[TrackingEvent]) -> Folded:
    """The status after all `events`, whatever the order in which they came to be known and how often.

    A parcel's end (delivered, returned, lost, cancelled) holds against later scans, which are common after delivery,
    unless one says that the parcel goes back. Going down a rank is allowed: attempted, then out again.
    """
    now = Folded(ParcelStatus.UNKNOWN, None)
    for event in sorted(events, key=lambda e: e.order):
        if event.status is ParcelStatus.UNKNOWN:
            continue
        if now.status in TERMINAL and event.status not in TERMINAL | _CORRECTIONS:
            now = Folded(now.status, now.at, doubtful=True)
        elif event.status is not now.status:
            at = None if event.moment == _BEFORE_ALL else event.moment
            now = Folded(event.status, at, doubtful=now.doubtful and event.status in TERMINAL)
    return now
