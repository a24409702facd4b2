"""Pictures of published products, named by the SHA-256 of their content: public, and immutable for good."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from core.shared.errors import NotFound
from web.calls import kernel

_SHA256 = re.compile(r"[0-9a-f]{64}")

media = Blueprint("media", __name__)


@media.get("/media/<sha256>")
def picture(sha256: str) -> Response:
    """A picture while some published product shows it; 404 for any other file of the store."""
    content_type = kernel().lookups.published_picture(sha256) if _SHA256.fullmatch(sha256) else None
    if content_type is None:
        raise NotFound()
    with kernel().blobs.open(sha256) as file:
        response = Response(file.read(), content_type=content_type)
    response.set_etag(sha256)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response
