"""Every error as `application/problem+json` (RFC 9457): one table from kind to status, and nothing else decides.

Body: type, title, status, code, detail, errors [{field, code, message}], request_id. `code` is stable, `detail` is
English for people. What nobody anticipated is logged with its traceback and tells the client the request id only.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import marshmallow as ma
import structlog
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from core.shared.errors import (
    Conflict,
    CoreError,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    PaymentDeclined,
    Rejected,
    TooManyTries,
    Unauthenticated,
    Unavailable,
    WriteConflict,
)
from web.request_ids import request_id

PROBLEM_JSON = "application/problem+json"

STATUS: dict[type[CoreError], int] = {
    Unauthenticated: 401,
    PaymentDeclined: 402,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    WriteConflict: 412,
    Invalid: 422,
    Rejected: 422,
    TooManyTries: 429,
    Unavailable: 503,
}

# Codes of refusals that HTTP itself knows.
CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    412: "stale_version",
    413: "body_too_large",
    414: "address_too_long",
    415: "unsupported_media_type",
    422: "invalid",
    428: "version_required",
    429: "too_many_tries",
    431: "headers_too_large",
    500: "internal",
    503: "unavailable",
}

_UNEXPECTED = "Something went wrong on our side. It is logged under the request id."

_log = structlog.get_logger("web")


class ProblemField(ma.Schema):
    field = ma.fields.String()
    code = ma.fields.String()
    message = ma.fields.String()


class Problem(ma.Schema):
    """The body of every error, for the document."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)
    errors = ma.fields.List(ma.fields.Nested(ProblemField), required=True)
    request_id = ma.fields.String(required=True)


class BadRequest(Exception):
    """A request that HTTP, not the core, refuses. `status` is one of `CODES`, `code` overrides its code."""

    def __init__(
        self, status: int, detail: str, *, code: str | None = None, problems: tuple[FieldProblem, ...] = ()
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.problems = status, detail, problems
        self.code = code or CODES[status]


def status_of(error: CoreError) -> int:
    """The HTTP status of an anticipated error: that of its nearest kind, 500 when it has none."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(status: int, code: str, detail: str, problems: tuple[FieldProblem, ...] = (), **headers: str) -> Response:
    """An answer of `status` with a problem document; `headers` with underscores for hyphens."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [{"field": p.field, "code": p.code, "message": p.message} for p in problems],
        "request_id": request_id(),
    }
    response = Response(json.dumps(body), status=status, content_type=PROBLEM_JSON)
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def answered(error: CoreError) -> Response:
    """The problem document of an anticipated error."""
    status = status_of(error)
    if status == 500:
        return _unexpected(error)
    headers = {"Retry_After": str(error.retry_after)} if isinstance(error, TooManyTries | Unavailable) else {}
    return problem(status, error.code, error.message, error.problems, **headers)


def _from_request(error: BadRequest) -> Response:
    return problem(error.status, error.code, error.detail, error.problems)


def _from_http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect of the router
        return Response(status=status, headers=[h for h in error.get_headers() if h[0] != "Content-Type"])
    data: dict[str, Any] = getattr(error, "data", None) or {}
    problems = tuple(field_problems(data.get("messages") or data.get("errors") or {}))
    detail = _DETAILS.get(status) or str(error.description or HTTPStatus(status).phrase)
    if status >= 500:
        _log.error("request_failed", request_id=request_id(), status=status, path=request.path)
    response = problem(status, CODES.get(status, "error"), detail, problems)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length", "WWW-Authenticate"):
            response.headers[name] = value
    return response


_DETAILS = {
    400: "The request can't be read.",
    404: "There is no such thing.",
    413: "The body is larger than this route takes.",
    422: "The request has fields that can't be used; `errors` names them.",
    500: _UNEXPECTED,
}


def _unexpected(error: Exception) -> Response:
    _log.exception("request_failed", request_id=request_id(), method=request.method, route=_route(), exc_info=error)
    return problem(500, CODES[500], _UNEXPECTED)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"


# marshmallow tells messages, not codes; these are its own words for what every field can refuse.
_MESSAGE_CODES = {
    ma.fields.Field.default_error_messages["required"]: "required",
    ma.fields.Field.default_error_messages["null"]: "null",
    "Unknown field.": "unknown",
    "Invalid input type.": "wrong_type",
}

_LOCATIONS = frozenset({"json", "query", "querystring", "headers", "path", "form", "files"})


def field_problems(messages: Any, path: tuple[str, ...] = ()) -> list[FieldProblem]:
    """marshmallow's nested messages as a flat list with dotted wire names; the location is left out."""
    if isinstance(messages, dict):
        found: list[FieldProblem] = []
        for key, value in messages.items():
            part = () if (not path and key in _LOCATIONS) or key == "_schema" else (str(key),)
            found += field_problems(value, path + part)
        return found
    if isinstance(messages, list | tuple):
        return [found for message in messages for found in field_problems(message, path)]
    text = str(messages)
    wrong_type = text.startswith("Not a valid") and text.split()[3].rstrip(".") in _TYPES
    code = _MESSAGE_CODES.get(text) or ("wrong_type" if wrong_type else "invalid")
    return [FieldProblem(".".join(path), code, text)]


_TYPES = frozenset({"string", "integer", "number", "boolean", "list", "mapping", "UUID", "datetime", "date"})


def install(flask: Flask) -> None:
    """Answer every error of `flask` with a problem document."""
    flask.register_error_handler(CoreError, answered)
    flask.register_error_handler(BadRequest, _from_request)
    flask.register_error_handler(HTTPException, _from_http)
    flask.register_error_handler(Exception, _unexpected)
