"""One shipment of an order: its parcels, what they cost, the label, the number by hand, and that the goods leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug import Response as AnyResponse

from admin.access import allows, requires
from admin.context import read, store
from admin.desk import now, zone
from admin.forms.fulfil import NumberForm, ParcelForm, ReportForm, StepForm
from admin.order_shipments import contents, may_ship, printable, way
from core.logistics.choosing import arrives_on, in_time, promised_on
from core.logistics.lifecycle import FulfilmentState
from core.logistics.queries import (
    GetPackingHints,
    GetQuotes,
    ListCarrierAccounts,
    get_packing_hints,
    get_quotes,
    list_carrier_accounts,
)
from core.orders.queries import GetOrder, get_order
from core.shared.errors import NotFound
from core.shared.ids import ParcelId
from ports.dispatch import Box
from ports.logistics import StoredQuote
from ports.logistics_queries import CarrierAccountRow, FulfilmentRow, ParcelRow
from ports.orders import OrderDetail

Found = tuple[OrderDetail, FulfilmentRow]


def find(number: int, part: int) -> Found:
    """An order and its shipment of that number. Raises NotFound."""
    order = read(get_order, GetOrder(number))
    found = next((one for one in order.fulfilments if one.number == part), None)
    if found is None:
        raise NotFound("There is no such shipment.")
    return order, found


def parcel_of(fulfilment: FulfilmentRow, position: int) -> ParcelRow:
    """Raises NotFound."""
    found = next((parcel for parcel in fulfilment.parcels if parcel.position == position), None)
    if found is None:
        raise NotFound("There is no such parcel.")
    return found


def back(order: OrderDetail, fulfilment: FulfilmentRow) -> AnyResponse:
    """To the page of the shipment."""
    return redirect(url_for("orders.shipment", number=order.number, part=fulfilment.number), 303)


def offer_day(quote: StoredQuote) -> Any:
    """The last day on which it arrives when it is handed over today; None where the carrier says no days."""
    return arrives_on(now().astimezone(zone()).date(), quote.days)


@requires("logistics.fulfilment.read")
def shipment(number: int, part: int) -> str:
    """One shipment, and what can be done with it now."""
    return page(*find(number, part))


def page(order: OrderDetail, fulfilment: FulfilmentRow, wrong: Mapping[str, Any] | None = None) -> str:
    """The page; `wrong` is a form that was refused, by the name and position under which it stands."""
    planned = fulfilment.state is FulfilmentState.PLANNED
    asked = tuple(parcel.id for parcel in fulfilment.parcels if planned and parcel.postage is None)
    quotes = read(get_quotes, GetQuotes(asked)) if asked else ()
    promise = promised(order)
    today = now().astimezone(zone()).date()
    return render_template(
        "orders/shipment.html",
        order=order,
        fulfilment=fulfilment,
        contents=contents(order, fulfilment),
        planned=planned,
        leaves=planned and may_ship(order),
        promise=promise,
        offers={id_: [quote for quote in quotes if quote.parcel_id == id_] for id_ in asked},
        kept=lambda quote: in_time(today, quote.days, promise),
        offer_day=offer_day,
        picked=lambda quotes: picked(order, quotes),
        way=way,
        labels=printable(fulfilment),
        step=StepForm(formdata=None),
        forms=_forms(order, fulfilment, wrong or {}),
        at_fulfilment=store().capture_policy == "at_fulfilment",
    )


def picked(order: OrderDetail, quotes: Sequence[StoredQuote]) -> UUID:
    """The offer that is marked from the start: the service that the customer chose at the checkout, else the first."""
    option = order.shipping_option or {}
    wish = (option.get("carrier"), option.get("service"))
    return next((quote for quote in quotes if (quote.carrier, quote.service) == wish), quotes[0]).id


def promised(order: OrderDetail) -> Any:
    """The day until which the customer was promised the goods, None for no promise."""
    days = (order.shipping_option or {}).get("days")
    return promised_on(order.placed_at.astimezone(zone()).date(), (days[0], days[1]) if days else None)


def _forms(order: OrderDetail, fulfilment: FulfilmentRow, wrong: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """The forms of each parcel by its position: size, number by hand, what was seen."""
    edits = allows("logistics.parcel.edit")
    if not edits or fulfilment.state not in (FulfilmentState.PLANNED, FulfilmentState.SHIPPED):
        return {}
    boxes = read(get_packing_hints, GetPackingHints(order.id)).boxes
    accounts = read(list_carrier_accounts, ListCarrierAccounts())
    return {parcel.position: _of_parcel(parcel, boxes, accounts, wrong) for parcel in fulfilment.parcels}


def _of_parcel(
    parcel: ParcelRow, boxes: Sequence[Box], accounts: Sequence[CarrierAccountRow], wrong: Mapping[str, Any]
) -> dict[str, Any]:
    at = parcel.position
    measure = wrong.get(f"measure-{at}") or ParcelForm(formdata=None, prefix=f"p{at}-")
    number = wrong.get(f"number-{at}") or NumberForm(formdata=None, prefix=f"p{at}-")
    report = ReportForm(formdata=None, prefix=f"p{at}-")
    own = parcel.measures
    same = Box(own.length_mm, own.width_mm, own.height_mm)
    measure.offer([same, *(box for box in boxes if box != same)])
    if f"measure-{at}" not in wrong:
        measure.fill(own.weight_grams, [same])
    number.offer(accounts)
    if f"number-{at}" not in wrong and parcel.tracking_number:
        number.carrier.data, number.tracking_number.data = parcel.carrier, parcel.tracking_number
        number.service.data = parcel.service
    report.offer()
    return {"measure": measure, "number": number, "report": report}


def typed_id(name: str) -> UUID | None:
    """An id of the form that was sent, None for none."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None


def chosen_parcel(fulfilment: FulfilmentRow) -> tuple[ParcelRow, ParcelId]:
    """The parcel that the form is about. Raises NotFound."""
    position = request.form.get("parcel", "")
    found = parcel_of(fulfilment, int(position) if position.isascii() and position.isdigit() else 0)
    return found, found.id
