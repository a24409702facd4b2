"""/.well-known/jwks.json: the keys by which others check access tokens (RFC 7517)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.calls import kernel

jwks = Blueprint("jwks", __name__)


@jwks.get("/.well-known/jwks.json")
def key_set() -> Response:
    """The public keys, the signing one first."""
    response = jsonify(kernel().tokens.key_set())
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
