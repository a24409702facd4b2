"""The form of sign-in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):
    """E-mail, password, and whether this computer is one's own."""

    email = EmailField(_l("E-mail"), validators=[InputRequired(_l("Your e-mail is needed.")), Length(max=254)])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Your password is needed."))])
    remember = BooleanField(_l("Stay signed in on this computer for 14 days"))
