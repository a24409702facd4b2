"""What an order page says of its goods: what is left to be sent, and each shipment with its parcels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.tracking import ParcelStatus
from core.orders.axes import MAY_SHIP, LineProgress
from core.shared.ids import LineId
from ports.logistics_queries import FulfilmentRow, ParcelRow, TrackingRow
from ports.orders import OrderDetail, OrderLineRow

# Steps of a parcel's way, each with the statuses that say it came so far.
_WAY: tuple[frozenset[ParcelStatus], ...] = (
    frozenset({ParcelStatus.ACCEPTED}),
    frozenset({ParcelStatus.IN_TRANSIT, ParcelStatus.CUSTOMS_HOLD, ParcelStatus.DELAYED, ParcelStatus.EXCEPTION}),
    frozenset({
        ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.AVAILABLE_FOR_PICKUP, ParcelStatus.DELIVERY_ATTEMPTED,
    }),
    frozenset({ParcelStatus.DELIVERED}),
)  # fmt: skip
_AWAY = frozenset({ParcelStatus.RETURNING, ParcelStatus.RETURNED, ParcelStatus.LOST, ParcelStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a parcel's way: what, whether it came so far, when and where."""

    label: str
    reached: bool
    at: datetime | None
    place: str | None


def may_ship(order: OrderDetail) -> bool:
    """Whether money and state let goods of the order leave; what is left of it is another question."""
    return order.status == "open" and order.payment_status in MAY_SHIP


def left_pieces(order: OrderDetail, progress: Mapping[LineId, LineProgress], *, carried: bool) -> int:
    """Pieces that nobody has planned yet: of what goes in a parcel, or of what doesn't."""
    return sum(progress[line.id].left for line in order.lines if line.requires_shipping is carried)


def contents(order: OrderDetail, fulfilment: FulfilmentRow) -> Sequence[tuple[OrderLineRow, int]]:
    """What lies in it, in the order's order."""
    return [(line, fulfilment.lines[line.id]) for line in order.lines if line.id in fulfilment.lines]


def summary(order: OrderDetail, fulfilment: FulfilmentRow) -> str:
    """ "4 × Caneca Barro, 2 × Café Mantiqueira"."""
    return ", ".join(f"{count} × {line.title}" for line, count in contents(order, fulfilment))


def way(fulfilment: FulfilmentRow, parcel: ParcelRow) -> Sequence[Step]:
    """A parcel's way from here to the door; what went wrong is told by its badge and its events."""
    labels = (_("Posted"), _("In transit"), _("Out for delivery"), _("Delivered"))
    furthest = max((at for at, step in enumerate(_WAY) if any(e.status in step for e in parcel.events)), default=-1)
    steps = [Step(_("Packed"), True, fulfilment.planned_at, None)]
    for at, (label, statuses) in enumerate(zip(labels, _WAY, strict=True)):
        seen = _first(parcel.events, statuses)
        steps.append(Step(label, at <= furthest, seen.at if seen else None, seen.place if seen else None))
    return steps


def off_the_way(parcel: ParcelRow) -> bool:
    """It does not come to the door any more."""
    return parcel.status in _AWAY


def _first(events: Sequence[TrackingRow], statuses: frozenset[ParcelStatus]) -> TrackingRow | None:
    """The earliest of them: events are told newest first."""
    return next((event for event in reversed(events) if event.status in statuses), None)


def sent_fact(order: OrderDetail) -> str:
    """ "6 of 7 items" once something left, "7 items" before."""
    count = sum(line.quantity for line in order.lines)
    sent = sum(sum(f.lines.values()) for f in order.fulfilments if f.state is FulfilmentState.SHIPPED)
    if not sent:
        return str(ngettext("%(num)s item", "%(num)s items", count))
    return str(ngettext("%(sent)s of %(num)s item", "%(sent)s of %(num)s items", count, sent=sent))


def printable(fulfilment: FulfilmentRow) -> Sequence[str]:
    """Ids of the labels that can be printed."""
    return [
        str(parcel.postage.id)
        for parcel in fulfilment.parcels
        if parcel.postage is not None and parcel.postage.label_sha256 and parcel.postage.state in _USABLE
    ]


_USABLE = (LabelState.PURCHASED, LabelState.VOID_REFUSED, LabelState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Goods:
    """What the card of an order's goods is drawn from: pieces that nobody planned, to be sent (`left`) and to be handed
    over without a parcel, and whether they may leave."""

    left: int
    uncarried: int
    may_ship: bool
    fact: str
    way: Callable[[FulfilmentRow, ParcelRow], Sequence[Step]] = way
    summary: Callable[[OrderDetail, FulfilmentRow], str] = summary
    printable: Callable[[FulfilmentRow], Sequence[str]] = printable


def goods(order: OrderDetail, progress: Mapping[LineId, LineProgress]) -> Goods:
    """The goods of an order as they stand."""
    is_open = order.status == "open"
    left, uncarried = (left_pieces(order, progress, carried=carried) if is_open else 0 for carried in (True, False))
    return Goods(left, uncarried, may_ship(order), sent_fact(order))
