"""Forms of the workbench: a decision with its words, an answer to somebody else's, opening again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from admin.ledger_words import ACCOUNTS
from core.ledger.chart import AccountCode
from core.reconciliation.actions import ALLOWED_ACCOUNTS

_LONGEST = 2000


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


class DecideForm(FlaskForm):
    """What is decided, why, and for whoever has to agree; `version` is the exception as it was looked at."""

    do = HiddenField(default="resolve")
    version = HiddenField()
    resolution = TextAreaField(
        _l("What became of the money"),
        [DataRequired(_l("This is needed.")), Length(max=_LONGEST)],
        filters=[_trimmed],
        description=_l("Say it so that somebody who reads this in a year understands it."),
    )
    account = SelectField(_l("To account"), [Optional()], choices=[])
    note = StringField(_l("Note for the approver"), [Optional(), Length(max=500)], filters=[_trimmed])

    def offer_accounts(self, usual: AccountCode | None) -> None:
        """Let the person choose where a write-off goes; `usual` is chosen unless they do."""
        self.account.choices = [(code.value, f"{code.value} {ACCOUNTS[code]}") for code in ALLOWED_ACCOUNTS]
        if not self.account.raw_data and usual is not None:
            self.account.data = usual.value

    @property
    def seen(self) -> int | None:
        """The version that was looked at; None where the form does not say one."""
        told = self.version.data or ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None


class AnswerForm(FlaskForm):
    """Yes or no to what somebody asked for."""

    answer = StringField(_l("Answer"), [Optional(), Length(max=500)], filters=[_trimmed])


class ReopenForm(FlaskForm):
    """Why an explanation does not hold."""

    reason = StringField(
        _l("Why it is opened again"),
        [DataRequired(_l("Say why it is opened again.")), Length(max=500)],
        filters=[_trimmed],
    )
