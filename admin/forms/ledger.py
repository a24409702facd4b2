"""Forms of the books: a closed day is opened again, the limit of exceptions that may stay open."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from admin.forms.money import MoneyField


class ReopenForm(FlaskForm):
    """Why the books of the day change after all."""

    reason = StringField(
        _l("Reason for opening it again"),
        filters=[lambda value: (value or "").strip()],
        validators=[
            DataRequired(_l("Say why the day is opened again.")),
            Length(max=500, message=_l("At most %(max)d characters.")),
        ],
    )


class LimitForm(FlaskForm):
    """The largest exception that may stay open when a day is closed."""

    limit = MoneyField(_l("At most"), [InputRequired(_l("Say an amount, or 0 for none."))])

    def validate_limit(self, field: Field) -> None:
        """Raises ValidationError for less than nothing."""
        if field.data is not None and field.data.minor < 0:
            raise ValidationError(_l("Not less than nothing."))
