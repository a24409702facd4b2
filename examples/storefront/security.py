"""Forged forms are refused and every answer carries its headers."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, Response, abort, current_app, request, session


def csrf_token() -> str:
    """The token that this visitor's forms carry; made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_csrf() -> None:
    """Refuse (400) a request that changes something and doesn't carry the visitor's token."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    expected, given = str(session.get("csrf", "")), request.form.get("csrf_token", "")
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        abort(400, "csrf")


def write_headers(response: Response) -> Response:
    """Security headers; pages are never shared between visitors.

    There is no `form-action`: browsers apply it to the redirect that follows a form too, and paying by card
    leads to the provider's page, whose address only the API knows.
    """
    origin = current_app.config["API_ORIGIN"]
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; img-src 'self' data: {origin}; base-uri 'none'; "
        "object-src 'none'; frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if response.mimetype in ("text/html", "application/json"):
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def protect(app: Flask) -> None:
    """Put both on `app`."""
    app.before_request(check_csrf)
    app.after_request(write_headers)
