"""Which browsers may call, and what they may read of the answers (the Fetch standard's CORS protocol).

A preflight never carries the store's key, so it is answered from the origins of all keys; the request itself is
checked against its own key by `web.auth`.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from ports.lookups import KnownKey
from web.calls import kernel

_METHODS = "GET, POST, PUT, PATCH, DELETE"
_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, X-Order-Token, X-Request-Id, X-Store-Key"
_READABLE = "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id"
_MAX_AGE = "600"


def _ours() -> bool:
    return request.path.startswith("/api/")


def _preflight() -> Response | None:
    asked = request.headers.get("Access-Control-Request-Method")
    origin = request.headers.get("Origin")
    if request.method != "OPTIONS" or not (_ours() and asked and origin):
        return None
    response = Response(status=204)
    if origin in kernel().lookups.allowed_origins():
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = _MAX_AGE
    response.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
    return response


def _allow(response: Response) -> Response:
    if not _ours():
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    found = g.get("api_key")
    # Only a request that passed its own key's check is readable across origins, problems of its body included.
    if origin and isinstance(found, KnownKey) and origin in found.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _READABLE
    return response


def install(flask: Flask) -> None:
    flask.before_request(_preflight)
    flask.after_request(_allow)
