"""What is done with one shipment, each a form of its own: every step works without scripts, sent twice it is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.context import run
from admin.forms.fulfil import NumberForm, ParcelForm, ReportForm, StepForm
from admin.order_fulfil import ask
from admin.order_shipment import back, chosen_parcel, find, page, typed_id
from admin.order_words import order_number
from admin.parcel_words import parcel_status
from admin.shipping_words import refusal
from core.aftersales.use_cases.ship_fulfilment import ShipFulfilment, ship_fulfilment
from core.logistics.errors import WrongTrackingNumber
from core.logistics.lifecycle import LabelState
from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.cancel_fulfilment import CancelFulfilment, cancel_fulfilment
from core.logistics.use_cases.enter_tracking import EnterTracking, enter_tracking
from core.logistics.use_cases.measure_parcel import MeasureParcel, measure_parcel
from core.logistics.use_cases.purchase_label import Postage, PurchaseLabel, purchase_label
from core.logistics.use_cases.report_parcel import ReportParcel, report_parcel
from core.logistics.use_cases.reverse_fulfilment import ReverseFulfilment, reverse_fulfilment
from core.logistics.use_cases.void_label import VoidLabel, void_label
from core.shared.errors import Conflict, Invalid, NotFound, Rejected
from core.shared.ids import CarrierAccountId, ShipmentId
from ports.logistics_queries import FulfilmentRow
from ports.orders import OrderDetail

_REFUSED = (Conflict, Rejected, Invalid)
View = Callable[[int, int], AnyResponse | tuple[str, int]]


@requires("logistics.label.buy")
def rates(number: int, part: int) -> AnyResponse:
    """Ask all carriers what it costs."""
    order, fulfilment = find(number, part)
    ask(fulfilment.id)
    return back(order, fulfilment)


@requires("logistics.label.buy")
def buy(number: int, part: int) -> AnyResponse:
    """Buy the chosen offer: one request, whatever is pressed how often."""
    order, fulfilment = find(number, part)
    quote_id = typed_id("quote")
    if quote_id is None:
        flash(_("Choose an offer."), "warn")
        return back(order, fulfilment)
    try:
        flash(*bought(run(purchase_label, PurchaseLabel(quote_id, StepForm().key_of(quote_id)))))
    except _REFUSED as refused:
        flash(refusal(refused), "crit")
    return back(order, fulfilment)


def bought(postage: Postage) -> tuple[str, str]:
    """What became of a purchase, and the tone of the notice that says it."""
    if postage.state is LabelState.REFUSED:
        return _("The carrier does not sell this label: %(reason)s Nothing was charged.",
                 reason=postage.reason or ""), "crit"  # fmt: skip
    if postage.state in (LabelState.PURCHASING, LabelState.UNKNOWN):
        return _("The carrier was asked for the label and has not answered yet. It is asked again by itself; do not "
                 "buy another."), "warn"  # fmt: skip
    if not postage.label:
        return _("The label is bought. The carrier is still drawing it; it is fetched by itself."), "info"
    return _("The label is bought and can be printed."), "ok"


@requires("logistics.label.void")
def void(number: int, part: int) -> AnyResponse:
    """Give a label back."""
    order, fulfilment = find(number, part)
    shipment_id = typed_id("shipment")
    mine = {shipment.id for parcel in fulfilment.parcels for shipment in parcel.shipments}
    if shipment_id not in mine:
        raise NotFound("There is no such label.")
    try:
        state = run(void_label, VoidLabel(ShipmentId(shipment_id)))
    except _REFUSED as refused:
        flash(refusal(refused), "crit")
        return back(order, fulfilment)
    flash(*_voided(state))
    return back(order, fulfilment)


def _voided(state: LabelState) -> tuple[str, str]:
    if state is LabelState.VOIDED:
        return _("The carrier took the label back."), "ok"
    if state is LabelState.VOID_REFUSED:
        return _("The carrier does not take the label back. It is good as it was."), "warn"
    return _("The carrier was asked to take the label back and takes its time. It is asked again by itself."), "info"


@requires("logistics.parcel.edit")
def measure(number: int, part: int) -> AnyResponse | tuple[str, int]:
    """Weigh and measure a parcel anew; prices are asked for again."""
    order, fulfilment = find(number, part)
    parcel, parcel_id = chosen_parcel(fulfilment)
    form = ParcelForm(prefix=f"p{parcel.position}-")
    readable, measures = form.validate(), form.measures()
    if not readable or measures is None:
        return page(order, fulfilment, {f"measure-{parcel.position}": form}), 422
    try:
        run(measure_parcel, MeasureParcel(parcel_id, measures))
    except _REFUSED as refused:
        flash(refusal(refused), "crit")
    else:
        ask(fulfilment.id)
    return back(order, fulfilment)


@requires("logistics.parcel.edit")
def by_hand(number: int, part: int) -> AnyResponse | tuple[str, int]:
    """Keep the number that the counter gave."""
    order, fulfilment = find(number, part)
    parcel, parcel_id = chosen_parcel(fulfilment)
    form = NumberForm(prefix=f"p{parcel.position}-")
    if not form.validate():
        return page(order, fulfilment, {f"number-{parcel.position}": form}), 422
    account = form.account.data or ""
    wish = EnterTracking(
        parcel_id,
        form.carrier.data or "",
        form.tracking_number.data or "",
        (form.service.data or "").strip() or None,
        CarrierAccountId(UUID(account)) if account else None,
    )
    try:
        run(enter_tracking, wish)
    except WrongTrackingNumber as wrong:
        form.tracking_number.errors = [refusal(wrong)]
        return page(order, fulfilment, {f"number-{parcel.position}": form}), 422
    except _REFUSED as refused:
        flash(refusal(refused), "crit")
    else:
        flash(_("The number is kept."), "ok")
    return back(order, fulfilment)


@requires("logistics.parcel.edit")
def report(number: int, part: int) -> AnyResponse:
    """Say what is known of a parcel."""
    order, fulfilment = find(number, part)
    parcel, parcel_id = chosen_parcel(fulfilment)
    form = ReportForm(prefix=f"p{parcel.position}-")
    form.offer()
    if form.validate():
        run(report_parcel, ReportParcel(parcel_id, ParcelStatus(form.status.data), form.text.data or ""))
        flash(parcel_status(form.status.data), "ok")
    else:
        flash(_("Choose what happened."), "warn")
    return back(order, fulfilment)


@requires("logistics.fulfilment.ship")
def leave(number: int, part: int) -> AnyResponse:
    """The goods leave the house."""
    order, fulfilment = find(number, part)
    left = _(
        "The goods of %(number)s have left: stock fell, and the customer is told.", number=_name(order, fulfilment)
    )
    return _step(order, fulfilment, lambda: run(ship_fulfilment, ShipFulfilment(fulfilment.id)), left)


@requires("logistics.fulfilment.ship")
def call_off(number: int, part: int) -> AnyResponse:
    """Call a planned shipment off; its labels are given back."""
    order, fulfilment = find(number, part)
    off = _("%(number)s is called off: its pieces can be planned again.", number=_name(order, fulfilment))
    return _step(order, fulfilment, lambda: run(cancel_fulfilment, CancelFulfilment(fulfilment.id)), off)


@requires("logistics.fulfilment.ship")
def undo(number: int, part: int) -> AnyResponse:
    """Take back that the goods left; their labels are given back."""
    order, fulfilment = find(number, part)
    here = _(
        "The goods of %(number)s are here again, held by the order; labels are given back.",
        number=_name(order, fulfilment),
    )
    return _step(order, fulfilment, lambda: run(reverse_fulfilment, ReverseFulfilment(fulfilment.id)), here)


def _step(order: OrderDetail, fulfilment: FulfilmentRow, do: Callable[[], Any], done: str) -> AnyResponse:
    try:
        do()
    except _REFUSED as refused:
        flash(refusal(refused), "crit")
    else:
        flash(done, "ok")
    return back(order, fulfilment)


def _name(order: OrderDetail, fulfilment: FulfilmentRow) -> str:
    return f"{order_number(order.number)}-{fulfilment.number}"


STEPS: dict[str, View] = {
    "rates": rates,
    "buy": buy,
    "void": void,
    "measure": measure,
    "number": by_hand,
    "report": report,
    "leave": leave,
    "call-off": call_off,
    "undo": undo,
}
