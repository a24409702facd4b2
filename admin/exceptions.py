"""Money that does not fit: what was expected, what came, and what became of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_timedelta, lazy_pgettext
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from admin import filters, order_words
from admin.access import allows, requires
from admin.context import read, run
from admin.desk import now
from admin.forms.orders import ResolveForm
from admin.status import status
from core.orders.queries import GetOrder, get_order
from core.reconciliation.model import ExceptionKind, ExceptionState
from core.reconciliation.queries import GetException, ListExceptions, get_exception, list_exceptions
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.shared.ids import ExceptionId
from core.shared.money import Money
from core.shared.state_machine import TransitionRefused
from ports.orders import OrderDetail, PaymentRow
from ports.paging import PageRequest
from ports.reconciliation import ExceptionRow

exceptions = Blueprint("exceptions", __name__, url_prefix="/exceptions")

_PAGE = 50
_TABS = (
    ("open", ExceptionState.OPEN, lazy_pgettext("tab", "Open")),
    ("resolved", ExceptionState.RESOLVED, lazy_pgettext("tab", "Resolved")),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison: ours, theirs, and whether they agree (None: nothing to compare)."""

    label: str
    ours: str
    theirs: str
    agrees: bool | None
    code: bool = False


@exceptions.get("/")
@requires("reconciliation.exception.read")
def index() -> str:
    """The list, with the first of it opened beside it where there is room."""
    return _bench(None)


@exceptions.route("/<uuid:exception_id>", methods=("GET", "POST"))
@requires("reconciliation.exception.read")
def show(exception_id: UUID) -> str | AnyResponse | tuple[str, int]:
    """One exception; a POST explains it."""
    found = read(get_exception, GetException(ExceptionId(exception_id)))
    if request.method == "GET":
        return _bench(found)
    form = ResolveForm()
    if not form.validate():
        return _bench(found, form), 422
    try:
        run(resolve_exception, ResolveException(found.id, form.resolution.data or ""))
    except TransitionRefused:
        flash(_("Somebody explained this meanwhile: read what they wrote."), "warn")
    else:
        flash(_("%(kind)s, %(amount)s: explained.", kind=order_words.EXCEPTIONS[found.kind],
                amount=filters.money(found.amount)), "ok")  # fmt: skip
    return redirect(url_for("exceptions.show", exception_id=exception_id), 303)


def _bench(chosen: ExceptionRow | None, form: ResolveForm | None = None) -> str:
    wanted = request.args.get("state") or (chosen.state if chosen else "open")
    name, state, _label = next((tab for tab in _TABS if tab[0] == wanted), _TABS[0])
    page = read(list_exceptions, ListExceptions(state, PageRequest(_PAGE, request.args.get("cursor") or None)))
    opened = chosen or (page.rows[0] if page.rows else None)
    tabs = [{"label": label, "href": url_for("exceptions.index", state=key), "current": key == name}
            for key, _state, label in _TABS]  # fmt: skip
    older = url_for("exceptions.index", state=name, cursor=page.next) if page.next else None
    return render_template(
        "exceptions/index.html",
        tabs=tabs,
        page=page,
        older=older,
        newest=url_for("exceptions.index", state=name) if request.args.get("cursor") else None,
        state=name,
        opened=opened,
        asked=chosen is not None,
        kinds=order_words.EXCEPTIONS,
        age=age,
        **(_detail(opened, form) if opened else {}),
    )


def age(row: ExceptionRow) -> str:
    """How long it has been waiting: "3 days"."""
    return str(format_timedelta(now() - row.opened_at, granularity="minute"))


def _detail(row: ExceptionRow, form: ResolveForm | None) -> dict[str, Any]:
    order = read(get_order, GetOrder(row.order_number)) if row.order_number and allows(get_order) else None
    payment = next((p for p in order.payments if p.id == row.payment_id), None) if order else None
    return {
        "order": order,
        "payment": payment,
        "facts": facts(row, order, payment),
        "told": _told(row),
        "explanation": order_words.explanation(row.resolution or ""),
        "form": form or ResolveForm(formdata=None),
        "resolves": row.state is ExceptionState.OPEN and allows(resolve_exception),
        "refunds": payment is not None and payment.refundable.minor > 0 and allows("payments.payment.refund"),
    }


def facts(row: ExceptionRow, order: OrderDetail | None, payment: PaymentRow | None) -> Sequence[Fact]:
    """What was expected beside what came, line by line."""
    currency = row.amount.currency
    expected, came = (Money(int(row.details.get(key, 0)), currency) for key in ("expected", "captured"))
    fits = expected == came
    found = [
        Fact(_("Amount"), filters.money(expected), filters.money(came), fits),
        Fact(_("Difference"), "–", filters.money(came - expected), fits),
    ]
    method = order_words.tender(payment) if payment else order_words.method(str(row.details.get("method", "")))
    found.append(Fact(_("Paid by"), method, method, None))
    if payment is not None and payment.expires_at is not None:
        late = row.opened_at > payment.expires_at
        found.append(Fact(_("Time"), _("until %(time)s", time=filters.exact(payment.expires_at)),
                          _("noticed %(time)s", time=filters.exact(row.opened_at)), not late))  # fmt: skip
    if order is None:
        found.append(Fact(_("Order"), _("none was made"), _("money came"), False))
    else:
        number = order_words.order_number(order.number)
        word = str(status("order", order.status).word).lower()
        dead = order.status == "cancelled"
        theirs = _("paid after that") if dead else _("for this order")
        found.append(Fact(_("Order"), f"{number}, {word}", theirs, not dead))
    found.append(Fact(_("Reference"), row.left_reference, row.right_reference or "–", None, code=True))
    return found


def _told(row: ExceptionRow) -> str:
    """What happened, as a sentence."""
    amount = filters.money(row.amount)
    if row.kind is ExceptionKind.LATE_PAYMENT:
        if row.order_number:
            return str(_("%(amount)s came in after the order was cancelled and its stock given back.", amount=amount))
        return str(_("%(amount)s came in after its checkout had ended, so no order was made of it.", amount=amount))
    if row.kind is ExceptionKind.DUPLICATE_CHARGE:
        return str(_("%(amount)s came in a second time for the same order.", amount=amount))
    if row.kind is ExceptionKind.AMOUNT_OVER:
        return str(_("More came in than was asked: %(amount)s has to be explained.", amount=amount))
    return str(_("Less came in than was asked: %(amount)s has to be explained.", amount=amount))
