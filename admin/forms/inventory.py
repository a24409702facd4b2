"""The form that puts stock right."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from admin.forms.catalog import WholeField


class AdjustForm(FlaskForm):
    """How many come in or go out, and why."""

    change = WholeField(
        _l("Change"),
        [InputRequired(_l("This is needed.")), NumberRange(-1_000_000, 1_000_000)],
        description=_l("12 when twelve came in, -3 when three are missing."),
    )
    reason = StringField(
        _l("Reason"),
        [DataRequired(_l("Say why, so that others understand the number.")), Length(max=300)],
        description=_l("Stands beside the movement for good."),
    )
