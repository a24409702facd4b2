"""Values to JSON documents and back, the same way for every column that holds one."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from core.shared.address import Address
from core.shared.money import Money

T = TypeVar("T")


def plain(value: Any) -> Any:
    """`value` as JSON: ids, times and enumerations as text, money as amount and currency, records as objects."""
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case Money():
            return {"amount": value.minor, "currency": value.currency}
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case bytes():
            return None  # hashes and ciphertexts belong into no log
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def money(document: dict[str, Any] | None) -> Money | None:
    return None if document is None else Money(document["amount"], document["currency"])


def address(document: dict[str, Any] | None) -> Address | None:
    return None if document is None else Address(**document)


def address_document(value: Address | None) -> dict[str, Any] | None:
    return None if value is None else asdict(value)
