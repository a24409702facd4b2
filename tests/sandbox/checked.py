"""An HTTP client for the provider's library that holds every request and answer to the public description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests.sandbox.description import check, check_answer, description

INTEGER = re.compile(r"-?[0-9]+")


def template(method: str, path: str) -> str | None:
    """The description's path for a real one, such as `/v1/refunds/{refund}`; None when it has none."""
    parts = path.split("/")
    for known, operations in description()["paths"].items():
        steps = known.split("/")
        fits = len(steps) == len(parts) and all(
            step == part or step.startswith("{") for step, part in zip(steps, parts, strict=True)
        )
        if fits and method.lower() in operations:
            return str(known)
    return None


def tree_of(encoded: str) -> dict[str, Any]:
    """Bracketed form fields as a tree of dicts."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        first, *rest = re.split(r"\]?\[|\]", name.rstrip("]"))
        place, steps = tree, [first, *rest]
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value
    return tree


def request_schema(method: str, known: str) -> dict[str, Any]:
    """What an operation takes, as one object schema: its form, or its query."""
    operation = description()["paths"][known][method.lower()]
    if method.upper() == "POST":
        content = operation["requestBody"]["content"]
        return dict(next(iter(content.values()))["schema"])
    query = {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "query"}
    return {"type": "object", "properties": query}


def form_differences(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    """What is wrong with a form's value, all of whose leaves are text."""
    kinds = schema.get("anyOf")
    kind = schema.get("type")
    if kinds:
        tried = [list(form_differences(each, value, where)) for each in kinds]
        if all(tried):
            yield min(tried, key=len)[0]
    elif kind == "array":
        for place, each in value.items() if isinstance(value, dict) else [("", value)]:
            yield from form_differences(schema["items"], each, f"{where}[{place}]")
    elif kind == "object":
        yield from _object(schema, value, where)
    elif isinstance(value, dict):
        yield f"{where} is a group"
    elif (kind == "integer" and not INTEGER.fullmatch(value)) or (kind == "boolean" and value not in {"true", "false"}):
        yield f"{where} is {value!r}, not {kind}"
    elif "enum" in schema and value not in schema["enum"] and not schema.get("x-stripeBypassValidation"):
        yield f"{where} is {value!r}"


def _object(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no group"
        return
    known, rest = schema.get("properties", {}), schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}.{name} is missing"
    for name, each in value.items():
        if name in known or isinstance(rest, dict):
            yield from form_differences(known.get(name, rest), each, f"{where}.{name}")
        else:
            yield f"{where}.{name} is not in the description"


class CheckedClient(stripe.RequestsClient):
    """Checks what was accepted against the description, and every answer. Raises AssertionError."""

    def request(  # type: ignore[override]  # as RequestsClient itself narrows it
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        content, status, told = super().request(method, url, headers, post_data)
        parts = urlsplit(url)
        body, known = json.loads(content), template(method, parts.path)
        if status >= 400 or known is None:
            check("error", body)
            return content, status, told
        check_answer(method, known, status, body)
        sent = tree_of(post_data if method.upper() == "POST" and post_data else parts.query)
        faults = list(form_differences(request_schema(method, known), sent, f"{method} {known}"))
        assert not faults, "\n".join(faults)
        return content, status, told
