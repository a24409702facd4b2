"""What is done with a batch: begun, chosen, bought, stopped, handed over. Each a form, each works without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.context import person, read, run, store
from admin.order_words import order_number
from admin.shipping_batch import lines_of
from admin.shipping_words import refusal
from core.aftersales.use_cases.ship_fulfilment import ShipMany, ship_many
from core.logistics.choosing import Choice
from core.logistics.queries import GetBatch, ListBoxes, get_batch, list_boxes
from core.logistics.use_cases.decide_batch import (
    BuyBatch,
    ChooseOffers,
    CloseBatch,
    QuoteBatch,
    RemoveFromBatch,
    StopBatch,
    TakeOffer,
    buy_batch,
    choose_offers,
    close_batch,
    quote_batch,
    remove_from_batch,
    stop_batch,
    take_offer,
)
from core.logistics.use_cases.start_batch import StartBatch, start_batch
from core.shared.errors import Conflict, NotFound, Rejected
from core.shared.ids import BatchRowId, OrderId

MOST = 100  # orders of one batch
_REFUSED = (Conflict, Rejected)


@requires("logistics.fulfilment.ship")
def start() -> AnyResponse:
    """Put the selected orders together."""
    ids = _uuids("ids")
    if not 1 <= len(ids) <= MOST:
        flash(_("Select between 1 and %(most)s orders.", most=MOST), "warn")
        return redirect(url_for("shipping.index"), 303)
    try:
        started = run(start_batch, StartBatch(tuple(OrderId(id_) for id_ in ids), person().name, box=_box()))
    except Rejected as refused:
        flash(refusal(refused), "warn")
        return redirect(url_for("shipping.index"), 303)
    if started.refused:
        said = {refusal(error) for error in started.refused.values()}
        count = ngettext("%(num)s order is not in it.", "%(num)s orders are not in it.", len(started.refused))
        flash(f"{count} {' '.join(sorted(said))}", "warn")
    return _back(started.number)


def _box() -> tuple[int, int, int] | None:
    """What parcels are taken to measure until somebody measures them: the store's box, else the one used last."""
    used = () if store().box else read(list_boxes, ListBoxes())
    return (used[0].length_mm, used[0].width_mm, used[0].height_mm) if used else None


def _back(number: int) -> AnyResponse:
    return redirect(url_for("shipping.batch", number=number), 303)


def _uuids(name: str) -> list[UUID]:
    """The ids of the form, each once. Raises NotFound for what is none."""
    try:
        return [UUID(text) for text in dict.fromkeys(request.form.getlist(name))]
    except ValueError:
        raise NotFound("There is no such row.") from None


def _rows() -> tuple[BatchRowId, ...]:
    return tuple(BatchRowId(id_) for id_ in _uuids("row"))


def _do(number: int, use_case: Callable[..., Any], command: object) -> bool:
    """Do it, or say why it was not done."""
    try:
        run(use_case, command)
    except _REFUSED as refused:
        flash(refusal(refused), "crit")
        return False
    return True


@requires("logistics.fulfilment.ship")
def choose(number: int) -> AnyResponse:
    """Choose for every parcel that has no label."""
    text = request.form.get("choice", "")
    if text in set(Choice):
        _do(number, choose_offers, ChooseOffers(number, Choice(text)))
    return _back(number)


@requires("logistics.fulfilment.ship")
def take(number: int) -> AnyResponse:
    """Take one offer: "row quote" is what its button says."""
    _take(number)
    return _back(number)


def _take(number: int) -> BatchRowId | None:
    row, _space, quote = request.form.get("take", "").partition(" ")
    try:
        wish = TakeOffer(number, BatchRowId(UUID(row)), UUID(quote))
    except ValueError:
        raise NotFound("There is no such offer.") from None
    return wish.row_id if _do(number, take_offer, wish) else None


@requires("logistics.label.buy")
def repair(number: int) -> AnyResponse:
    """Take another offer where one failed, and buy it."""
    row_id = _take(number)
    if row_id is not None:
        _do(number, buy_batch, BuyBatch(number, (row_id,)))
    return _back(number)


@requires("logistics.label.buy")
def buy(number: int) -> AnyResponse:
    """Buy labels: of all, or of the rows that are named."""
    _do(number, buy_batch, BuyBatch(number, _rows()))
    return _back(number)


@requires("logistics.label.buy")
def quote(number: int) -> AnyResponse:
    """Ask for all prices anew."""
    _do(number, quote_batch, QuoteBatch(number))
    return _back(number)


@requires("logistics.fulfilment.ship")
def stop(number: int) -> AnyResponse:
    """Stop after the parcel that is being worked on."""
    _do(number, stop_batch, StopBatch(number))
    return _back(number)


@requires("logistics.fulfilment.ship")
def remove(number: int) -> AnyResponse:
    """Take parcels out; they stay planned."""
    for row_id in _rows():
        _do(number, remove_from_batch, RemoveFromBatch(number, row_id))
    return _back(number)


@requires("logistics.fulfilment.ship")
def hand_over(number: int) -> AnyResponse:
    """The goods of every parcel that has a number leave, then the batch is closed; what has none stays planned."""
    found = read(get_batch, GetBatch(number))
    lines = lines_of(found)
    waiting = {line.work.fulfilment.id for line in lines if line.here and not line.usable}
    leaving = {line.work.fulfilment.id: line.work for line in lines if line.here and line.usable}
    ids = tuple(id_ for id_ in leaving if id_ not in waiting)
    if not _do(number, close_batch, CloseBatch(number)):
        return _back(number)
    ended = run(ship_many, ShipMany(ids)) if ids else {}
    left = [id_ for id_, refused in ended.items() if refused is None]
    if left:
        flash(ngettext("%(num)s shipment has left.", "%(num)s shipments have left.", len(left)), "ok")
    for id_, refused in ended.items():
        if refused is not None:
            name = order_number(leaving[id_].order_number)
            flash(_("%(number)s stays: %(reason)s", number=name, reason=refusal(refused)), "crit")
    if waiting:
        flash(ngettext("%(num)s shipment without a number stays planned.",
                       "%(num)s shipments without a number stay planned.", len(waiting)), "warn")  # fmt: skip
    return _back(number)


STEPS: dict[str, Callable[[int], AnyResponse]] = {
    "choose": choose,
    "take": take,
    "repair": repair,
    "buy": buy,
    "quote": quote,
    "stop": stop,
    "remove": remove,
    "hand-over": hand_over,
}
