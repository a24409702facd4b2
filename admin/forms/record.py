"""The form for money that staff saw come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from admin import filters
from admin.forms.orders import CaptureForm
from admin.order_words import tender
from core.aftersales.use_cases.record_payment import LONGEST_REFERENCE, RecordPayment
from core.shared.ids import PaymentId
from core.shared.money import Money
from ports.orders import OrderDetail, PaymentRow


class RecordForm(CaptureForm):
    """How much came in, and the bank's word for it. `version` is the whole version of the order that was looked at."""

    version = HiddenField()
    reference = StringField(
        _l("Reference"),
        [Optional(), Length(max=LONGEST_REFERENCE)],
        description=_l("As your bank names the transfer. The same one is not recorded twice."),
    )

    def wish(self, order: OrderDetail, payment: PaymentRow, amount: Money) -> RecordPayment:
        """What the form asks for."""
        reference = (self.reference.data or "").strip()
        seen = self.version.data or ""
        return RecordPayment(
            order.id,
            PaymentId(payment.id),
            amount,
            self.key_of(payment.id, amount.minor, reference),
            reference,
            # One that was tampered with is no version that was seen.
            int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1,
        )


def record_form(payments: Sequence[PaymentRow], chosen: PaymentRow, formdata: Any = None) -> RecordForm:
    """The form for `payments`, filled for what is missing of the chosen one."""
    form = RecordForm(formdata)
    form.payment.choices = [SelectChoice(str(payment.id), tender(payment)) for payment in payments]
    if formdata is None:
        form.payment.data = str(chosen.id)
        form.amount.data = filters.amount(chosen.missing) if chosen.missing else ""
    return form
