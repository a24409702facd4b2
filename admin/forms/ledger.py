"""The form by which a closed day is opened again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length


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
