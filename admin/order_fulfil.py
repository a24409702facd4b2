"""Ship an order, all or a part: choose pieces and parcel, which plans a shipment. Nothing leaves yet."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from admin.access import allows, requires
from admin.context import read, run
from admin.forms.fulfil import PlanForm, plan_form
from admin.order_shipments import left_pieces, may_ship
from admin.shipping_words import refusal
from core.aftersales.use_cases.hand_over import HandOver, hand_over
from core.logistics.errors import MoreThanLeft, NothingToFulfil, OrderNotOpen
from core.logistics.packing import packed_grams
from core.logistics.queries import (
    GetPackingHints,
    GetProgress,
    PackingHints,
    get_packing_hints,
    get_progress,
)
from core.logistics.use_cases.plan_fulfilment import PlanFulfilment, plan_fulfilment
from core.logistics.use_cases.quote_rates import Quoted, QuoteRates, quote_rates
from core.orders.axes import LineProgress
from core.orders.queries import GetOrder, get_order
from core.shared.errors import Conflict, Rejected
from core.shared.ids import FulfilmentId, LineId
from ports.orders import OrderDetail

Progress = Mapping[LineId, LineProgress]


@requires("logistics.fulfilment.ship")
def fulfil(number: int) -> str | AnyResponse | tuple[str, int]:
    """Say what is left, take what leaves together, plan it and ask what it costs."""
    order = read(get_order, GetOrder(number))
    progress = read(get_progress, GetProgress(order.id))
    if not may_ship(order) or not left_pieces(order, progress, carried=True):
        flash(_("Nothing of this order waits to be sent."), "info")
        return redirect(url_for("orders.show", number=number), 303)
    hints = read(get_packing_hints, GetPackingHints(order.id))
    if request.method == "GET":
        form = plan_form(order, progress, hints.boxes)
        form.fill(packed_grams({line.id: progress[line.id].left for line in order.lines}, hints.weights), hints.boxes)
        return _page(order, form, progress, hints)
    form = plan_form(order, progress, hints.boxes, request.form)
    wish = _wish(form, order, progress)
    if wish is None:
        return _page(order, form, progress, hints), 422
    return _plan(order, form, progress, hints, wish)


def _wish(form: PlanForm, order: OrderDetail, progress: Progress) -> PlanFulfilment | None:
    """What the form asks for, None when it can't be read: the fields say why."""
    readable = form.validate()
    measures, quantities = form.measures(), form.quantities(order, progress)
    if not readable or measures is None or quantities is None:
        return None
    carried = any(line.requires_shipping and line.id in quantities for line in order.lines)
    return PlanFulfilment(order.id, quantities, (measures,) * int(form.parcels.data or 1) if carried else ())


def _plan(
    order: OrderDetail, form: PlanForm, progress: Progress, hints: PackingHints, wish: PlanFulfilment
) -> AnyResponse | tuple[str, int]:
    try:
        planned = run(plan_fulfilment, wish)
    except (NothingToFulfil, MoreThanLeft, OrderNotOpen) as refused:
        now = read(get_progress, GetProgress(order.id))
        return _page(order, form, now, hints, refusal(refused)), 409
    if wish.parcels:
        ask(planned)
    part = next(f.number for f in read(get_order, GetOrder(order.number)).fulfilments if f.id == planned)
    return redirect(url_for("orders.shipment", number=order.number, part=part), 303)


@requires("logistics.fulfilment.ship")
def hand_over_rest(number: int) -> AnyResponse:
    """The customer has what no parcel carries."""
    order = read(get_order, GetOrder(number))
    try:
        if not may_ship(order):
            raise OrderNotOpen()
        run(hand_over, HandOver(order.id))
    except (Conflict, Rejected) as refused:
        flash(refusal(refused), "crit")
    else:
        flash(_("It is written down as handed over."), "ok")
    return redirect(url_for("orders.show", number=number, _anchor="fulfilment"), 303)


def ask(planned: FulfilmentId) -> None:
    """Ask for prices; who offers none is told on the page that follows."""
    if not allows(quote_rates):
        return
    try:
        tell(run(quote_rates, QuoteRates(planned)))
    except (Conflict, Rejected) as refused:
        flash(refusal(refused), "warn")


def tell(quoted: Quoted) -> None:
    """Who offers nothing and who did not answer, each once."""
    refused = {f"{r.refusal.carrier}: {r.refusal.text}" for r in quoted.refusals}
    if refused:
        flash(_("No offer from %(carriers)s.", carriers="; ".join(sorted(refused))), "info")
    silent = {f"{one.account}: {one.text}" for one in quoted.unanswered}
    if silent:
        flash(_("Not answered: %(accounts)s. Their prices are not known.", accounts="; ".join(sorted(silent))), "warn")


def _page(order: OrderDetail, form: PlanForm, progress: Progress, hints: PackingHints, message: str = "") -> str:
    none = request.method == "POST" and not any(form.pieces(line).errors for line in order.lines) and not any(
        form.pieces(line).data for line in order.lines
    )  # fmt: skip
    return render_template(
        "orders/fulfil.html",
        order=order,
        form=form,
        progress=progress,
        weights=hints.weights,
        message=message or (_("Choose at least one piece.") if none else ""),
    )
