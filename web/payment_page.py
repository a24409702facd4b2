"""/pay/<secret>: the payment page. It shows the provider's form, sends the shopper on to the provider's own page, or
says calmly that there is nothing to pay.

The secret is all there is to it: whoever holds it may pay this one session. Only this page lets another host in, and
only while it shows that host's form.
"""

from __future__ import annotations

from importlib import resources

from babel import Locale
from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug import Response as AnyResponse

from core.checkout.queries import FindPaymentPage, PaymentPage, find_payment_page
from core.identity.model import digest
from core.shared.context import CallContext, Job
from core.shared.errors import NotFound, Unavailable
from ports.payment_page import EmbeddedForm, Redirect
from web.calls import kernel
from web.errors import answered
from web.languages import language_of
from web.money import money
from web.request_ids import request_id

payment_page = Blueprint("payment_page", __name__)

_MAX_SECRET = 100
_HTML = "text/html; charset=utf-8"
_STATIC = resources.files("web") / "static" / "pay"
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FILES = {file.name: file.read_bytes() for file in _STATIC.iterdir() if file.name.rpartition(".")[2] in _TYPES}
_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@payment_page.get("/pay/<secret>")
def pay(secret: str) -> AnyResponse:
    """The form, the way to the provider's page, or how the payment stands."""
    found = kernel().lookups.payment_session(digest(secret)) if len(secret) <= _MAX_SECRET else None
    if found is None:
        return _unknown()
    context = CallContext(found.store_id, Job("payment_page"), request_id())
    page = kernel().app.read(find_payment_page, FindPaymentPage(found.id), context)
    return redirect(page.url, 303) if isinstance(page, Redirect) else _shown(page)


@payment_page.get("/pay/assets/<name>")
def asset(name: str) -> AnyResponse:
    """A style, script or picture of the payment page."""
    if name not in _FILES:
        raise NotFound()
    response = Response(_FILES[name], content_type=_TYPES[name.rpartition(".")[2]])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@payment_page.errorhandler(Unavailable)
def _silent(error: Unavailable) -> AnyResponse:
    """The provider does not answer: a page for people that tries again; a program gets the problem document."""
    response = answered(error)
    if _for_people():
        g.language = language_of(request.accept_languages.best or "en")
        response.set_data(render_template("pay_silent.html", language=g.language.replace("_", "-")))
        response.content_type = _HTML
        response.headers["Content-Security-Policy"] = policy(None)
    return response


def _for_people() -> bool:
    """Whether a page is asked for, and not what programs read."""
    known = ("application/problem+json", "application/json", "text/html")
    return request.accept_mimetypes.best_match(known) == "text/html"


def _shown(page: PaymentPage) -> AnyResponse:
    g.language = language_of(page.locale)
    region = Locale.parse(page.locale, sep="-")
    body = render_template("pay.html", page=page, money=lambda amount: money(amount, region))
    response = Response(body, content_type=_HTML)
    response.headers["Content-Security-Policy"] = policy(page.form)
    return response


def _unknown() -> AnyResponse:
    """What to do with an address that leads to no payment; a program gets the problem document."""
    if not _for_people():
        raise NotFound("There is no such payment.")
    g.language = language_of(request.accept_languages.best or "en")
    page = render_template(
        "pay_unknown.html",
        language=g.language.replace("_", "-"),
        shop=kernel().settings.storefront_url,
        request_id=request_id(),
    )
    response = Response(page, 404, content_type=_HTML)
    response.headers["Content-Security-Policy"] = policy(None)
    return response


def policy(form: EmbeddedForm | None) -> str:
    """The content security policy of the page with `form` on it: nothing inline, no host but the form's."""
    directives = dict(_POLICY)
    for name, origins in sorted(form.sources.items()) if form else ():
        directives[name] = " ".join((directives.get(name, "'self'"), *origins))
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())
