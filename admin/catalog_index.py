"""The list of products, what is done to several at once, and a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from werkzeug import Response as AnyResponse

from admin.access import requires
from admin.catalog_form import create_command, field_of
from admin.context import read, run
from admin.forms import problems
from admin.forms.catalog import NewProductForm
from core.catalog.lifecycle import ProductStatus
from core.catalog.queries import ListProducts, list_products
from core.catalog.use_cases.archive import ArchiveProduct, archive_product
from core.catalog.use_cases.create import create_product
from core.catalog.use_cases.publish import PublishProduct, publish_product
from core.shared.errors import Conflict, Invalid, NotFound
from core.shared.ids import ProductId
from ports.catalog import ProductFilter, ProductSort, StockState
from ports.paging import PageRequest

PAGE = 50
_TABS = ("published", "draft", "archived")


@requires("catalog.product.read")
def index() -> str:
    """Products, filtered and sorted as the address says."""
    filter_ = filter_of_address()
    page = read(list_products, ListProducts(filter_, PageRequest(PAGE, request.args.get("cursor") or None)))
    return render_template(
        "catalog/index.html",
        page=page,
        filter=filter_,
        tabs=_tabs(filter_),
        chips=_chips(filter_),
        adders=_adders(filter_),
        keep=_query(filter_, q=None),
        query=_query(filter_),
        sorts={sort.value: _sort(filter_, sort) for sort in ProductSort},
        older=url_for(".index", **_query(filter_, cursor=page.next)) if page.next else None,
        first=url_for(".index", **_query(filter_)) if request.args.get("cursor") else None,
    )


def filter_of_address() -> ProductFilter:
    """What the address asks for; a value that is none of ours counts as not given."""
    args = request.args
    stock, sort = args.get("stock"), args.get("sort")
    by = ProductSort(sort) if sort in set(ProductSort) else ProductSort.CHANGED
    return ProductFilter(
        search=args.get("q", "").strip()[:200],
        status=ProductStatus(args["status"]) if args.get("status") in _TABS else None,
        vendor=args.get("vendor") or None,
        tag=args.get("tag") or None,
        stock=StockState(stock) if stock in set(StockState) else None,
        sort=by,
        descending=args.get("order", "asc" if by is ProductSort.TITLE else "desc") == "desc",
    )


def _query(filter_: ProductFilter, **changes: Any) -> dict[str, Any]:
    """The address's query for `filter_`, with `changes`; what is as it is without saying is left out."""
    natural = "asc" if filter_.sort is ProductSort.TITLE else "desc"
    order = "desc" if filter_.descending else "asc"
    query = {
        "q": filter_.search or None,
        "status": filter_.status,
        "vendor": filter_.vendor,
        "tag": filter_.tag,
        "stock": filter_.stock,
        "sort": None if filter_.sort is ProductSort.CHANGED else filter_.sort,
        "order": None if order == natural else order,
    }
    return {name: value for name, value in (query | changes).items() if value is not None}


def _tabs(filter_: ProductFilter) -> list[dict[str, Any]]:
    words = {None: _("All"), "published": _("On sale"), "draft": _("Drafts"), "archived": pgettext("tab", "Archived")}
    return [
        {
            "label": word,
            "href": url_for(".index", **_query(filter_, status=status)),
            "current": filter_.status == status,
        }
        for status, word in words.items()
    ]


def _stock_words() -> dict[StockState, str]:
    return {StockState.IN_STOCK: _("In stock"), StockState.SOLD_OUT: _("Sold out")}


def _chips(filter_: ProductFilter) -> list[dict[str, Any]]:
    given = (
        ("vendor", _("Maker"), filter_.vendor),
        ("tag", _("Tag"), filter_.tag),
        ("stock", _("Stock"), _stock_words()[filter_.stock] if filter_.stock else None),
    )
    return [
        {"field": word, "values": [value], "without": url_for(".index", **_query(filter_, **{name: None}))}
        for name, word, value in given
        if value
    ]


def _adders(filter_: ProductFilter) -> list[dict[str, Any]]:
    choices = [(state.value, word, filter_.stock is state) for state, word in _stock_words().items()]
    return [{"label": _("Stock"), "name": "stock", "choices": choices}]


def _sort(filter_: ProductFilter, sort: ProductSort) -> dict[str, Any]:
    current = filter_.sort is sort
    descending = not filter_.descending if current else sort is ProductSort.CHANGED
    wanted = {"sort": sort.value, "order": "desc" if descending else "asc"}
    direction = ("desc" if filter_.descending else "asc") if current else None
    return {"href": url_for(".index", **_query(filter_, **wanted)), "direction": direction}


_BULK: dict[str, tuple[Callable[..., None], Callable[[ProductId], Any]]] = {
    "publish": (publish_product, PublishProduct),
    "archive": (archive_product, ArchiveProduct),
}


@requires("catalog.product.read")
def bulk() -> AnyResponse:
    """Publish or archive the selected products, each in a transaction of its own; says how many and which not."""
    action = request.form.get("action", "")
    if action in _BULK:
        use_case, command = _BULK[action]
        done, refused = 0, 0
        for text in request.form.getlist("ids")[:PAGE]:
            try:
                run(use_case, command(ProductId(UUID(text))))
                done += 1
            except (Conflict, Invalid, NotFound, ValueError):
                refused += 1
        _tell(action, done, refused)
    back = request.form.get("back", "")
    return redirect(f"{url_for('.index')}?{back}" if back else url_for(".index"), 303)


def _tell(action: str, done: int, refused: int) -> None:
    if done and action == "publish":
        flash(ngettext("%(num)s product is on sale now.", "%(num)s products are on sale now.", done), "ok")
    elif done:
        flash(ngettext("%(num)s product is archived now.", "%(num)s products are archived now.", done), "ok")
    if refused:
        flash(
            ngettext(
                "%(num)s product stayed as it is: its status does not allow this.",
                "%(num)s products stayed as they are: their status does not allow this.",
                refused,
            ),
            "warn",
        )
    if not done and not refused:
        flash(_("No product was selected."), "info")


@requires("catalog.product.create")
def new() -> str:
    return _new(NewProductForm())


def _new(form: NewProductForm, top: str = "") -> str:
    return render_template("catalog/new.html", form=form, top=top)


@requires("catalog.product.create")
def create() -> AnyResponse | tuple[str, int]:
    """Make the product and open its page, or show the form again with what is wrong."""
    form = NewProductForm()
    if not form.validate():
        return _new(form), 422
    try:
        product_id = run(create_product, create_command(form))
    except Invalid as refused:
        homeless = problems.show(refused, field_of(form, None))
        return _new(form, " ".join(homeless)), 422
    flash(_("%(title)s is a draft now: add pictures, then put it on sale.", title=form.title.data), "ok")
    return redirect(url_for(".show", product_id=product_id), 303)
