"""Versions of things as ETags: told with every answer, compared with If-Match before a change (RFC 9110, 13.1.1)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

from flask import Response, request
from werkzeug.http import quote_etag

from core.shared.errors import WriteConflict
from web.errors import BadRequest

HEADER = "If-Match"
DOCUMENTED = "version_honoured"

F = TypeVar("F", bound=Callable[..., Any])


def honours_version(view: F) -> F:
    """Have `Resource` document that the route compares If-Match; below it stands the function or `idempotent`."""
    view._apidoc = {**deepcopy(getattr(view, "_apidoc", {})), DOCUMENTED: True}  # type: ignore[attr-defined]
    return view


def expected_version(*, required: bool = False) -> int | None:
    """The version that the client has seen, from If-Match; None when it does not care.

    Raises BadRequest (428) when `required` and missing, WriteConflict (412) for what was never a version of ours.
    """
    header = request.headers.get(HEADER)
    if header is None:
        if required:
            raise BadRequest(428, "Send the version you have seen in If-Match.")
        return None
    if header.strip() == "*":
        return None
    tags = [tag for tag in request.if_match.as_set() if tag.isascii() and tag.isdigit() and len(tag) < 10]
    if len(tags) != 1:
        raise WriteConflict("If-Match names no version of this.")
    return int(tags[0])


def check_version(current: int) -> None:
    """Compare If-Match with `current`, where the use case takes no version. Raises WriteConflict (412)."""
    expected = expected_version()
    if expected is not None and expected != current:
        raise WriteConflict()


def with_version(response: Response, version: int) -> Response:
    """`response` with the thing's version as its ETag."""
    response.headers["ETag"] = quote_etag(str(version))
    return response
