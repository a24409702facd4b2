"""/api/v1/docs: the OpenAPI document as a page, without scripts and without anything from elsewhere."""

from __future__ import annotations

from importlib import resources
from typing import Any

from flask import Blueprint, Response, current_app, json, render_template

_STYLE = (resources.files("web") / "static" / "docs.css").read_bytes()
_CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_METHODS = ("get", "post", "put", "patch", "delete")

docs = Blueprint("docs", __name__, url_prefix="/api/v1")


@docs.get("/docs")
def page() -> Response:
    """The whole document on one page."""
    document = current_app.extensions["api"].spec.to_dict()
    response = Response(
        render_template("docs.html", document=document, groups=_groups(document), pretty=_pretty, named=_named),
        content_type="text/html; charset=utf-8",
    )
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@docs.get("/docs/docs.css")
def style() -> Response:
    response = Response(_STYLE, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _groups(document: dict[str, Any]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The operations by tag, in the order in which the document names both."""
    operations = [
        {"path": path, "method": method, "parameters": shared.get("parameters", []), **shared[method]}
        for path, shared in document["paths"].items()
        for method in _METHODS
        if method in shared
    ]
    for operation in operations:
        shared = document["paths"][operation["path"]].get("parameters", [])
        own = document["paths"][operation["path"]][operation["method"]].get("parameters", [])
        operation["parameters"] = [*shared, *own]
    return [
        (tag, [operation for operation in operations if tag["name"] in operation.get("tags", ())])
        for tag in document.get("tags", [])
    ]


def _pretty(value: Any) -> str:
    return str(json.dumps(value, indent=2, sort_keys=False))


def _named(schema: dict[str, Any] | None) -> str:
    """The name of a referenced schema, or the type of one that stands there itself."""
    if not schema:
        return ""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"{_named(schema.get('items'))}[]"
    found = schema.get("type", "object")
    return " or ".join(found) if isinstance(found, list) else str(found)
