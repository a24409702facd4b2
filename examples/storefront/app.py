"""The Flask application: settings in, pages, cookies and error pages."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import httpx
from flask import Flask, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from examples.storefront import (
    account,
    cart,
    catalog,
    checkout,
    formats,
    orders,
    payment,
    security,
    shop,
    tax_id,
    visitor,
    words,
)
from examples.storefront.api import TIMEOUT, ApiAway, ApiProblem
from examples.storefront.settings import Settings, read_settings

STATIC = Path(__file__).parent / "static"
SECRET_FIELDS = frozenset({"password", "csrf_token"})


def from_environment() -> Flask:
    """The application as the environment describes it; raises SettingsError."""
    return create_app(read_settings(os.environ))


def create_app(settings: Settings, transport: httpx.BaseTransport | None = None) -> Flask:
    """Build the storefront.

    transport: how the API is reached; the network when None.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="casa_ipe_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SEND_FILE_MAX_AGE_DEFAULT=86_400,
        MAX_CONTENT_LENGTH=64 * 1024,
        API_ORIGIN=settings.api_origin,
        PUBLISHABLE_KEY=settings.publishable_key,
        STOREFRONT_URL=settings.url,
    )
    app.extensions["storefront_client"] = httpx.Client(base_url=settings.api, timeout=TIMEOUT, transport=transport)
    app.after_request(visitor.write_cart_cookie)
    security.protect(app)
    for module in (catalog, cart, checkout, payment, orders, account):
        app.register_blueprint(module.pages)
    app.add_url_rule("/healthz", "healthz", lambda: ("ok\n", 200, {"Content-Type": "text/plain"}))
    app.register_error_handler(ApiAway, _away)
    app.register_error_handler(ApiProblem, _refused)
    app.register_error_handler(HTTPException, _http_error)
    _teach_templates(app)
    return app


def _teach_templates(app: Flask) -> None:
    versions = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:10] for path in STATIC.iterdir()}

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    def icon(name: str) -> Markup:
        return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
            asset("icons.svg"), name
        )

    def picture(image: dict[str, object] | str | None, key: str) -> str:
        """Address of a product picture, or of one of our drawings when it has none."""
        source = image.get("url") if isinstance(image, dict) else image
        if not source:
            return asset(f"placeholder-{hashlib.sha256(key.encode()).digest()[0] % 4 + 1}.svg")
        return f"{app.config['API_ORIGIN']}{source}" if str(source).startswith("/") else str(source)

    app.jinja_env.globals.update(
        asset=asset,
        icon=icon,
        picture=picture,
        csrf_token=security.csrf_token,
        login=visitor.login,
        zone=shop.zone,
        now=lambda: datetime.now(UTC),
        store_name=_store_name,
        store_methods=_store_methods,
        words=words,
    )
    for name in (
        "money",
        "less",
        "day",
        "date",
        "moment",
        "deadline",
        "transit",
        "pieces",
        "postal_code",
        "phone",
        "boleto",
    ):
        app.jinja_env.filters[name] = getattr(formats, name)
    app.jinja_env.filters.update(tax_id=tax_id.punctuated, masked_tax_id=tax_id.masked)


def _store_name() -> str:
    """The store's name; its own on the page that says that the API is away."""
    try:
        return str(shop.store()["name"])
    except (ApiAway, ApiProblem):
        return "Casa Ipê"


def _store_methods() -> list[str]:
    """Names of the ways to pay, for the footer; none while the API is away."""
    try:
        return [method["name"] for method in shop.store()["payment_methods"]]
    except (ApiAway, ApiProblem):
        return []


def _away(error: ApiAway) -> tuple[str, int, dict[str, str]]:
    """The API is away: what was sent stays in the page, and reading tries again by itself."""
    wait = min(max(error.retry_after or 10, 2), 60)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRET_FIELDS]
    secret = "password" in request.form
    page = render_template("away.html", kept=kept, secret=secret, wait=wait, pieces=session.get("pieces", 0))
    headers = {"Retry-After": str(wait)}
    if request.method == "GET":
        headers["Refresh"] = str(wait)
    return page, 503, headers


def _refused(error: ApiProblem) -> tuple[str, int]:
    """A refusal that no page had an answer to: unknown things are 404, the rest is told as it is."""
    if error.status == 404:
        return render_template("error.html", status=404, detail=""), 404
    return render_template("error.html", status=error.status, detail=words.problem(error)), error.status


def _http_error(error: HTTPException) -> tuple[str, int]:
    detail = words.HTTP_ERRORS.get(error.code or 500, "")
    return render_template("error.html", status=error.code, detail=detail), error.code or 500
