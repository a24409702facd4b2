"""Personal data in what machines exchange: shown only as far as staff need to tell one case from another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

DOTS = "••••"

# Fields of people, wherever in a document they stand. Ids, numbers, states and amounts stay readable.
PERSONAL = frozenset({
    "name", "customer_name", "first_name", "last_name", "company", "email", "recipient", "phone", "tax_id", "cpf",
    "cnpj", "street", "complement", "district", "postal_code", "ip", "password", "token", "secret", "access_token",
    "authorization",
})  # fmt: skip


def masked(value: Any, field: str = "") -> Any:
    """`value`, a JSON document, with every personal field masked; structure and other fields as they were."""
    if isinstance(value, Mapping):
        return {key: masked(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, field) for item in value]
    if field.lower() in PERSONAL and value not in (None, ""):
        return _mask(str(value))
    return value


def _mask(text: str) -> str:
    before, at, _ = text.partition("@")
    return f"{before[:2]}{DOTS}@{DOTS}" if at else DOTS


def as_text(document: Mapping[str, Any]) -> str:
    """A document as JSON for people, personal data masked."""
    return json.dumps(masked(document), indent=2, ensure_ascii=False)
