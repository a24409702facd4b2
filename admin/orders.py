"""Orders: the list, one order with its money and its timeline, and what staff do with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from admin import order_words
from admin.access import allows, requires
from admin.context import read, run
from admin.desk import now
from admin.forms.orders import CancelForm, capture_form, refund_form
from admin.order_bulk import MAX_NUMBER, bulk, bulk_capture
from admin.order_export import lines
from admin.order_fulfil import fulfil, hand_over_rest
from admin.order_list import TABS, TO_SHIP, OrderList, adders, chips, tabs
from admin.order_money import cancel, cancel_effects, capture, capture_parts
from admin.order_page import (
    axis_cells,
    capturable,
    conclusion,
    masked,
    money_legs,
    movements,
    pieces,
    price_legs,
    refund_lines,
    refundable,
)
from admin.order_record import record, record_parts, recordable
from admin.order_refund import refund, refund_parts
from admin.order_shipment import shipment
from admin.order_shipment_steps import STEPS
from admin.order_shipments import Goods, goods
from admin.order_timeline import entries
from core.aftersales.use_cases.cancel_order import cancel_order
from core.aftersales.use_cases.record_payment import record_payment
from core.aftersales.use_cases.refund_order import refund_order
from core.logistics.queries import GetProgress, get_progress
from core.messages.queries import ListOrderMessages, list_order_messages
from core.orders.queries import GetNeighbours, GetOrder, ListOrders, get_neighbours, get_order, list_orders
from core.orders.use_cases.add_note import AddNote, add_note
from core.orders.use_cases.archive_order import ArchiveOrder, archive_order
from core.orders.use_cases.reopen_order import ReopenOrder, reopen_order
from core.payments.use_cases.capture_payment import capture_payment
from core.shared.errors import Invalid
from core.shared.state_machine import TransitionRefused
from ports.orders import OrderDetail
from ports.paging import PageRequest

orders = Blueprint("orders", __name__, url_prefix="/orders")
for _word in (order_words.order_number, order_words.method, order_words.tender, order_words.provider, order_words.sign):
    orders.add_app_template_filter(_word, _word.__name__)

_PAGE = 50
# As large as the column is: a longer one is no order's.
_ONE = f"/<int(max={MAX_NUMBER}):number>"


@orders.get("/")
@requires("orders.order.read")
def index() -> str:
    """Orders, newest first, as the address narrows them."""
    shown = OrderList.from_request()
    page = read(list_orders, ListOrders(shown.filter, PageRequest(_PAGE, shown.cursor)))
    following = url_for("orders.index", **shown.query, cursor=page.next) if page.next else None
    return render_template(
        "orders/index.html",
        shown=shown,
        page=page,
        tabs=tabs(shown),
        chips=chips(shown),
        adders=adders(shown),
        older=following,
        newest=shown.address() if shown.cursor else None,
        to_ship=shown.tab == TO_SHIP,
    )


@orders.get("/export.csv")
@requires("orders.order.read")
def export() -> Response:
    """The same list as a file."""
    content = stream_with_context(lines(OrderList.from_request().filter))
    name = f"orders-{now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype="text/csv", headers=headers)


@orders.get(_ONE)
@requires("orders.order.read")
def show(number: int) -> str:
    """One order. The query is the list one came from: it says what stands before and after."""
    return _page(read(get_order, GetOrder(number)))


def _page(order: OrderDetail, comment: str = "") -> str:
    came_from = OrderList.from_request()
    return render_template(
        "orders/show.html",
        order=order,
        number=order_words.order_number(order.number),
        comment=comment,
        came_from=came_from,
        list_label=_list_label(came_from),
        neighbours=read(get_neighbours, GetNeighbours(came_from.filter, order.placed_at, order.id)),
        cells=axis_cells(order),
        goods=_goods(order),
        pieces=pieces(order),
        price_legs=price_legs,
        money=money_legs(order),
        conclusion=conclusion(order),
        movements=movements(order),
        refund_lines=refund_lines,
        words=order_words,
        masked=masked,
        timeline=entries(order),
        messages=read(list_order_messages, ListOrderMessages(order.id)) if allows(list_order_messages) else (),
        **_dialogs(order),
    )


def _goods(order: OrderDetail) -> Goods | None:
    """What is left to be sent and what is on its way, for those who may see it."""
    if not allows(get_progress):
        return None
    return goods(order, read(get_progress, GetProgress(order.id)))


def _list_label(came_from: OrderList) -> str:
    """What the list one came from is called; nothing for the whole list."""
    if came_from.search:
        return str(_("Search: %(text)s", text=came_from.search))
    return str(TABS[came_from.tab][0]) if came_from.tab else ""


def _dialogs(order: OrderDetail) -> dict[str, Any]:
    """What can be done with the order now, by this person; what can't be done is not drawn."""
    takeable, returnable = capturable(order), refundable(order)
    cancels = order.status == "open" and allows(cancel_order)
    return {
        "refund": refund_parts(order, refund_form(order)) if returnable and allows(refund_order) else None,
        "capture": capture_parts(order, capture_form(takeable, takeable[0]))
        if takeable and order.status != "cancelled" and allows(capture_payment)
        else None,
        "record": record_parts(order) if recordable(order) and allows(record_payment) else None,
        "cancel": {"form": CancelForm(formdata=None), "effects": cancel_effects(order)} if cancels else None,
        "archives": allows(archive_order) and order.status in ("open", "archived"),
    }


@orders.post(f"{_ONE}/notes")
@requires("orders.note.write")
def comment(number: int) -> AnyResponse | tuple[str, int]:
    """Keep a comment in the timeline."""
    order = read(get_order, GetOrder(number))
    text = request.form.get("body", "")
    try:
        run(add_note, AddNote(order.id, text))
    except Invalid:
        flash(_("A comment has 1 to 4000 characters."), "crit")
        return _page(order, text), 422
    return redirect(url_for("orders.show", number=number, _anchor="timeline"), 303)


@orders.post(f"{_ONE}/archive")
@requires("orders.order.archive")
def archive(number: int) -> AnyResponse:
    """Put the order away."""
    order = read(get_order, GetOrder(number))
    try:
        run(archive_order, ArchiveOrder(order.id))
    except TransitionRefused:
        flash(_("Only an open order can be archived."), "warn")
    else:
        flash(_("%(number)s is archived.", number=order_words.order_number(number)), "ok")
    return redirect(url_for("orders.show", number=number), 303)


@orders.post(f"{_ONE}/reopen")
@requires("orders.order.archive")
def reopen(number: int) -> AnyResponse:
    """Take the order out of the archive."""
    order = read(get_order, GetOrder(number))
    try:
        run(reopen_order, ReopenOrder(order.id))
    except TransitionRefused:
        flash(_("Only an archived order can be opened again."), "warn")
    else:
        flash(_("%(number)s is open again.", number=order_words.order_number(number)), "ok")
    return redirect(url_for("orders.show", number=number), 303)


_FORM = ("GET", "POST")
orders.add_url_rule("/bulk", view_func=bulk, methods=("POST",))
orders.add_url_rule("/bulk/capture", view_func=bulk_capture, methods=("POST",))
orders.add_url_rule(f"{_ONE}/refund", view_func=refund, methods=_FORM)
orders.add_url_rule(f"{_ONE}/cancel", view_func=cancel, methods=_FORM)
orders.add_url_rule(f"{_ONE}/capture", view_func=capture, methods=_FORM)
orders.add_url_rule(f"{_ONE}/record", view_func=record, methods=_FORM)
orders.add_url_rule(f"{_ONE}/fulfil", view_func=fulfil, methods=_FORM)
orders.add_url_rule(f"{_ONE}/hand-over", "hand_over", hand_over_rest, methods=("POST",))
_PART = f"{_ONE}/shipments/<int(max=100000):part>"
orders.add_url_rule(_PART, view_func=shipment)
for _step, _view in STEPS.items():
    orders.add_url_rule(f"{_PART}/{_step}", f"shipment_{_step}", _view, methods=("POST",))
