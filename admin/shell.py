"""What stands around every screen: language, theme, menu, assets, and the words that templates use.

`install` is called once by `admin/app.py`; a screen then only extends layout.html and imports macros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask_babel import Babel
from werkzeug import Response as AnyResponse

from admin import assets, filters, navigation, plurals
from admin.desk import LANGUAGES, Desk, Shell, language, region, shell
from admin.desk import desk as current_desk
from admin.icons import icon
from admin.navigation import Waiting
from admin.security import protect
from admin.status import shown_fulfilment, shown_payment, status
from admin.waterfall import Leg, bars

THEMES = ("light", "dark", "system")
_YEAR = 31_536_000


def theme() -> str:
    """The theme chosen in this browser: "light", "dark" or "system"."""
    wish = request.cookies.get("theme", "system")
    return wish if wish in THEMES else "system"


def exists(endpoint: str) -> bool:
    """Whether the application has this endpoint: what does not exist yet is not drawn."""
    return endpoint in current_app.view_functions


def may(permission: str) -> bool:
    """Whether the signed-in person holds `permission`; `App.run` decides, this only spares a dead button."""
    person = current_desk().person
    return person is not None and permission in person.permissions


def asset(name: str) -> str:
    """The address of an asset, with the hash of its content. Raises KeyError for a name that is none."""
    return url_for("shell.asset", digest=shell().assets[name].digest, name=name)


def _here() -> str:
    query = request.query_string.decode("ascii", "replace")
    return request.script_root + request.path + (f"?{query}" if query else "")


def _menu() -> list[list[navigation.Entry]]:
    person = current_desk().person
    if person is None:
        return []
    endpoints = current_app.view_functions.keys()
    return navigation.entries(request.blueprint or "", endpoints, person.permissions, shell().counts())


def _context() -> dict[str, object]:
    desk = current_desk()
    return {
        "desk": desk,
        "person": desk.person,
        "shell": shell(),
        "menu": _menu,
        "here": _here(),
        "theme": theme(),
        "languages": LANGUAGES,
        "language": str(language()),
        "html_lang": str(language()).replace("_", "-"),
        "region": str(region()).replace("_", "-"),
        "styles": assets.STYLES,
        "scripts": assets.SCRIPTS,
    }


pages = Blueprint("shell", __name__)


@pages.get("/assets/<digest>/<name>", endpoint="asset")
def _asset(digest: str, name: str) -> AnyResponse:
    found = shell().assets.get(name)
    if found is None:
        abort(404)
    return found.response(digest)


@pages.post("/preferences")
def preferences() -> AnyResponse:
    """Keep the theme or the language chosen in this browser and go back to the page one came from."""
    back = request.form.get("back", "")
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = redirect(back if inside else request.script_root + "/", code=303)
    path = current_app.config["SESSION_COOKIE_PATH"] or request.script_root or "/"
    for name, allowed in (("theme", THEMES), ("language", tuple(LANGUAGES))):
        chosen = request.form.get(name)
        if chosen in allowed:
            secure = request.is_secure
            answer.set_cookie(name, chosen, max_age=_YEAR, path=path, secure=secure, httponly=True, samesite="Lax")
    return answer


def install(
    app: Flask,
    *,
    desk: Callable[[], Desk] = Desk,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    counts: Callable[[], Mapping[str, Waiting]] = dict,
    sign_out: str = "auth.sign_out",
    profile: str = "auth.profile",
    choose_store: str = "auth.choose_store",
    search: str = "search.index",
) -> None:
    """Give `app` the shell: Babel, template words and filters, menu, assets, preferences, security headers.

    `desk` and `counts` are asked once per page, inside the request; `now` is the business clock (aware).
    The endpoints are drawn once they exist: `sign_out` and `choose_store` (with `store`) take a POST.
    """
    app.extensions["shell"] = Shell(desk, now, counts, sign_out, profile, choose_store, search)
    Babel(app, locale_selector=lambda: str(language()), timezone_selector=lambda: current_desk().time_zone)
    plurals.install(app)
    app.register_blueprint(pages)
    app.context_processor(_context)
    app.jinja_env.globals.update(
        icon=icon, status=status, shown_payment=shown_payment, shown_fulfilment=shown_fulfilment,
        bars=bars, leg=Leg, asset=asset, exists=exists, may=may,
    )  # fmt: skip
    app.jinja_env.filters.update(filters.FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    protect(app)
