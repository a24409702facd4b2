"""Take the money of an order, or cancel it: each said in figures first, each wish one effect however often sent."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin import filters
from admin.access import requires
from admin.context import read, run
from admin.forms.orders import CancelForm, CaptureForm, capture_form, unreadable
from admin.order_page import capturable, pieces
from admin.order_words import order_number, provider, tender
from core.aftersales.use_cases.cancel_order import CancelOrder, MoneyCameMeanwhile, ProviderSilent, cancel_order
from core.logistics.errors import FulfilmentsPlanned, GoodsHaveLeft
from core.logistics.lifecycle import FulfilmentState
from core.orders.queries import GetOrder, get_order
from core.payments.errors import CaptureTooLarge, NothingToCapture, OperationInFlight
from core.payments.lifecycle import Outcome
from core.payments.use_cases.capture_payment import CapturePayment, CaptureRefused, capture_payment
from core.shared.errors import CoreError
from core.shared.money import Money
from core.shared.state_machine import TransitionRefused
from ports.logistics_queries import FulfilmentRow
from ports.orders import OrderDetail, PaymentRow


def _back(order: OrderDetail) -> AnyResponse:
    return redirect(url_for("orders.show", number=order.number), 303)


# -- cancel --------------------------------------------------------------------------------------------------


@requires("orders.order.cancel")
def cancel(number: int) -> str | AnyResponse | tuple[str, int]:
    """Say what cancelling does, ask why, do it."""
    order = read(get_order, GetOrder(number))
    form = CancelForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        if order.status != "open":
            flash(_("Only an open order can be cancelled."), "info")
            return _back(order)
        return _cancel_page(order, form)
    if not form.validate():
        return _cancel_page(order, form), 422
    reason = (form.reason.data or "").strip()
    try:
        wish = CancelOrder(order.id, reason, form.key_of("cancel"), fulfilments_too=form.agreed(len(planned(order))))
        run(cancel_order, wish, reason=reason)
    except (MoneyCameMeanwhile, ProviderSilent, OperationInFlight, TransitionRefused, GoodsHaveLeft,
            FulfilmentsPlanned) as refusal:  # fmt: skip
        order = read(get_order, GetOrder(number))
        return _cancel_page(order, form, _cancel_refusal(refusal)), 409
    flash(_("%(number)s is cancelled, its stock is free again.", number=order_number(number)), "ok")
    return _back(order)


def _cancel_refusal(refusal: CoreError) -> str:
    if isinstance(refusal, MoneyCameMeanwhile):
        return str(
            _("The money came in meanwhile, so the order was not cancelled. Look at it again before you decide.")
        )
    if isinstance(refusal, ProviderSilent):
        return str(_("The provider has not said whether the payment is let go. The order stays open and keeps its "
                     "stock; try again in a moment, it is the same wish."))  # fmt: skip
    if isinstance(refusal, OperationInFlight):
        return str(_("A capture is still under way. Wait for its outcome, then cancel."))
    if isinstance(refusal, GoodsHaveLeft):
        return str(_("Goods of this order have left. Take that back, or wait for them to return and refund."))
    if isinstance(refusal, FulfilmentsPlanned):
        return str(_("A shipment was planned meanwhile. What is called off with the order stands above."))
    return str(_("Only an open order can be cancelled."))


def planned(order: OrderDetail) -> Sequence[FulfilmentRow]:
    """The shipments that are called off with the order."""
    return [one for one in order.fulfilments if one.state is FulfilmentState.PLANNED]


def _called_off(order: OrderDetail) -> list[str]:
    """What becomes of the shipments that are planned, and of the labels bought for them."""
    shipments = planned(order)
    labels = [parcel.postage for one in shipments for parcel in one.parcels if parcel.postage is not None]
    said = []
    if shipments:
        count = len(shipments)
        said.append(
            ngettext("%(num)s planned shipment is called off.", "%(num)s planned shipments are called off.", count)
        )
    if labels:
        worth = Money.total((label.paid or label.quoted for label in labels), order.currency)
        said.append(ngettext("%(num)s label, %(amount)s, is given back to its carrier.",
                             "%(num)s labels, %(amount)s, are given back to their carriers.", len(labels),
                             amount=filters.money(worth)))  # fmt: skip
    return said


def cancel_effects(order: OrderDetail) -> Sequence[str]:
    """What cancelling does, in figures."""
    count = pieces(order)
    said = [
        ngettext("%(num)s item is free to be sold again.", "%(num)s items are free to be sold again.", count),
        *_called_off(order),
        *(sentence for payment in order.payments if (sentence := _let_go(payment))),
    ]
    if not order.payments:
        said.append(_("No money is involved."))
    return [*said, _("No message is sent to the customer.")]


def _let_go(payment: PaymentRow) -> str:
    name, who = tender(payment), provider(payment.provider)
    kept = payment.captured - payment.refunding
    if payment.state == "authorised":
        amount = filters.money(payment.authorised)
        return str(_("%(amount)s held on %(tender)s is released at %(provider)s.",
                     amount=amount, tender=name, provider=who))  # fmt: skip
    if payment.state in ("awaiting", "created"):
        amount = filters.money(payment.amount)
        return str(_("%(tender)s: %(amount)s is no longer awaited.", amount=amount, tender=name))
    if kept.minor > 0:
        amount = filters.money(kept)
        return str(_("%(tender)s: %(amount)s stays with you and can be refunded apart.",
                     amount=amount, tender=name))  # fmt: skip
    return ""


def _cancel_page(order: OrderDetail, form: CancelForm, message: str = "") -> str:
    return render_template(
        "orders/cancel.html", order=order, form=form, message=message, effects=cancel_effects(order),
        count=pieces(order),
    )  # fmt: skip


# -- capture -------------------------------------------------------------------------------------------------


@requires("payments.payment.capture")
def capture(number: int) -> str | AnyResponse | tuple[str, int]:
    """Say what is taken, let the amount be changed, take it."""
    order = read(get_order, GetOrder(number))
    if request.method == "GET":
        open_ = capturable(order)
        if not open_:
            flash(_("There is nothing to capture."), "info")
            return _back(order)
        return _capture_page(order, capture_form(open_, open_[0]))
    form = capture_form(order.payments, order.payments[0], request.form) if order.payments else None
    amount = form.money(order.currency) if form else None
    if form is None or amount is None:
        return _back(order) if form is None else (_capture_page(order, form), unreadable())
    if request.form.get("step") != "capture" or form.agreed(order.currency) != amount:
        return _capture_page(order, form, amount)
    return _capture(order, form, amount)


def _capture(order: OrderDetail, form: CaptureForm, amount: Money) -> AnyResponse | tuple[str, int]:
    payment = next(p for p in order.payments if str(p.id) == form.payment.data)
    try:
        outcome = run(capture_payment, CapturePayment(payment.id, form.key_of(payment.id, amount.minor), amount))
    except (NothingToCapture, CaptureTooLarge, OperationInFlight, CaptureRefused) as refusal:
        order = read(get_order, GetOrder(order.number))
        return _capture_page(order, form, None, capture_refusal(refusal)), 409
    flash(*captured(outcome, filters.money(amount), payment))
    return _back(order)


def capture_refusal(refusal: CoreError) -> str:
    """Why money was not taken, in the person's language."""
    if isinstance(refusal, NothingToCapture):
        return str(_("There is nothing left to capture."))
    if isinstance(refusal, CaptureTooLarge):
        return str(_("This is more than can be captured."))
    if isinstance(refusal, OperationInFlight):
        return str(_("An earlier request is still under way. Wait for its outcome."))
    return str(_("The provider refuses to capture this payment."))


def captured(outcome: Outcome, amount: str, payment: PaymentRow) -> tuple[str, str]:
    """What became of a capture, and the tone of the notice that says it."""
    name, who = tender(payment), provider(payment.provider)
    if outcome is Outcome.SUCCEEDED:
        return _("%(amount)s was captured from %(tender)s.", amount=amount, tender=name), "ok"
    if outcome is Outcome.PENDING:
        return _("%(provider)s has taken on the capture of %(amount)s and will say when it is done.",
                 provider=who, amount=amount), "info"  # fmt: skip
    return _("%(provider)s has not answered yet whether %(amount)s was captured. It is asked again by itself; "
             "do not repeat it.", provider=who, amount=amount), "warn"  # fmt: skip


def capture_effects(payment: PaymentRow, amount: Money, order: OrderDetail) -> Sequence[str]:
    """What capturing `amount` does, in figures."""
    name, said = tender(payment), filters.money(amount)
    rest = payment.capturable - amount
    effects = [_("%(amount)s is taken from %(tender)s at %(provider)s.",
                 amount=said, tender=name, provider=provider(payment.provider))]  # fmt: skip
    if rest.minor > 0:
        effects.append(_("The rest, %(amount)s, is released and can't be taken later.", amount=filters.money(rest)))
    return effects


def capture_parts(order: OrderDetail, form: CaptureForm, amount: Money | None = None) -> dict[str, object] | None:
    """What the form is drawn from, on its page and in the dialog; None when nothing can be captured."""
    open_ = capturable(order)
    if not open_:
        return None
    payment = next((p for p in open_ if str(p.id) == form.payment.data), open_[0])
    too_much = amount is not None and amount > payment.capturable
    shown = payment.capturable if amount is None else amount
    if too_much:
        most = filters.money(payment.capturable)
        form.amount.errors = [*form.amount.errors, _("At most %(amount)s can be captured.", amount=most)]
    return {
        "form": form,
        "payment": payment,
        "payments": open_,
        "amount": None if form.amount.errors else shown,
        "effects": [] if form.amount.errors else capture_effects(payment, shown, order),
    }


def _capture_page(order: OrderDetail, form: CaptureForm, amount: Money | None = None, message: str = "") -> str:
    parts = capture_parts(order, form, amount)
    return render_template("orders/capture.html", order=order, capture=parts, message=message)
