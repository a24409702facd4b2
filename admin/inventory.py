"""Stock in the back office: levels, why they are what they are, and how to put them right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.context import read, run
from admin.forms import problems
from admin.forms.inventory import AdjustForm
from core.inventory.errors import StockBelowReserved
from core.inventory.model import MovementKind
from core.inventory.queries import (
    GetStock,
    ListHolders,
    ListMovements,
    ListStock,
    get_stock,
    list_holders,
    list_movements,
    list_stock,
)
from core.inventory.use_cases.adjust import AdjustStock, adjust_stock
from core.shared.errors import Invalid
from core.shared.ids import VariantId
from ports.inventory import StockFilter
from ports.paging import PageRequest

inventory = Blueprint("inventory", __name__, url_prefix="/inventory")

PAGE = 50
MOVEMENT_WORDS = {
    MovementKind.INITIAL: _l("First stock"),
    MovementKind.ADJUST: _l("Adjusted"),
    MovementKind.IMPORT: _l("Imported"),
    MovementKind.SHIP: _l("Shipped"),
    MovementKind.RETURN: _l("Came back"),
}
_STATES = ("in_stock", "sold_out", "reserved")


@inventory.get("/")
@requires("inventory.stock.read")
def index() -> str:
    """Every variant with what is there, held and free, by product."""
    search, state = request.args.get("q", "").strip()[:200], request.args.get("state")
    state = state if state in _STATES else None
    page = read(
        list_stock, ListStock(StockFilter(search, state), PageRequest(PAGE, request.args.get("cursor") or None))
    )
    query: dict[str, Any] = {"q": search or None, "state": state}
    return render_template(
        "inventory/index.html",
        page=page,
        search=search,
        state=state,
        tabs=_tabs(query),
        older=url_for(".index", **query, cursor=page.next) if page.next else None,
        first=url_for(".index", **query) if request.args.get("cursor") else None,
    )


def _tabs(query: dict[str, Any]) -> list[dict[str, Any]]:
    words = {None: _("All"), "in_stock": _("In stock"), "sold_out": _("Sold out"), "reserved": _("Reserved")}
    return [
        {"label": word, "href": url_for(".index", **query | {"state": state}), "current": query["state"] == state}
        for state, word in words.items()
    ]


@inventory.get("/<uuid:variant_id>")
@requires("inventory.stock.read")
def show(variant_id: UUID) -> str:
    return _page(variant_id, AdjustForm(formdata=None))


def _page(variant_id: UUID, form: AdjustForm, *, adjusting: bool = False) -> str:
    """One variant's stock; `adjusting` opens the dialog with what was typed."""
    id_ = VariantId(variant_id)
    cursor = request.args.get("cursor") or None
    movements = read(list_movements, ListMovements(id_, PageRequest(PAGE, cursor)))
    return render_template(
        "inventory/show.html",
        row=read(get_stock, GetStock(id_)),
        movements=movements,
        movement_words=MOVEMENT_WORDS,
        holders=read(list_holders, ListHolders(id_)),
        form=form,
        adjusting=adjusting,
        older=url_for(".show", variant_id=variant_id, cursor=movements.next) if movements.next else None,
        newer=url_for(".show", variant_id=variant_id) if cursor else None,
    )


@inventory.get("/<uuid:variant_id>/adjust", endpoint="adjust_form")
@requires("inventory.stock.adjust")
def adjust_form(variant_id: UUID) -> str:
    """The dialog as a page, for browsers that run no scripts."""
    return _page(variant_id, AdjustForm(formdata=None), adjusting=True)


@inventory.post("/<uuid:variant_id>/adjust")
@requires("inventory.stock.adjust")
def adjust(variant_id: UUID) -> AnyResponse | tuple[str, int]:
    """Move units in or out, with a reason."""
    form = AdjustForm()
    if not form.validate():
        return _page(variant_id, form, adjusting=True), 422
    command = AdjustStock(VariantId(variant_id), form.change.data or 0, form.reason.data)
    try:
        item = run(adjust_stock, command, reason=form.reason.data)
    except StockBelowReserved as refused:
        form.change.errors = [
            ngettext(
                "%(num)s unit is reserved, so on hand can't become %(wanted)s.",
                "%(num)s units are reserved, so on hand can't become %(wanted)s.",
                refused.reserved,
                wanted=refused.wanted,
            )
        ]
        return _page(variant_id, form, adjusting=True), 422
    except Invalid as refused:
        problems.show(refused, {"change": form.change, "reason": form.reason}.get)
        return _page(variant_id, form, adjusting=True), 422
    flash(
        _(
            "On hand is %(on_hand)s now, of which %(available)s are free.",
            on_hand=item.on_hand,
            available=item.available,
        ),
        "ok",
    )
    return redirect(url_for(".show", variant_id=variant_id), 303)
