"""`Resource`: a flask-smorest blueprint under /api/v1 that finds its caller first and refuses what is not JSON.

It documents itself: problem documents as the answer to every error, `Idempotency-Key` and `If-Match` where they are
read.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request, request
from flask_smorest import Blueprint
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from core.shared.errors import NotFound
from web import auth, idempotency, versions
from web.errors import PROBLEM_JSON, BadRequest

PREFIX = "/api/v1"


class _Parser(FlaskParser):
    """JSON as RFC 8259 has it; unknown members are refused, in the query string too."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - webargs declares it so
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "querystring": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return core.missing
        limit = req.max_content_length
        if req.content_length is None and limit is not None and len(body) >= limit:
            raise RequestEntityTooLarge  # a chunked body was cut there, without a word
        if not req.is_json:
            raise BadRequest(415, "Send the body as application/json.")
        return parse(body)


def parse(body: bytes) -> Any:
    """`body` as a JSON value. Raises BadRequest (400) for what is none, or holds text that can't be stored."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):  # UnicodeDecodeError and numbers of thousands of digits are ValueErrors
        raise BadRequest(400, "The body is no JSON document in UTF-8.") from None
    if b"\\u" in body and not _storable(value):
        raise BadRequest(400, "The body holds a character that is none: NUL or half a surrogate pair.")
    if b"\x00" in body:
        raise BadRequest(400, "The body holds a NUL.")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return all(_storable(key) and _storable(item) for key, item in value.items())
    return not isinstance(value, list) or all(map(_storable, value))


def _check_address() -> None:
    if "\x00" in request.path:
        raise NotFound()
    if any("\x00" in text for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest(400, "The query string holds a NUL.")


class Resource(Blueprint):
    """`Resource("carts", description="...")`; routes are relative to /api/v1.

    `public=True` is for what asks for no key at all, `integration=True` for what takes secret keys alone.
    """

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, *, description: str, public: bool = False, integration: bool = False) -> None:
        super().__init__(name, f"web.resources.{name}", url_prefix=PREFIX, description=description)
        self.before_request(_check_address)
        if not public:
            self.before_request(auth.authenticate)
        self._public, self._integration = public, integration
        self._prepare_doc_cbks.append(self._document)

    def _document(self, doc: dict[str, Any], info: dict[str, Any], *, api: Any, **_: Any) -> dict[str, Any]:
        required = info.get(idempotency.DOCUMENTED)
        if required is not None:
            doc.setdefault("parameters", []).append(
                {
                    "in": "header",
                    "name": idempotency.HEADER,
                    "required": required,
                    "schema": {"type": "string", "maxLength": 255},
                    "description": "A repeat with the same key and body has one effect and the same answer.",
                }
            )
        if info.get(versions.DOCUMENTED):
            doc.setdefault("parameters", []).append(
                {
                    "in": "header",
                    "name": versions.HEADER,
                    "required": False,
                    "schema": {"type": "string"},
                    "description": "The ETag that was seen; 412 `stale_version` when it changed since.",
                }
            )
        doc.setdefault("responses", {})["default"] = {
            "description": "A problem (RFC 9457).",
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        keys: list[dict[str, list[str]]] = [{"store_key": []}, {"store_key": [], "bearer": []}]
        doc["security"] = [] if self._public else [{"bearer": []}] if self._integration else keys
        return doc
