"""Headers that every answer of the back office carries: what a page may load and who may frame it."""

from __future__ import annotations

from flask import Flask, Response, request

# No inline script, no inline style, nothing from another origin; data: is for Bootstrap's drawn marks.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Pages hold people's data: a shared cache must not keep them, the browser asks again.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def protect(app: Flask) -> None:
    """Put the headers on every answer of `app`; a view that sets one itself keeps its own."""
    app.after_request(_with_headers)
