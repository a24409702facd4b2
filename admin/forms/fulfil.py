"""Forms of shipping one order: what goes together, in which parcel, under which number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from admin.forms.catalog import WholeField
from admin.forms.orders import KeyedForm
from admin.parcel_words import PARCELS
from admin.shipping_words import centimetres
from admin.shipping_words import size as size_words
from core.logistics.model import MAX_GRAMS, MAX_MM, Measures
from core.logistics.packing import FIRST_BOX
from core.logistics.tracking import ParcelStatus
from core.orders.axes import LineProgress
from core.shared.ids import LineId
from ports.dispatch import Box
from ports.logistics_queries import CarrierAccountRow
from ports.orders import OrderDetail, OrderLineRow

_NEEDED = _l("This is needed.")
OTHER_SIZE = ""
MOST_PARCELS = 20
_SIDES = ("length", "width", "height")
# What staff can see and say of a parcel that nobody follows.
SAID = (
    ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERED, ParcelStatus.EXCEPTION, ParcelStatus.RETURNING,
    ParcelStatus.RETURNED, ParcelStatus.LOST,
)  # fmt: skip


class CentimetreField(StringField):
    """A length typed in centimetres ("13,5", "13.5"), kept in millimetres as `mm`."""

    @property
    def mm(self) -> int | None:
        """Millimetres, None for what is no length."""
        text = (self.data or "").strip().replace(",", ".")
        try:
            value = Decimal(text) * 10
        except InvalidOperation:
            return None
        return int(value) if value.is_finite() and value == value.to_integral_value() and 1 <= value <= MAX_MM else None


class ParcelForm(KeyedForm):
    """Weight and size of a parcel: a box in use, or one that is typed."""

    weight_grams = WholeField(_l("Weight"), [InputRequired(_NEEDED), NumberRange(1, MAX_GRAMS)])
    box = SelectField(_l("Box"), choices=[], validate_choice=False)
    length = CentimetreField(_l("Length"), [Length(max=8)])
    width = CentimetreField(_l("Width"), [Length(max=8)])
    height = CentimetreField(_l("Height"), [Length(max=8)])

    def measures(self) -> Measures | None:
        """What was typed, None when it can't be: the fields say why."""
        sides = self._box() or self._typed()
        if not self.weight_grams.data or sides is None:
            return None
        return Measures(int(self.weight_grams.data), *sides)

    def _box(self) -> tuple[int, int, int] | None:
        parts = (self.box.data or "").split("x")
        if len(parts) != len(_SIDES) or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
            return None
        length, width, height = (int(part) for part in parts)
        return (length, width, height) if all(1 <= side <= MAX_MM for side in (length, width, height)) else None

    def _typed(self) -> tuple[int, int, int] | None:
        sides = []
        for name in _SIDES:
            field = self[name]
            if field.mm is None:
                field.errors = [*field.errors, _("Centimetres, for example 13.5.")]
            else:
                sides.append(field.mm)
        return tuple(sides) if len(sides) == len(_SIDES) else None

    def offer(self, boxes: Sequence[Box]) -> None:
        """Let a box be chosen."""
        self.box.choices = [
            *(SelectChoice(f"{box.length_mm}x{box.width_mm}x{box.height_mm}", size_words(box)) for box in boxes),
            SelectChoice(OTHER_SIZE, _("Another size")),
        ]

    def fill(self, grams: int, boxes: Sequence[Box]) -> None:
        """Begin with what the pieces weigh and the box used last."""
        self.weight_grams.data = grams
        self.box.data = f"{boxes[0].length_mm}x{boxes[0].width_mm}x{boxes[0].height_mm}" if boxes else OTHER_SIZE
        sides = (boxes[0].length_mm, boxes[0].width_mm, boxes[0].height_mm) if boxes else FIRST_BOX
        for name, side in zip(_SIDES, sides, strict=True):
            self[name].data = centimetres(side)


class PlanForm(ParcelForm):
    """Which pieces leave, and in how many equal parcels. The pieces of a line are added by `plan_form`."""

    parcels = WholeField(_l("Parcels"), [InputRequired(_NEEDED), NumberRange(1, MOST_PARCELS)], default=1)

    def pieces(self, line: OrderLineRow) -> Field:
        """The field for the pieces of `line`."""
        return self[f"pieces-{line.id}"]

    def quantities(self, order: OrderDetail, progress: Mapping[LineId, LineProgress]) -> dict[LineId, int] | None:
        """Pieces by line, None when there are none or too many: the fields say so."""
        found: dict[LineId, int] = {}
        for line in order.lines:
            field, left = self.pieces(line), progress[line.id].left
            wanted = int(field.data or 0)
            if not 0 <= wanted <= left:
                field.errors = [*field.errors, _("Between 0 and %(left)s.", left=left)]
            elif wanted:
                found[line.id] = wanted
        wrong = any(self.pieces(line).errors for line in order.lines)
        return None if wrong or not found else found


def plan_form(
    order: OrderDetail, progress: Mapping[LineId, LineProgress], boxes: Sequence[Box], formdata: Any = None
) -> PlanForm:
    """The form for what is left of `order`, with all of it when nothing was sent."""
    fields = {
        f"pieces-{line.id}": WholeField(line.title, [Optional()], default=progress[line.id].left)
        for line in order.lines
    }
    form: PlanForm = type("OrderPlanForm", (PlanForm,), fields)(formdata)
    form.offer(boxes)
    return form


class NumberForm(FlaskForm):
    """The number that the carrier gave at its counter."""

    carrier = StringField(_l("Carrier"), [DataRequired(_NEEDED), Length(max=60)])
    tracking_number = StringField(_l("Tracking number"), [DataRequired(_NEEDED), Length(max=80)])
    service = StringField(_l("Service"), [Optional(), Length(max=60)])
    account = SelectField(_l("Followed by"), choices=[], validate_choice=False)

    def offer(self, accounts: Sequence[CarrierAccountRow]) -> None:
        """Let be chosen who is asked where the parcel is."""
        self.account.choices = [
            SelectChoice("", _("Nobody: we say it ourselves")),
            *(SelectChoice(str(account.id), account.name) for account in accounts if account.enabled),
        ]


class ReportForm(FlaskForm):
    """What somebody knows of a parcel."""

    status = SelectField(_l("What happened"), choices=[])
    text = StringField(_l("In your words"), [Optional(), Length(max=200)])

    def offer(self) -> None:
        self.status.choices = [SelectChoice(str(status), str(PARCELS[status])) for status in SAID]


class StepForm(KeyedForm):
    """One button: buy, leave, take back. `key` makes a double click one wish."""
