"""What is done with several orders at once: archive, take out of the archive, capture what is authorised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin import filters
from admin.access import allows
from admin.auth import inside
from admin.context import read, run
from admin.forms.orders import BulkCaptureForm, BulkForm
from admin.order_words import order_number
from core.orders.queries import GetOrder, get_order
from core.orders.use_cases.archive_order import ArchiveOrder, archive_order
from core.orders.use_cases.reopen_order import ReopenOrder, reopen_order
from core.payments.errors import CaptureTooLarge, NothingToCapture, OperationInFlight
from core.payments.lifecycle import Outcome
from core.payments.use_cases.capture_payment import CapturePayment, CaptureRefused, capture_payment
from core.shared.errors import Forbidden, NotFound
from core.shared.money import Money
from core.shared.state_machine import TransitionRefused
from ports.orders import OrderDetail, PaymentRow
from ports.paging import MAX_LIMIT

MAX_NUMBER = 2**63 - 1  # as large as the column is
_SHOWN = 40  # characters of what is no number, in the message


@dataclass(frozen=True, slots=True)
class Capturable:
    """One authorised payment of a selected order."""

    order: OrderDetail
    payment: PaymentRow


def bulk() -> AnyResponse | str | tuple[str, int]:
    """Do what the bar's button says to the selected orders; taking money is shown in figures first."""
    if not BulkForm().validate_on_submit():
        return _back()
    if wrong := _unusable():
        flash(wrong, "crit")
        return _back()
    orders = _selected()
    action = request.form.get("action")
    if not orders:
        flash(_("Select orders first."), "info")
        return _back()
    if action == "capture":
        return _confirm(orders)
    if action in ("archive", "reopen"):
        _put_away(orders, archive=action == "archive")
    return _back()


def _back() -> AnyResponse:
    """To the list one came from, as it was narrowed."""
    here = inside(request.form.get("back")) or url_for("orders.index")
    return redirect(here, 303)


def _asked() -> Sequence[str]:
    """What was sent as order numbers, each once."""
    return list(dict.fromkeys(request.form.getlist("ids")))


def _unusable() -> str:
    """Why nothing can be done with the selection: something in it is no order number, or it is too long."""
    asked = _asked()
    for text in asked:
        if not (text.isascii() and text.isdigit()) or len(text) > len(str(MAX_NUMBER)) or int(text) > MAX_NUMBER:
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            return str(_("“%(text)s” is no order number. Nothing was changed.", text=shown))
    if len(asked) > MAX_LIMIT:
        return str(_("At most %(limit)s orders at once. Nothing was changed.", limit=filters.number(MAX_LIMIT)))
    return ""


def _selected() -> Sequence[OrderDetail]:
    """The orders whose numbers were sent; what is not there (any more) is left out."""
    found = []
    for text in _asked():
        try:
            found.append(read(get_order, GetOrder(int(text))))
        except NotFound:
            continue
    return found


def _put_away(orders: Sequence[OrderDetail], *, archive: bool) -> None:
    if not allows(archive_order):
        raise Forbidden("orders.order.archive")
    done, refused = 0, []
    for order in orders:
        try:
            run(archive_order, ArchiveOrder(order.id)) if archive else run(reopen_order, ReopenOrder(order.id))
            done += 1
        except TransitionRefused:
            refused.append(order_number(order.number))
    if done and archive:
        flash(ngettext("%(num)s order was archived.", "%(num)s orders were archived.", done), "ok")
    elif done:
        flash(ngettext("%(num)s order is open again.", "%(num)s orders are open again.", done), "ok")
    if refused:
        numbers = ", ".join(refused)
        said = _("Only open orders can be archived: %(numbers)s stay.", numbers=numbers) if archive else _(
            "Only archived orders can be opened again: %(numbers)s stay.", numbers=numbers)  # fmt: skip
        flash(said, "warn")


def _capturable(orders: Sequence[OrderDetail]) -> Sequence[Capturable]:
    return [
        Capturable(order, payment)
        for order in orders
        for payment in order.payments
        if payment.state == "authorised" and payment.capturable.minor > 0
    ]


def _confirm(orders: Sequence[OrderDetail]) -> AnyResponse | str:
    """What would be taken, order by order, and what is left alone."""
    if not allows(capture_payment):
        raise Forbidden("payments.payment.capture")
    wanted = _capturable(orders)
    if not wanted:
        flash(_("None of the selected orders has an authorised payment to capture."), "info")
        return _back()
    concerned = {item.order.id for item in wanted}
    return render_template(
        "orders/bulk_capture.html",
        form=BulkCaptureForm(formdata=None),
        wanted=wanted,
        totals=_totals(wanted),
        alone=[order for order in orders if order.id not in concerned],
        back=inside(request.form.get("back")) or url_for("orders.index"),
    )


def _totals(wanted: Sequence[Capturable]) -> Sequence[Money]:
    sums: dict[str, Money] = {}
    for item in wanted:
        amount = item.payment.capturable
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return list(sums.values())


def bulk_capture() -> AnyResponse:
    """Take the confirmed payments, each by itself: one that is refused does not stop the others."""
    if not allows(capture_payment):
        raise Forbidden("payments.payment.capture")
    form = BulkCaptureForm()
    if not form.validate():
        return _back()
    if wrong := _unusable():
        flash(wrong, "crit")
        return _back()
    outcomes: dict[Outcome, list[Money]] = {}
    refused = []
    for item in _capturable(_selected()):
        try:
            wish = CapturePayment(item.payment.id, form.key_of(item.payment.id))
            outcomes.setdefault(run(capture_payment, wish), []).append(item.payment.capturable)
        except (NothingToCapture, CaptureTooLarge, OperationInFlight, CaptureRefused):
            refused.append(order_number(item.order.number))
    _tell(outcomes, refused)
    return _back()


def _tell(outcomes: dict[Outcome, list[Money]], refused: Sequence[str]) -> None:
    taken = outcomes.get(Outcome.SUCCEEDED, [])
    if taken:
        amount = filters.money(Money.total(taken, taken[0].currency)) if len({m.currency for m in taken}) == 1 else ""
        said = ngettext("%(num)s payment was captured.", "%(num)s payments were captured.", len(taken))
        flash(f"{said} {amount}".strip(), "ok")
    waiting = [money for outcome, found in outcomes.items() if outcome is not Outcome.SUCCEEDED for money in found]
    if waiting:
        flash(ngettext("%(num)s payment has no outcome yet. The provider is asked again by itself; do not repeat it.",
                       "%(num)s payments have no outcome yet. The provider is asked again by itself; do not repeat "
                       "them.", len(waiting)), "warn")  # fmt: skip
    if refused:
        flash(_("Could not be captured: %(numbers)s.", numbers=", ".join(refused)), "crit")
    if not outcomes and not refused:
        flash(_("There is nothing to capture."), "info")
