"""Forms of orders: refund, cancel, capture. What the core would refuse is said beside the field, in words."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from admin import filters
from admin.forms.catalog import WholeField
from admin.forms.money import parse_money
from admin.order_words import tender
from core.aftersales.use_cases.refund_order import RefundOrder
from core.shared.ids import LineId
from core.shared.money import Money
from ports.orders import OrderDetail, OrderLineRow, PaymentRow

_NEEDED = _l("This is needed.")
_NOTE_LENGTH = 500


class KeyedForm(FlaskForm):
    """A form that moves something once: `key` names the wish, `seen` the amount that its button said."""

    key = HiddenField(default=lambda: uuid.uuid4().hex)
    seen = HiddenField()

    def key_of(self, *asked: object) -> str:
        """A key for exactly this wish: sent twice it is one, changed and sent again it is another."""
        told = "|".join((self.key.data or "", *map(str, asked)))
        return f"desk-{hashlib.sha256(told.encode()).hexdigest()[:40]}"


class RefundForm(KeyedForm):
    """Pieces per line (added by `refund_form`), shipping, another amount, which payment, why."""

    payment = SelectField(_l("Give back to"), choices=[])
    shipping = StringField(_l("Shipping"), [Optional(), Length(max=40)])
    other = StringField(_l("Other amount"), [Optional(), Length(max=40)])
    note = TextAreaField(
        _l("Note"), [Optional(), Length(max=_NOTE_LENGTH)], description=_l("For your team, in the order.")
    )

    def pieces(self, line: OrderLineRow) -> Field:
        """The field for the pieces of `line`."""
        return self[f"pieces-{line.id}"]


def unreadable() -> int:
    """The status of a form with something wrong in it. While somebody types that is no error yet: the figures that
    admin.js asks for say it."""
    return 200 if request.headers.get("X-Requested-With") == "fetch" else 422


def refund_form(order: OrderDetail, formdata: Any = None) -> RefundForm:
    """The form for `order`, read from `formdata` when something was sent."""
    fields = {f"pieces-{line.id}": WholeField(line.title, [Optional()], default=0) for line in order.lines}
    made = type("OrderRefundForm", (RefundForm,), fields)
    form: RefundForm = made(formdata)
    form.payment.choices = [SelectChoice(str(payment.id), tender(payment)) for payment in order.payments]
    if formdata is None:
        first = next((p for p in order.payments if p.refundable), None)
        form.payment.data = str(first.id) if first else None
    return form


def refund_wish(form: RefundForm, order: OrderDetail, requested_by: str) -> RefundOrder | None:
    """What the form asks for, or None when it can't be read: the fields say why. Limits are `refund_limits`."""
    readable = form.validate()
    shipping, other = (_amount(field, order.currency) for field in (form.shipping, form.other))
    for line in order.lines:
        if (form.pieces(line).data or 0) < 0:
            _wrong(form.pieces(line), _("Zero or more."))
    if not readable or any(field.errors for field in form):
        return None
    quantities = {line.id: int(form.pieces(line).data) for line in order.lines if form.pieces(line).data}
    payment = next(p for p in order.payments if str(p.id) == form.payment.data)
    asked = (payment.id, sorted(quantities.items()), shipping, other)
    wish = RefundOrder(order.id, payment.id, form.key_of(*asked), quantities, shipping, other,
                       (form.note.data or "").strip(), requested_by)  # fmt: skip
    return replace(wish, expected=_seen(form, order.currency))


def refund_limits(form: RefundForm, order: OrderDetail, wish: RefundOrder) -> bool:
    """Whether `wish` stays within what is left; what does not is said beside its field."""
    for line in order.lines:
        left = line.quantity - line.refunded_quantity
        if wish.quantities.get(LineId(line.id), 0) > left:
            _wrong(form.pieces(line), _("At most %(left)s can still be refunded.", left=left))
    left_shipping = shipping_left(order)
    if wish.shipping and wish.shipping > left_shipping:
        _wrong(form.shipping, _("At most %(amount)s was paid and not refunded.", amount=filters.money(left_shipping)))
    return not any(field.errors for field in form)


def shipping_left(order: OrderDetail) -> Money:
    """How much of the delivery price was not refunded yet."""
    gone = Money.total((r.shipping for r in order.refunds if r.state != "declined"), order.currency)
    return order.shipping - gone


def _amount(field: StringField, currency: str) -> Money | None:
    """The amount typed into `field`, None when it is empty or wrong, which it then says."""
    text = (field.data or "").strip()
    if not text or field.errors:
        return None
    try:
        amount = parse_money(text, currency)
    except ValueError as wrong:
        _wrong(field, str(wrong))
        return None
    if amount.minor < 0:
        _wrong(field, _("Zero or more."))
        return None
    return amount


def _wrong(field: Field, said: str) -> None:
    field.errors = [*field.errors, said]


def _seen(form: KeyedForm, currency: str) -> Money | None:
    text = form.seen.data or ""
    return Money(int(text), currency) if text.isascii() and text.isdigit() and len(text) < 16 else None


class CancelForm(KeyedForm):
    """Why an order is cancelled; the customer is not told these words."""

    reason = StringField(_l("Reason"), [DataRequired(_NEEDED), Length(max=200)])
    planned = HiddenField()

    def agreed(self, planned: int) -> bool:
        """Whether what was agreed to is what stands now: so many planned shipments are called off."""
        return planned > 0 and self.planned.data == str(planned)


class CaptureForm(KeyedForm):
    """How much to take of a payment."""

    payment = SelectField(_l("Payment"), choices=[])
    amount = StringField(_l("Amount"), [InputRequired(_NEEDED), Length(max=40)])

    def agreed(self, currency: str) -> Money | None:
        """The amount that the button said."""
        return _seen(self, currency)

    def money(self, currency: str) -> Money | None:
        """The amount typed, None when the form can't be read: the fields say why."""
        readable = self.validate()
        amount = _amount(self.amount, currency)
        if amount is not None and not amount:
            _wrong(self.amount, _("More than zero."))
        return amount if readable and not self.amount.errors else None


def capture_form(payments: Sequence[PaymentRow], chosen: PaymentRow, formdata: Any = None) -> CaptureForm:
    """The form for `payments`, filled for all that can be taken of the chosen one."""
    form = CaptureForm(formdata)
    form.payment.choices = [SelectChoice(str(payment.id), tender(payment)) for payment in payments]
    if formdata is None:
        form.payment.data, form.amount.data = str(chosen.id), filters.amount(chosen.capturable)
    return form


class BulkForm(FlaskForm):
    """Selected orders; their numbers stand beside it."""


class BulkCaptureForm(KeyedForm):
    """The confirmation of taking the money of several orders."""
