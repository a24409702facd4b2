"""Record money that staff saw come in: all, a part, too much or late, each said in figures first."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from admin import filters
from admin.access import requires
from admin.context import read, run
from admin.forms.orders import unreadable
from admin.forms.record import RecordForm, record_form
from admin.order_words import tender
from core.aftersales.receiving import Receipt
from core.aftersales.use_cases.record_payment import preview_payment, record_payment
from core.orders.queries import GetOrder, get_order
from core.payments.errors import NothingReceived, OperationInFlight, ReceivedBefore
from core.shared.errors import CoreError, WriteConflict
from core.shared.money import Money
from ports.orders import OrderDetail, PaymentRow

_REFUSALS = (ReceivedBefore, WriteConflict, OperationInFlight, NothingReceived)


def recordable(order: OrderDetail) -> Sequence[PaymentRow]:
    """Payments whose money staff see come in, whatever came already: more and late money is money too."""
    return [payment for payment in order.payments if payment.confirmed_by_hand]


@requires("payments.payment.record")
def record(number: int) -> str | AnyResponse | tuple[str, int]:
    """Say what the amount makes of the order, let it be changed, write it down."""
    order = read(get_order, GetOrder(number))
    payments = recordable(order)
    if not payments:
        flash(_("No payment of this order is recorded by hand."), "info")
        return _back(order)
    if request.method == "GET":
        return _page(order, record_form(payments, payments[0]))
    form = record_form(payments, payments[0], request.form)
    amount = form.money(order.currency)
    if amount is None:
        return _page(order, form), unreadable()
    if request.form.get("step") != "record" or form.agreed(order.currency) != amount:
        return _preview(order, form, amount)
    return _record(order, form, amount)


def _preview(order: OrderDetail, form: RecordForm, amount: Money) -> str | tuple[str, int]:
    try:
        receipt = read(preview_payment, form.wish(order, _chosen(order, form), amount))
    except (ReceivedBefore, NothingReceived) as refusal:
        return _refused(order, form, amount, refusal), unreadable()
    return _page(order, form, receipt)


def _record(order: OrderDetail, form: RecordForm, amount: Money) -> AnyResponse | tuple[str, int]:
    payment = _chosen(order, form)
    try:
        run(record_payment, form.wish(order, payment, amount))
    except _REFUSALS as refusal:
        order = read(get_order, GetOrder(order.number))
        return _refused(order, form, amount, refusal), 409
    flash(
        _("%(tender)s: recorded that %(amount)s came in.", amount=filters.money(amount), tender=tender(payment)), "ok"
    )
    return _back(order)


def _refused(order: OrderDetail, form: RecordForm, amount: Money, refusal: CoreError) -> str:
    """The form once more with the figures as they are now, and why nothing was recorded."""
    if isinstance(refusal, ReceivedBefore):
        form.reference.errors = [*form.reference.errors, _("This transfer is recorded already.")]
        return _page(order, form)
    receipt = receipt_of(order, _chosen(order, form), amount)
    if isinstance(refusal, WriteConflict):
        said = _("Somebody changed this order meanwhile, so nothing was recorded. Look at the figures again.")
    elif isinstance(refusal, OperationInFlight):
        said = _("An earlier request is still under way. Wait for its outcome.")
    else:
        said = _("Nothing was recorded.")
    return _page(order, form, receipt, said)


def _back(order: OrderDetail) -> AnyResponse:
    return redirect(url_for("orders.show", number=order.number), 303)


def _chosen(order: OrderDetail, form: RecordForm) -> PaymentRow:
    payments = recordable(order)
    return next((p for p in payments if str(p.id) == form.payment.data), payments[0])


def receipt_of(order: OrderDetail, payment: PaymentRow, amount: Money) -> Receipt:
    """What `amount` makes of a payment that is shown already."""
    return Receipt(amount, payment.captured + amount, payment.amount, order.status == "cancelled")


def effects(payment: PaymentRow, receipt: Receipt) -> Sequence[str]:
    """What recording does, in figures."""
    said = [_("%(tender)s: you have seen %(amount)s come in; the order says so from now on.",
              amount=filters.money(receipt.amount), tender=tender(payment))]  # fmt: skip
    if payment.captured:
        said.append(_("With it %(received)s of %(asked)s came in.", received=filters.money(receipt.received),
                      asked=filters.money(receipt.asked)))  # fmt: skip
    if receipt.late:
        said.append(_("The order stays cancelled. An exception keeps the money until somebody says what became of it."))
    elif receipt.missing:
        said.append(_("The order stays part paid: %(amount)s is missing.", amount=filters.money(receipt.missing)))
        said.append(_("An exception says so until the rest comes."))
    elif receipt.excess:
        said.append(_("%(amount)s is more than was asked. An exception keeps it until somebody says what became of it.",
                      amount=filters.money(receipt.excess)))  # fmt: skip
    else:
        said.append(_("The order is paid in full."))
    return said


def record_parts(
    order: OrderDetail, form: RecordForm | None = None, receipt: Receipt | None = None
) -> dict[str, object]:
    """What the form is drawn from, on its page and in the dialog of an order that has a recordable payment.

    `wanted`: money is still to come, so that recording it is what the order waits for.
    """
    payments = recordable(order)
    shown = form or record_form(payments, payments[0])
    payment = _chosen(order, shown)
    if form is None and payment.missing:
        receipt = receipt_of(order, payment, payment.missing)
    return {
        "form": shown,
        "payment": payment,
        "payments": payments,
        "amount": receipt.amount if receipt else None,
        "effects": effects(payment, receipt) if receipt else [],
        "version": order.whole_version,
        "wanted": bool(payment.missing) and order.status != "cancelled",
    }


def _page(order: OrderDetail, form: RecordForm, receipt: Receipt | None = None, message: str = "") -> str:
    first = request.method == "GET"
    parts = record_parts(order) if first else record_parts(order, form, receipt)
    return render_template("orders/record.html", order=order, record=parts, message=message)
