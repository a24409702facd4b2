"""The demo's packing room: every working day a batch of labels, and parcels that live their lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.aftersales.use_cases.ship_fulfilment import ShipFulfilment, ShipMany, ship_fulfilment, ship_many
from core.identity.roles import Role
from core.logistics.model import Measures
from core.logistics.queries import GetBatch, GetWork, get_batch, get_work
from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.decide_batch import BuyBatch, CloseBatch, buy_batch, close_batch
from core.logistics.use_cases.enter_tracking import EnterTracking, enter_tracking
from core.logistics.use_cases.plan_fulfilment import PlanFulfilment, plan_fulfilment
from core.logistics.use_cases.purchase_label import PurchaseLabel, purchase_label
from core.logistics.use_cases.quote_rates import QuoteRates, quote_rates
from core.logistics.use_cases.report_parcel import ReportParcel, report_parcel
from core.logistics.use_cases.start_batch import StartBatch, start_batch
from core.logistics.use_cases.void_label import VoidLabel, void_label
from core.shared.context import CallContext
from core.shared.ids import FulfilmentId, LineId, OrderId, ParcelId, ShipmentId
from jobs.demo_shop.agenda import Agenda, Story, next_day
from jobs.demo_shop.errands import PARCELS, Errands
from jobs.demo_shop.store import DemoShop
from ports.logistics_queries import WorkRow

PACKED_AT = 14  # o'clock
DELIVERED = "delivered"
_BOX = Measures(1_200, 270, 180, 130)
_BOXES = (260, 210, 160)  # mm: length, width, height of a batch's parcels
_DONE_BY = timedelta(hours=16)
_CLOSELY, _RARELY = timedelta(days=6), timedelta(days=2)

# What parcels of the last days have come to when the demo opens: a life, and the steps of it that were seen.
_UNDER_WAY = (
    ("second_attempt", 7), ("collected", 6), ("delivered", 6), ("delayed", 6), ("returned", 10), ("held", 5),
)  # fmt: skip


@dataclass(slots=True)
class PackingRoom:
    """`_waiting` are paid orders that nobody has packed yet, each with the life that its parcel is to live."""

    shop: DemoShop
    errands: Errands
    agenda: Agenda
    _waiting: dict[OrderId, str] = field(default_factory=dict)

    @property
    def packer(self) -> CallContext:
        return self.shop.staff[Role.SUPPORT]

    def hand(self, order_id: OrderId, life: str) -> None:
        """Have an order packed with the next batch."""
        self._waiting[order_id] = life

    def take_back(self, order_id: OrderId) -> None:
        """It is not to be sent after all."""
        self._waiting.pop(order_id, None)

    def days(self) -> Story:
        """Pack on every working day what waits."""
        while True:
            yield next_day(self.shop.clock.now(), PACKED_AT, working=True)
            if self._waiting:
                self._pack()

    def evenings(self) -> Story:
        """Look where parcels are, and tell customers: every few days, and daily in the end."""
        while True:
            now = self.shop.clock.now()
            yield next_day(now if self.agenda.end - now < _CLOSELY else now + _RARELY, 20)
            self.errands.do(*PARCELS)
            self.errands.deliver()

    def _pack(self) -> None:
        lives, self._waiting = self._waiting, {}
        label = self.packer.actor_label or ""
        started = self.shop.run(start_batch, StartBatch(tuple(lives), label, box=_BOXES), self.packer)
        self.errands.deliver()  # the job asks for prices
        self.shop.run(buy_batch, BuyBatch(started.number), self.packer)
        self.errands.deliver()  # and buys the labels
        batch = self.shop.read(get_batch, GetBatch(started.number), self.packer)
        fulfilments = tuple({row.fulfilment_id: None for row in batch.rows})
        self.shop.run(close_batch, CloseBatch(started.number), self.packer)
        self.shop.run(ship_many, ShipMany(fulfilments), self.packer)
        self._live(lives, self.shop.read(get_work, GetWork(fulfilments), self.packer))

    def _live(self, lives: Mapping[OrderId, str], sent: Sequence[WorkRow]) -> None:
        """Parcels of the last days are shown on their way, whatever their orders were to come to."""
        shown = iter(_UNDER_WAY if self._last() else ())
        for row in sent:
            for parcel in row.fulfilment.parcels:
                life, steps = lives[row.order_id], 0
                if life == DELIVERED:
                    life, steps = next(shown, (life, 0))
                if parcel.tracking_number is not None and life != DELIVERED:
                    self.shop.accounts.carrier.choose_life(parcel.tracking_number, life)
                if parcel.tracking_number is not None and steps:
                    self.agenda.add(self.shop.clock.now(), self._hurry(parcel.tracking_number, steps))

    def _last(self) -> bool:
        """Whether this is the last batch whose parcels are seen by somebody before the demo opens."""
        seen_by, now = self.agenda.end - _DONE_BY, self.shop.clock.now()
        return now <= seen_by < next_day(now, PACKED_AT, working=True)

    def _hurry(self, number: str, steps: int) -> Story:
        for _ in range(steps - 1):  # the first happened as the label was bought
            yield self.shop.clock.now() + timedelta(minutes=80)
            self.shop.accounts.carrier.advance(number)

    # -- by hand -------------------------------------------------------------------------------------------

    def send_by_hand(self, order_id: OrderId, carrier: str, number: str) -> ParcelId:
        """Send an order with a number that somebody typed."""
        fulfilment_id, parcel_id = self._planned(order_id, {})
        self.shop.run(enter_tracking, EnterTracking(parcel_id, carrier, number), self.packer)
        self.shop.run(ship_fulfilment, ShipFulfilment(fulfilment_id), self.packer)
        return parcel_id

    def report(self, parcel_id: ParcelId, status: ParcelStatus, text: str) -> None:
        """Staff heard where a parcel is."""
        self.shop.run(report_parcel, ReportParcel(parcel_id, status, text), self.packer)

    def send_part(self, order_id: OrderId, line_id: LineId) -> None:
        """Send one piece of a line; the rest waits."""
        fulfilment_id, _ = self._planned(order_id, {line_id: 1})
        self._label(fulfilment_id)
        self.shop.run(ship_fulfilment, ShipFulfilment(fulfilment_id), self.packer)

    def label_and_void(self, order_id: OrderId) -> None:
        """Buy a label, and give it back."""
        fulfilment_id, _ = self._planned(order_id, {})
        self.shop.run(void_label, VoidLabel(self._label(fulfilment_id)), self.packer)

    def label(self, order_id: OrderId) -> None:
        """Buy a label; the parcel stands in the packing room."""
        self._label(self._planned(order_id, {})[0])

    def _label(self, fulfilment_id: FulfilmentId) -> ShipmentId:
        quoted = self.shop.run(quote_rates, QuoteRates(fulfilment_id), self.packer)
        wish = PurchaseLabel(quoted.quotes[0].id, f"demo-{fulfilment_id}")
        shipment_id: ShipmentId = self.shop.run(purchase_label, wish, self.packer).shipment_id
        return shipment_id

    def _planned(self, order_id: OrderId, pieces: Mapping[LineId, int]) -> tuple[FulfilmentId, ParcelId]:
        self.take_back(order_id)
        planned: FulfilmentId = self.shop.run(plan_fulfilment, PlanFulfilment(order_id, pieces, (_BOX,)), self.packer)
        [row] = self.shop.read(get_work, GetWork((planned,)), self.packer)
        return planned, row.fulfilment.parcels[0].id
