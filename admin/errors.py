"""Every error as a page: what happened, the way on, and the request id for whoever is asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from flask import Flask, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import HTTPException

from admin.auth import sign_in_address
from admin.context import kernel, request_id
from admin.desk import Desk
from admin.elsewhere import own_stores_with_it
from core.identity.model import Membership
from core.shared.errors import (
    Conflict,
    CoreError,
    Forbidden,
    Invalid,
    NotFound,
    PaymentDeclined,
    Rejected,
    TooManyTries,
    Unauthenticated,
    Unavailable,
    WriteConflict,
)

_log = structlog.get_logger("admin")


@dataclass(frozen=True, slots=True)
class Page:
    """How a status is told. `message` None: the error says it itself; `again`: trying once more may help."""

    title: LazyString
    message: LazyString | None = None
    again: bool = False


STATUS: dict[type[CoreError], int] = {
    PaymentDeclined: 402,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    WriteConflict: 412,
    Invalid: 422,
    Rejected: 422,
    TooManyTries: 429,
    Unavailable: 503,
}

PAGES: dict[int, Page] = {
    400: Page(_l("This request can't be read"), _l("Nothing was changed. Go back and try it once more.")),
    402: Page(_l("The payment was declined")),
    403: Page(_l("Your role does not include this")),
    404: Page(
        _l("There is no such page"),
        _l("It was deleted, it never was, or it belongs to another store."),
    ),
    405: Page(_l("This can't be done here"), _l("Nothing was changed.")),
    409: Page(_l("This is not possible now")),
    412: Page(
        _l("Somebody else saved this first"), _l("Nothing was changed. Open it again to see what is new."), again=True
    ),
    413: Page(_l("The file is too large"), _l("Nothing was uploaded.")),
    422: Page(_l("This is not possible")),
    429: Page(_l("Too many tries"), _l("Wait a while, then try again."), again=True),
    500: Page(
        _l("Something went wrong on our side"),
        _l("It is logged. What you did may or may not have been saved: look before you repeat it."),
        again=True,
    ),
    503: Page(_l("Something we need does not answer"), _l("Nothing was changed. Try again in a moment."), again=True),
}


def _shown(status: int, message: str | None = None) -> tuple[str, int]:
    page = PAGES.get(status) or PAGES[500 if status >= 500 else 400]
    here = request.script_root + request.path
    text = render_template(
        "error.html",
        code=status,
        title=page.title,
        message=message or page.message or "",
        request_id=request_id(),
        at=kernel().clock.wall(),
        method=request.method,
        path=here,
        retry=here if page.again and request.method == "GET" else None,
        back=(url_for("home.index"), _("Home")),
    )
    return text, status


def _from_core(error: CoreError) -> tuple[str, int] | AnyResponse:
    if isinstance(error, Unauthenticated):
        return redirect(sign_in_address(), 303)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if status == 500:
        return _unexpected(error)
    if isinstance(error, Forbidden):
        said = _("This needs the permission %(permission)s. Ask an owner of the store.", permission=error.permission)
        return _shown(status, said)
    if isinstance(error, NotFound) and (stores := own_stores_with_it()):
        return _elsewhere(stores)
    known = PAGES[status].message
    return _shown(status, None if known else error.message)


def _elsewhere(stores: Sequence[Membership]) -> tuple[str, int]:
    """What is not here, and the way to it in another of the person's stores."""
    query = request.query_string.decode("ascii", "replace")
    here = request.path + (f"?{query}" if query else "")
    text = render_template("elsewhere.html", stores=stores, address=here, back=url_for("home.index"))
    return text, 404


def _from_http(error: HTTPException) -> tuple[str, int] | AnyResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if isinstance(error, CSRFError):
        said = _("The form was too old, or did not come from this page. Nothing was changed: open it again and repeat.")
        return _shown(400, said)
    if status >= 500:
        return _unexpected(error)
    text, _status = _shown(status)
    response = error.get_response()
    response.set_data(text)
    response.content_type = "text/html; charset=utf-8"
    return response


def _unexpected(error: Exception) -> tuple[str, int]:
    _log.exception(
        "page_failed", request_id=request_id(), method=request.method, endpoint=request.endpoint, exc_info=error
    )
    # What failed may be what the shell needs, so the page is drawn with what is known already.
    g.setdefault("desk", Desk())
    g.failed = True
    return _shown(500)


def install(app: Flask) -> None:
    """Answer every error of `app` with a page."""
    app.register_error_handler(CoreError, _from_core)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _unexpected)
