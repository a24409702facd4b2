"""A shipment: one purchase of postage for one parcel, from the wish to the label and, if need be, back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.logistics.events import LabelPurchased, LabelRefused, LabelVoided
from core.logistics.lifecycle import LABEL_LIFECYCLE, LIVE_LABELS, UNSETTLED_LABELS, LabelState, LabelStep
from core.shared.events import Event
from core.shared.ids import CarrierAccountId, FulfilmentId, OrderId, ParcelId, ShipmentId
from core.shared.money import Money

# Carriers take unused postage back for about a month (EasyPost: 30 days for USPS); later it is spent.
REFUND_WINDOW = timedelta(days=30)
FIRST_CHECK = timedelta(seconds=90)


@dataclass(slots=True)
class Shipment:
    """`shipment_reference` and `rate_id` are the carrier's, `key` is the wish's: a repeat is the same purchase.

    `quoted` is what was offered, `paid` what the carrier says it took. `unwanted`: to be given back as soon as it is
    known to be bought. `check_at` is when the carrier is asked next about it, None when nothing is open.
    """

    id: ShipmentId
    parcel_id: ParcelId
    fulfilment_id: FulfilmentId
    order_id: OrderId
    account_id: CarrierAccountId
    key: str
    shipment_reference: str
    rate_id: str
    carrier: str
    service: str
    quoted: Money
    requested_at: datetime
    state: LabelState = LabelState.DRAFT
    days: tuple[int, int] | None = None
    paid: Money | None = None
    tracking_number: str | None = None
    label_sha256: str | None = None
    label_media_type: str | None = None
    reason: str | None = None
    unwanted: bool = False
    purchased_at: datetime | None = None
    ended_at: datetime | None = None
    check_at: datetime | None = None
    checks: int = 0
    version: int = 0
    events: list[Event] = field(default_factory=list)

    @property
    def live(self) -> bool:
        return self.state in LIVE_LABELS

    @property
    def unsettled(self) -> bool:
        return self.state in UNSETTLED_LABELS

    @property
    def cost(self) -> Money:
        """What it costs, as far as is known."""
        return self.paid or self.quoted

    def purchase(self, at: datetime) -> None:
        """Note the intent to buy. Raises TransitionRefused unless it is a draft."""
        self._move(LabelStep.PURCHASE)
        self.check_at = at + FIRST_CHECK

    def purchased(
        self, at: datetime, *, paid: Money | None, carrier: str | None, service: str | None, tracking_number: str | None
    ) -> None:
        """The carrier sold it. Nothing happens when that is known already."""
        if self.state not in (LabelState.PURCHASING, LabelState.UNKNOWN):
            return
        self._move(LabelStep.PURCHASED)
        self.paid, self.tracking_number, self.purchased_at, self.reason = paid, tracking_number, at, None
        self.carrier, self.service = carrier or self.carrier, service or self.service
        self.events.append(LabelPurchased(self.id, self.order_id, self.cost))
        if self.unwanted:
            self.request_void(at)

    def refused(self, reason: str, at: datetime) -> None:
        """The carrier did not sell it. Nothing happens when it is known how it ended."""
        if self.state not in (LabelState.PURCHASING, LabelState.UNKNOWN):
            return
        self._move(LabelStep.REFUSED)
        self.reason, self.ended_at, self.check_at = reason, at, None
        self.events.append(LabelRefused(self.id, self.order_id, reason))

    def unanswered(self) -> None:
        """The carrier did not say what became of the purchase, or of the wish to give it back."""
        if LABEL_LIFECYCLE.allows(self.state, LabelStep.UNKNOWN):
            self._move(LabelStep.UNKNOWN)

    def request_void(self, at: datetime) -> None:
        """Note the intent to give it back. Raises TransitionRefused unless it is bought."""
        self._move(LabelStep.VOID)
        self.check_at, self.checks = at, 0

    def give_up(self, at: datetime) -> None:
        """Nobody wants it any more: given back now, or as soon as it is known to be bought."""
        self.unwanted = True
        if self.state is LabelState.PURCHASED:
            self.request_void(at)

    def voided(self, at: datetime) -> None:
        """The carrier took it back."""
        self._move(LabelStep.VOIDED)
        self.ended_at, self.check_at = at, None
        self.events.append(LabelVoided(self.id, self.order_id, self.cost))

    def void_refused(self, reason: str, at: datetime) -> None:
        """The carrier keeps the money; the label is good as it was."""
        self._move(LabelStep.VOID_REFUSED)
        self.reason, self.ended_at, self.check_at = reason, at, None

    def expire(self, at: datetime) -> None:
        """The time in which it could be given back is over."""
        self._move(LabelStep.EXPIRE)
        self.ended_at, self.check_at = at, None

    def attach_label(self, sha256: str, media_type: str) -> None:
        """The label itself came."""
        self.label_sha256, self.label_media_type = sha256, media_type

    def schedule_check(self, now: datetime) -> None:
        """Set when the carrier is asked next: soon at first, then ever more rarely, at most an hour apart. A bought
        label is looked at once more when it can no longer be given back."""
        if self.unsettled or (self.state is LabelState.PURCHASED and self.label_sha256 is None):
            self.checks += 1
            self.check_at = now + timedelta(seconds=min(3600, 15 * 2 ** min(self.checks, 8)))
        elif self.state is LabelState.PURCHASED and self.purchased_at is not None:
            self.check_at = self.purchased_at + REFUND_WINDOW
        else:
            self.check_at = None

    def _move(self, step: LabelStep) -> None:
        self.state = LABEL_LIFECYCLE.after(self.state, step)
