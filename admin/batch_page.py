"""What the page of a batch says of each parcel, and of all of them: offers, labels, cost, how far the work is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from admin.waterfall import Leg
from core.logistics.batch import Batch, BatchRow, BatchState, RowState
from core.logistics.choosing import promised_on
from core.logistics.lifecycle import FulfilmentState, LabelState
from core.shared.money import Money
from ports.logistics import StoredQuote
from ports.logistics_queries import ParcelRow, ShipmentRow, WorkRow

Service = tuple[str, str]
MOST_SERVICES = 5
_USABLE = (LabelState.PURCHASED, LabelState.VOID_REFUSED, LabelState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Line:
    """One parcel of a batch with its order, its offers by carrier and service, and the one that is taken."""

    row: BatchRow
    work: WorkRow
    parcel: ParcelRow
    offers: Mapping[Service, StoredQuote]
    promise: date | None

    @property
    def chosen(self) -> StoredQuote | None:
        return next((quote for quote in self.offers.values() if quote.id == self.row.quote_id), None)

    @property
    def postage(self) -> ShipmentRow | None:
        return self.parcel.postage

    @property
    def usable(self) -> bool:
        """It has a number, so it can be handed over."""
        return self.parcel.tracking_number is not None

    @property
    def printable(self) -> bool:
        return self.postage is not None and bool(self.postage.label_sha256) and self.postage.state in _USABLE

    @property
    def failed(self) -> bool:
        return not self.usable and self.postage is None and self.row.problem is not None

    @property
    def here(self) -> bool:
        """Its goods have not left."""
        return self.work.fulfilment.state is FulfilmentState.PLANNED

    @property
    def cost(self) -> Money | None:
        """What its label costs, or would."""
        if self.postage is not None:
            return self.postage.paid or self.postage.quoted
        return self.chosen.price if self.chosen else None

    @property
    def customer_paid(self) -> Money:
        """What the customer paid for the delivery; of an order in several parcels each says it, the batch once."""
        return Money(int(str((self.work.option or {}).get("price") or 0)), self.work.currency)

    @property
    def service(self) -> Service | None:
        if self.postage is not None:
            return self.postage.carrier, self.postage.service
        return (self.chosen.carrier, self.chosen.service) if self.chosen else None

    @property
    def instead(self) -> StoredQuote | None:
        """The next best offer after the one that failed."""
        others = (quote for quote in self.offers.values() if quote.id != self.row.quote_id)
        return min(others, key=lambda quote: quote.price.minor, default=None)


def lines(
    batch: Batch, works: Sequence[WorkRow], quotes: Sequence[StoredQuote], day_of: Mapping[UUID, date]
) -> Sequence[Line]:
    """The parcels that still are: failed first, then those that wait, then by position.

    :param day_of: the day on which each order was placed, where the store is
    """
    by_fulfilment = {work.fulfilment.id: work for work in works}
    found = []
    for row in batch.rows:
        work = by_fulfilment.get(row.fulfilment_id)
        parcel = next((p for p in work.fulfilment.parcels if p.id == row.parcel_id), None) if work else None
        if work is None or parcel is None:
            continue
        offers = {(quote.carrier, quote.service): quote for quote in quotes if quote.parcel_id == parcel.id}
        days = (work.option or {}).get("days")
        known = (days[0], days[1]) if isinstance(days, list | tuple) and len(days) == 2 else None
        found.append(Line(row, work, parcel, offers, promised_on(day_of[work.order_id], known)))
    return sorted(found, key=lambda line: (not line.failed, line.postage is not None, line.row.position))


def services(found: Sequence[Line]) -> Sequence[Service]:
    """The columns of the prices: what is taken most, then what is offered most."""
    taken = Counter(line.service for line in found if line.chosen and line.service)
    offered = Counter(service for line in found for service in line.offers)
    ranked = sorted(offered, key=lambda service: (-taken[service], -offered[service], service))
    return sorted(ranked[:MOST_SERVICES])


def cost_legs(found: Sequence[Line], currency: str) -> Sequence[Leg]:
    """What customers paid for delivery, what the labels cost, what is left over."""
    first = {line.work.order_id: line.customer_paid for line in found}
    paid = Money.total((money for money in first.values() if money.currency == currency), currency)
    spent = labels_cost(found, currency)
    return (Leg(_("Customers paid"), paid), Leg(_("Labels"), -spent), Leg(_("Left over"), paid - spent, "sum"))


def labels_cost(found: Sequence[Line], currency: str) -> Money:
    """What all labels cost together, bought or chosen, in `currency`."""
    costs = (line.cost for line in found)
    return Money.total((cost for cost in costs if cost is not None and cost.currency == currency), currency)


@dataclass(frozen=True, slots=True)
class Share:
    """One service's part of the batch; `tenths` of a percent of the largest part, for its bar."""

    name: str
    parcels: int
    cost: Money
    width: int


def by_carrier(found: Sequence[Line], currency: str) -> Sequence[Share]:
    """Parcels and cost by service, the largest first."""
    parcels: Counter[Service] = Counter()
    costs: Counter[Service] = Counter()
    for line in found:
        if line.service and line.cost and line.cost.currency == currency:
            parcels[line.service] += 1
            costs[line.service] += line.cost.minor
    most = max(costs.values(), default=0) or 1
    ranked = sorted(parcels, key=lambda service: -costs[service])
    return [
        Share(" ".join(one), parcels[one], Money(costs[one], currency), max(4, 1000 * costs[one] // most))
        for one in ranked
    ]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: done of all, failed among them, a second so far (in tenths) and seconds left."""

    done: int
    total: int
    failed: int
    pace: int | None = None
    seconds_left: int | None = None


def progress(batch: Batch, found: Sequence[Line], now: datetime) -> Progress | None:
    """Of what is being asked or bought, None while nobody works and nothing was bought."""
    if batch.state is BatchState.QUOTING:
        new = sum(row.state is RowState.NEW for row in batch.rows)
        failed = sum(row.problem is not None for row in batch.rows)
        return Progress(len(batch.rows) - new, len(batch.rows), failed)
    queued = sum(row.state is RowState.QUEUED for row in batch.rows)
    bought = [line for line in found if line.postage is not None]
    failed = sum(line.failed and line.row.tries > 0 for line in found)
    if not queued and not bought and not failed:
        return None
    total = queued + len(bought) + failed
    if batch.state is not BatchState.BUYING or batch.started_at is None:
        return Progress(total - queued, total, failed)
    recent = sum(line.postage.requested_at >= batch.started_at for line in bought if line.postage is not None)
    seconds = max(1.0, (now - batch.started_at).total_seconds())
    pace = round(10 * recent / seconds)
    return Progress(total - queued, total, failed, pace or None, 10 * queued // pace if pace else None)
