"""Headers of every answer: nothing is guessed, framed or kept that was not meant to be."""

from __future__ import annotations

from flask import Flask, Response, request

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # Answers differ by key and person; a route that knows better says so itself.
    "Cache-Control": "no-store",
}


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def install(flask: Flask) -> None:
    flask.after_request(_protect)
