"""The form by which a delivery is given up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from core.messages.use_cases.discard_delivery import LONGEST_REASON


class DiscardForm(FlaskForm):
    """Why nothing will be done any more."""

    reason = StringField(
        _l("Discard instead, reason"),
        filters=[lambda value: (value or "").strip()],
        validators=[
            DataRequired(_l("Say how it was dealt with instead.")),
            Length(max=LONGEST_REASON, message=_l("At most %(max)d characters.")),
        ],
    )
