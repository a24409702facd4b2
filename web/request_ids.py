"""One id per request: in every answer, log line, activity row and event it caused."""

from __future__ import annotations

import re
import uuid

from flask import Flask, Response, g, request

HEADER = "X-Request-Id"
# What a proxy or a client may choose: short, and nothing that could forge a line of a log.
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,99}")


def request_id() -> str:
    """The id of the request being answered: the client's when it is sane, else a new one."""
    if "request_id" not in g:
        told = request.headers.get(HEADER, "")
        g.request_id = told if _SANE.fullmatch(told) else str(uuid.uuid4())
    return str(g.request_id)


def _tell(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response


def install(flask: Flask) -> None:
    """Put the request id on every answer."""
    flask.after_request(_tell)
