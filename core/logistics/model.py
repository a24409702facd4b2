"""A fulfilment: pieces of an order that leave one location together, and the parcels they leave in.

Postage is apart (`shipment`), and a parcel may have none: a hand-typed number needs no label of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.logistics.errors import AlreadyScanned
from core.logistics.events import (
    FulfilmentCancelled,
    FulfilmentPlanned,
    FulfilmentReversed,
    GoodsLeft,
    ParcelMoved,
    TrackingEntered,
)
from core.logistics.lifecycle import FULFILMENT_LIFECYCLE, FulfilmentState, FulfilmentStep
from core.logistics.numbers import checked_number, fold_number
from core.logistics.polling import next_poll
from core.logistics.tracking import TERMINAL, UNSCANNED, Folded, ParcelStatus
from core.shared.errors import FieldProblem, Invalid, NotFound
from core.shared.events import Event
from core.shared.ids import CarrierAccountId, FulfilmentId, LineId, LocationId, OrderId, ParcelId

MAX_GRAMS = 1_000_000
MAX_MM = 10_000


@dataclass(frozen=True, slots=True)
class FulfilmentLine:
    """`quantity` pieces of an order's line."""

    line_id: LineId
    quantity: int


@dataclass(frozen=True, slots=True)
class Measures:
    """Weight in grams, outer size in millimetres."""

    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int

    def __post_init__(self) -> None:
        problems = [
            FieldProblem(name, "out_of_range", f"Between 1 and {most}.")
            for name, most in (("weight_grams", MAX_GRAMS), ("length_mm", MAX_MM), ("width_mm", MAX_MM),
                               ("height_mm", MAX_MM))
            if not 1 <= getattr(self, name) <= most
        ]  # fmt: skip
        if problems:
            raise Invalid("The parcel's weight or size can't be right.", problems=tuple(problems))


@dataclass(slots=True)
class Parcel:
    """One parcel. `tracking_number` is kept as typed; `account_id` is who is asked where it is, if anybody.

    `announced` are the statuses it was said to have come to, each once; `doubtful`: scans came after its end.
    `next_poll_at` is when the carrier is asked next, `last_news_at` when it last said something new.
    """

    id: ParcelId
    position: int
    measures: Measures
    carrier: str | None = None
    service: str | None = None
    tracking_number: str | None = None
    account_id: CarrierAccountId | None = None
    status: ParcelStatus = ParcelStatus.UNKNOWN
    status_at: datetime | None = None
    doubtful: bool = False
    announced: list[str] = field(default_factory=list)
    tracked_since: datetime | None = None
    last_news_at: datetime | None = None
    next_poll_at: datetime | None = None
    polls: int = 0
    answer_hash: str | None = None

    @property
    def folded_number(self) -> str | None:
        return fold_number(self.tracking_number) if self.tracking_number else None

    @property
    def scanned(self) -> bool:
        return self.status not in UNSCANNED

    def schedule_poll(self, now: datetime) -> None:
        """Set when the carrier is asked next; never, when nobody can be asked or all is said."""
        if self.account_id is None or self.tracking_number is None or self.tracked_since is None:
            self.next_poll_at = None
            return
        self.next_poll_at = next_poll(
            self.id,
            self.status,
            now,
            tracked_since=self.tracked_since,
            last_news_at=self.last_news_at,
            ended_at=self.status_at if self.status in TERMINAL else None,
            polls=self.polls,
        )


@dataclass(slots=True)
class Fulfilment:
    """Pieces of one order from one location. `number` counts from 1 in the order; `ended_at` is when it was cancelled
    or reversed."""

    id: FulfilmentId
    order_id: OrderId
    number: int
    location_id: LocationId
    lines: Sequence[FulfilmentLine]
    parcels: list[Parcel]
    planned_at: datetime
    state: FulfilmentState = FulfilmentState.PLANNED
    shipped_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0
    events: list[Event] = field(default_factory=list)

    def planned(self) -> None:
        """Say that it came to be."""
        self.events.append(FulfilmentPlanned(self.id, self.order_id, self.number))

    def ship(self, at: datetime) -> None:
        """The goods leave. Raises TransitionRefused unless it is planned."""
        self.state = FULFILMENT_LIFECYCLE.after(self.state, FulfilmentStep.SHIP)
        self.shipped_at = at
        for parcel in self.parcels:
            parcel.schedule_poll(at)
        self.events.append(GoodsLeft(self.id, self.order_id))

    def cancel(self, at: datetime) -> None:
        """Call it off before the goods left. Raises TransitionRefused unless it is planned."""
        self.state = FULFILMENT_LIFECYCLE.after(self.state, FulfilmentStep.CANCEL)
        self.ended_at = at
        self._stop_asking()
        self.events.append(FulfilmentCancelled(self.id, self.order_id, self.number))

    def reverse(self, at: datetime) -> None:
        """The goods are still here. Raises TransitionRefused unless it is shipped, AlreadyScanned after a scan."""
        state = FULFILMENT_LIFECYCLE.after(self.state, FulfilmentStep.REVERSE)
        if any(parcel.scanned for parcel in self.parcels):
            raise AlreadyScanned()
        self.state, self.ended_at = state, at
        self._stop_asking()
        self.events.append(FulfilmentReversed(self.id, self.order_id))

    def _stop_asking(self) -> None:
        for parcel in self.parcels:
            parcel.next_poll_at = None

    @property
    def live(self) -> bool:
        """Its pieces count as planned or sent."""
        return self.state in (FulfilmentState.PLANNED, FulfilmentState.SHIPPED)

    def parcel(self, parcel_id: ParcelId) -> Parcel:
        """Raises NotFound."""
        found = next((parcel for parcel in self.parcels if parcel.id == parcel_id), None)
        if found is None:
            raise NotFound("There is no such parcel.")
        return found

    def measure(self, parcel_id: ParcelId, measures: Measures) -> None:
        """Weigh and measure a parcel anew; offers for it as it was are over."""
        FULFILMENT_LIFECYCLE.after(self.state, FulfilmentStep.SHIP)
        self.parcel(parcel_id).measures = measures

    def enter_number(
        self,
        parcel_id: ParcelId,
        number: str,
        carrier: str,
        service: str | None,
        account_id: CarrierAccountId | None,
        at: datetime,
    ) -> None:
        """Staff typed the number. Raises WrongTrackingNumber, Invalid without a carrier, AlreadyScanned."""
        parcel, named = self.parcel(parcel_id), carrier.strip()
        if parcel.scanned:
            raise AlreadyScanned()
        if not named:
            raise Invalid("Say who carries it.", problems=(FieldProblem("carrier", "required", "Say who carries it."),))
        self.number_parcel(parcel_id, checked_number(number), named, service, account_id, at)
        self.events.append(TrackingEntered(parcel_id, self.order_id, named, parcel.tracking_number or ""))

    def number_parcel(
        self,
        parcel_id: ParcelId,
        number: str,
        carrier: str | None,
        service: str | None,
        account_id: CarrierAccountId | None,
        at: datetime,
    ) -> None:
        """The parcel has a number: what was told of another one it had is no longer its own."""
        parcel = self.parcel(parcel_id)
        parcel.tracking_number, parcel.carrier, parcel.service = number, carrier, service
        parcel.account_id, parcel.tracked_since = account_id, at
        parcel.status, parcel.status_at, parcel.last_news_at = ParcelStatus.UNKNOWN, None, None
        parcel.polls, parcel.answer_hash, parcel.doubtful = 0, None, False
        parcel.schedule_poll(at)

    def drop_number(self, parcel_id: ParcelId) -> None:
        """The postage was given back: the number means nothing any more."""
        parcel = self.parcel(parcel_id)
        parcel.tracking_number = parcel.carrier = parcel.service = None
        parcel.account_id = parcel.tracked_since = parcel.next_poll_at = None
        parcel.status, parcel.status_at = ParcelStatus.UNKNOWN, None

    def observe(self, parcel_id: ParcelId, folded: Folded, now: datetime) -> bool:
        """What all its events say of a parcel. True when its status changed; each status is announced once."""
        parcel = self.parcel(parcel_id)
        changed = parcel.status is not folded.status
        parcel.status, parcel.status_at, parcel.doubtful = folded.status, folded.at or now, folded.doubtful
        if changed and folded.status.value not in parcel.announced:
            parcel.announced.append(folded.status.value)
            self.events.append(ParcelMoved(parcel.id, self.order_id, folded.status.value))
        return changed
