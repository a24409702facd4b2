"""Request parameters: the bracketed form encoding, and the checks that refuse what is not in the table.

Encoding: https://docs.stripe.com/api?lang=curl (`metadata[order]=1`, `expand[0]=latest_charge`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.payments.errors import ApiError, invalid

KEY = re.compile(r"\A([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
Check = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One accepted parameter: how its value is checked, and whether it must be there."""

    check: Check
    required: bool = False


Accepted = Mapping[str, Parameter]


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Bracketed pairs as a tree of dicts; lists are dicts with their index (or place) as key.

    Raises ApiError 400 when a name is malformed or used both as value and as group.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = KEY.match(name)
        if match is None:
            raise invalid(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        place = tree
        for step in path[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise invalid(f"Invalid {name}", param=name)
        leaf = path[-1] or str(len(place))
        if leaf in place:
            raise invalid(f"Invalid {name}: given twice", param=name)
        place[leaf] = value
    return tree


def accept(given: Mapping[str, Any], accepted: Accepted, parent: str = "") -> dict[str, Any]:
    """The checked values of `given`, refusing names that are not accepted and naming those that are missing.

    parent: name of the group in which these stand, for the error's `param`.
    Raises ApiError 400 `parameter_unknown`, `parameter_missing` or what a check says.
    """
    for name in given:
        if name not in accepted:
            full = _full(parent, name)
            raise invalid(f"Received unknown parameter: {full}", param=full, code="parameter_unknown")
    for name, parameter in accepted.items():
        if parameter.required and name not in given:
            full = _full(parent, name)
            raise invalid(f"Missing required param: {full}.", param=full, code="parameter_missing")
    return {name: accepted[name].check(value, _full(parent, name)) for name, value in given.items()}


def _full(parent: str, name: str) -> str:
    return f"{parent}[{name}]" if parent else name


def text(longest: int = 5000, *, empty: bool = False) -> Check:
    """A string of at most `longest` characters; an empty one becomes None where that is allowed."""

    def check(value: Any, name: str) -> str | None:
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {name}", param=name)
        if not value and not empty:
            message = f"You passed an empty string for '{name}'. We assume that this unsets a "
            raise invalid(
                message + "parameter; however it cannot be unset.", param=name, code="parameter_invalid_empty"
            )
        if len(value) > longest:
            raise invalid(f"Invalid string: {name} has more than {longest} characters", param=name)
        return value or None

    return check


def integer(least: int = 0, most: int = 99_999_999) -> Check:
    """A whole number between two bounds, both included."""

    def check(value: Any, name: str) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise invalid(f"Invalid integer: {value}", param=name, code="parameter_invalid_integer")
        number = int(value)
        if number < least:
            message = f"This value must be greater than or equal to {least}."
            raise invalid(message, param=name, code="parameter_invalid_integer")
        if number > most:
            code = "amount_too_large" if name.startswith("amount") else "parameter_invalid_integer"
            raise invalid(f"This value must be less than or equal to {most}.", param=name, code=code)
        return number

    return check


def boolean(value: Any, name: str) -> bool:
    """`true` or `false`."""
    if value not in {"true", "false"}:
        raise invalid(f"Invalid boolean: {value}", param=name)
    return bool(value == "true")


def choice(*allowed: str) -> Check:
    """One of some words."""

    def check(value: Any, name: str) -> str:
        if value not in allowed:
            raise invalid(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
        return str(value)

    return check


def group(accepted: Accepted) -> Check:
    """A group of parameters of its own."""

    def check(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", param=name)
        return accept(value, accepted, name)

    return check


def items(check_item: Check) -> Check:
    """A list, in the order given."""

    def check(value: Any, name: str) -> list[Any]:
        if not isinstance(value, dict):
            raise invalid(f"Invalid array: {name}", param=name)
        return [check_item(each, f"{name}[{place}]") for place, each in enumerate(value.values())]

    return check


def metadata(value: Any, name: str) -> dict[str, str]:
    """At most 50 pairs, keys to 40 characters, values to 500 (https://docs.stripe.com/api/metadata).

    An empty value removes the key; an empty string instead of pairs removes all.
    """
    if value == "":
        return {"": ""}
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise invalid("Invalid object: metadata values are strings", param=name)
    for key, each in value.items():
        if len(key) > 40 or len(each) > 500:
            raise invalid("Metadata keys have at most 40 characters and values at most 500", param=f"{name}[{key}]")
    return dict(value)


def merged(old: dict[str, str], change: dict[str, str]) -> dict[str, str]:
    """Metadata after a change as `metadata` understood it.

    Raises ApiError 400 when more than 50 keys would stand.
    """
    if change == {"": ""}:
        return {}
    result = {key: value for key, value in {**old, **change}.items() if value}
    if len(result) > 50:
        raise invalid("Metadata holds at most 50 keys", param="metadata")
    return result


def address_url(value: Any, name: str) -> str:
    """An absolute http(s) address."""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^/?#\s\\@]+(?:[/?#]\S*)?", value):
        raise ApiError(400, "invalid_request_error", "Not a valid URL", code="url_invalid", param=name)
    return value
