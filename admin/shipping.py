"""Shipping: orders that wait to be sent, and the papers of any of them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from admin import shipping_words
from admin.access import requires
from admin.context import read
from admin.desk import language, now, zone
from admin.shipping_batch import batch
from admin.shipping_batch_steps import STEPS, start
from core.logistics.choosing import promised_on
from core.logistics.queries import ListBatches, ListWaiting, list_batches, list_waiting
from core.logistics.use_cases.print_papers import (
    PrintLabels,
    PrintPackingSlips,
    PrintPickList,
    print_labels,
    print_packing_slips,
    print_pick_list,
)
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, ShipmentId
from ports.dispatch import WaitingOrder
from ports.paging import PageRequest

shipping = Blueprint("shipping", __name__, url_prefix="/shipping")
for _word in shipping_words.FILTERS:
    shipping.add_app_template_filter(_word, _word.__name__)

PAGE = 50  # rows
MOST_PAPERS = 200
BATCH = "/batches/<int(max=100000000):number>"


@shipping.get("/")
@requires("logistics.fulfilment.read")
def index() -> str:
    """Orders to be sent, those that wait longest first."""
    cursor = request.args.get("cursor") or None
    page = read(list_waiting, ListWaiting(PageRequest(PAGE, cursor)))
    return render_template(
        "shipping/index.html",
        page=page,
        promise=promise,
        batch_list=() if cursor else read(list_batches, ListBatches()),
        today=now().astimezone(zone()).date(),
        older=url_for(".index", cursor=page.next) if page.next else None,
        first=url_for(".index") if cursor else None,
    )


def promise(row: WaitingOrder) -> object:
    """The day until which the goods are promised, None for none."""
    days = (row.option or {}).get("days")
    return promised_on(row.placed_at.astimezone(zone()).date(), (days[0], days[1]) if days else None)


shipping.add_url_rule("/batches", "start", start, methods=("POST",))
shipping.add_url_rule(BATCH, "batch", batch)
for _step, _view in STEPS.items():
    shipping.add_url_rule(f"{BATCH}/{_step}", f"batch_{_step}", _view, methods=("POST",))


# -- papers: real PDF files, opened beside the page -------------------------------------------------------------------


@shipping.get("/labels.pdf")
@requires("logistics.fulfilment.read")
def labels() -> Response:
    """The labels of the shipments `id`, in that order, as one file."""
    return _pdf(read(print_labels, PrintLabels(tuple(ShipmentId(id_) for id_ in _ids()))), "labels")


@shipping.get("/packing-slips.pdf")
@requires("logistics.fulfilment.read")
def packing_slips() -> Response:
    """A packing slip for each fulfilment `id`."""
    wish = PrintPackingSlips(tuple(FulfilmentId(id_) for id_ in _ids()), _locale())
    return _pdf(read(print_packing_slips, wish), "packing-slips")


@shipping.get("/pick-list.pdf")
@requires("logistics.fulfilment.read")
def pick_list() -> Response:
    """What to fetch for the fulfilments `id`."""
    wish = PrintPickList(tuple(FulfilmentId(id_) for id_ in _ids()), _locale(), request.args.get("name") or None)
    return _pdf(read(print_pick_list, wish), "pick-list")


def _ids() -> list[UUID]:
    """The ids of the address, each once. Raises NotFound for what is none, or for too many."""
    asked = dict.fromkeys(request.args.getlist("id"))
    if len(asked) > MOST_PAPERS:
        raise NotFound("These are too many papers at once.")
    try:
        return [UUID(text) for text in asked]
    except ValueError:
        raise NotFound("There is no such paper.") from None


def _locale() -> str:
    """Papers are read by the people who pack: in the language of the person who prints."""
    return str(language()).replace("_", "-")


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{now().astimezone(zone()):%Y-%m-%d-%H%M}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
