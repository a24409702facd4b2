"""Language and theme go with the person: kept when chosen, put into the browser at sign-in.

`admin.shell` answers the choice with cookies, which also serve people who are not signed in.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from werkzeug import Response as AnyResponse

from admin.context import run, staff_session
from admin.desk import LANGUAGES
from core.identity.model import THEMES
from core.identity.use_cases.prefer import ChoosePreferences, choose_preferences
from ports.lookups import StaffSession

_YEAR = 31_536_000  # seconds


def _keep() -> None:
    """Before the shell answers, so that a choice that can't be kept is not shown as kept."""
    if request.endpoint != "shell.preferences" or request.method != "POST":
        return
    session = staff_session()
    if session is None:
        return
    language, theme = request.form.get("language", ""), request.form.get("theme", "")
    chosen = ChoosePreferences(
        session.staff_id,
        locale=language.replace("_", "-") if language in LANGUAGES else None,
        theme=theme if theme in THEMES else None,
    )
    run(choose_preferences, chosen)


def restore(answer: AnyResponse, session: StaffSession) -> None:
    """Put what the person chose elsewhere into this browser."""
    wanted = {"theme": session.theme, "language": session.locale.replace("-", "_")}
    for name, value in wanted.items():
        if value:
            answer.set_cookie(
                name,
                value,
                max_age=_YEAR,
                path=current_app.config["SESSION_COOKIE_PATH"],
                secure=current_app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )


def install(app: Flask) -> None:
    """Keep choices; after the check of the form's token has been installed."""
    app.before_request(_keep)
