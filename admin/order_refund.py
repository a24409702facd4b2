"""Give money back: chosen by piece, shipping or amount, shown in figures, then asked of the provider once.

The same page serves three times: as a dialog of the order page, as a page of its own, and as the figures that
admin.js fetches while somebody types. The button carries the amount that was shown; when it comes to another one
meanwhile, nothing moves and the new figures are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from admin import filters
from admin.access import requires
from admin.context import person, read, run
from admin.forms.orders import RefundForm, refund_form, refund_limits, refund_wish, shipping_left, unreadable
from admin.order_page import refundable
from admin.order_words import order_number, provider, tender
from admin.waterfall import Leg
from core.aftersales.refunding import RefundImpossible, RefundOneWay, RefundPlan
from core.aftersales.use_cases.refund_order import (
    RefundChanged,
    RefundOrder,
    RefundRefused,
    preview_refund,
    refund_order,
)
from core.orders.queries import GetOrder, get_order
from core.payments.errors import OverRefund
from core.payments.lifecycle import Outcome
from ports.orders import OrderDetail, PaymentRow


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What a refund comes to: sentences, the payment as a waterfall, the amount that the button carries."""

    plan: RefundPlan
    effects: Sequence[str]
    legs: Sequence[Leg]


@requires("payments.payment.refund")
def refund(number: int) -> str | AnyResponse | tuple[str, int]:
    """Ask what to give back, show it in figures, do it once."""
    order = read(get_order, GetOrder(number))
    if request.method == "GET":
        if not refundable(order):
            flash(_("There is nothing left to refund."), "info")
            return redirect(url_for("orders.show", number=number), 303)
        return _page(order, refund_form(order))
    form = refund_form(order, request.form)
    wish = refund_wish(form, order, person().name)
    if wish is None:
        return _page(order, form), unreadable()
    if request.form.get("step") == "refund" and wish.expected is not None:
        return _refund(order, form, wish)
    return _previewed(order, form, wish)


def _refund(order: OrderDetail, form: RefundForm, wish: RefundOrder) -> AnyResponse | tuple[str, int]:
    try:
        outcome = run(refund_order, wish, reason=wish.note)
    except RefundChanged:
        return _again(order, form, wish, _("The figures changed. Look at them again: nothing was refunded."))
    except (RefundImpossible, OverRefund):
        return _again(order, form, wish, _("This is more than is left. Nothing was refunded."))
    except RefundRefused as refusal:
        return _again(order, form, wish, _("The provider refuses this refund: %(why)s", why=_code(refusal)))
    payment = next(p for p in order.payments if p.id == wish.payment_id)
    flash(*_told(outcome, filters.money(wish.expected), payment))  # type: ignore[arg-type]  # it was agreed to
    return redirect(url_for("orders.show", number=order.number), 303)


def _code(refusal: RefundRefused) -> str:
    """The provider's own code, which its support asks for."""
    found = refusal.message.rpartition("(")[2].rstrip(").")
    return str(_("it gives no reason.") if found == "no reason given" else found)


def _told(outcome: Outcome, amount: str, payment: PaymentRow) -> tuple[str, str]:
    where, who = tender(payment), provider(payment.provider)
    if outcome is Outcome.SUCCEEDED and payment.confirmed_by_hand:
        return _("Recorded: %(amount)s goes back by hand.", amount=amount), "ok"
    if outcome is Outcome.SUCCEEDED:
        return _("%(amount)s was refunded to %(tender)s.", amount=amount, tender=where), "ok"
    if outcome is Outcome.PENDING:
        return _("%(provider)s has taken on the refund of %(amount)s and will say when it is done.",
                 provider=who, amount=amount), "info"  # fmt: skip
    return _("%(provider)s has not answered yet whether %(amount)s went back. It is asked again by itself; "
             "do not refund it a second time.", provider=who, amount=amount), "warn"  # fmt: skip


def _again(order: OrderDetail, form: RefundForm, wish: RefundOrder, said: str) -> tuple[str, int]:
    """The form once more, with the figures as they are now and nothing lost of what was typed."""
    fresh = read(get_order, GetOrder(order.number))
    page, _status = _previewed(fresh, form, wish, said)
    return page, 409


def _previewed(order: OrderDetail, form: RefundForm, wish: RefundOrder, said: str = "") -> tuple[str, int]:
    if not refund_limits(form, order, wish):
        return _page(order, form, message=said), unreadable()
    try:
        plan = run(preview_refund, replace(wish, expected=None))
    except RefundOneWay:
        one_way = _("The provider can't give this payment back. Pay it back another way.")
        return _page(order, form, message=said or one_way), 200
    except RefundImpossible:
        return _page(order, form, message=said or _limit(order, wish)), 200
    return _page(order, form, _preview(order, wish, plan), said), 200


def _limit(order: OrderDetail, wish: RefundOrder) -> str:
    asked = any(wish.quantities.values()) or wish.shipping or wish.other
    if not asked:
        return str(_("Nothing is chosen yet."))
    payment = next(p for p in order.payments if p.id == wish.payment_id)
    amount, name = filters.money(payment.refundable), tender(payment)
    return str(_("%(tender)s: at most %(amount)s can still be refunded.", amount=amount, tender=name))


def _preview(order: OrderDetail, wish: RefundOrder, plan: RefundPlan) -> RefundPreview:
    payment = next(p for p in order.payments if p.id == wish.payment_id)
    legs = [Leg(_("Paid"), payment.captured, "base")]
    if payment.refunding:
        legs.append(Leg(_("Refunded before"), -payment.refunding))
    legs += [Leg(f"{line.quantity} × {line.title}", -line.amount) for line in plan.lines]
    if plan.shipping:
        legs.append(Leg(_("Shipping"), -plan.shipping))
    if plan.other:
        legs.append(Leg(_("Other amount"), -plan.other))
    kept = payment.refundable - plan.amount
    return RefundPreview(plan, _effects(order, payment, plan), [*legs, Leg(_("Kept"), kept, "sum")])


def _effects(order: OrderDetail, payment: PaymentRow, plan: RefundPlan) -> Sequence[str]:
    amount, name = filters.money(plan.amount), tender(payment)
    if payment.confirmed_by_hand:
        said = [_("%(amount)s is recorded as given back. You send or hand it over yourself.", amount=amount)]
    elif payment.method == "pix":
        said = [_("%(amount)s goes back by Pix to the account that paid.", amount=amount)]
    else:
        said = [_("%(amount)s goes back to %(tender)s.", amount=amount, tender=name)]
    if plan.lines and order.fulfilment_status == "unfulfilled":
        said.append(_("Stock stays as it is: the goods have not left."))
    left = payment.refundable - plan.amount
    said.append(
        _("%(amount)s of this payment can still be refunded later.", amount=filters.money(left))
        if left
        else _("Nothing is left of this payment.")
    )
    return said


def _page(order: OrderDetail, form: RefundForm, preview: RefundPreview | None = None, message: str = "") -> str:
    return render_template(
        "orders/refund.html",
        order=order,
        number=order_number(order.number),
        refund=refund_parts(order, form, preview, message),
    )


def refund_parts(
    order: OrderDetail, form: RefundForm, preview: RefundPreview | None = None, message: str = ""
) -> dict[str, object]:
    """What the form is drawn from, on its page and in the dialog of the order page."""
    payments = refundable(order)
    limits = [_("%(amount)s of %(tender)s", amount=filters.money(p.refundable), tender=tender(p)) for p in payments]
    return {
        "form": form,
        "preview": preview,
        "message": message,
        "payments": payments,
        "limit": _("Left to refund: %(limits)s.", limits=", ".join(limits)) if limits else "",
        "shipping_left": shipping_left(order),
        "left": {line.id: line.quantity - line.refunded_quantity for line in order.lines},
    }
