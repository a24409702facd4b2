"""Domain events: facts in the past tense that an aggregate collects and `save()` writes to the outbox.

An event carries ids and raw values only, under a versioned wire name. Subscribers are named in
`core.subscriptions`; a changed meaning is a new version, never a changed payload.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar
from uuid import UUID

from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all domain events. `name` is the wire name, `aggregate` the noun whose version orders it."""

    name: ClassVar[str]
    aggregate: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values: ids as strings, money as amount and currency."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Money):
        return {"amount": value.minor, "currency": value.currency}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {key: _plain(item) for key, item in asdict(value).items()}
    return value
