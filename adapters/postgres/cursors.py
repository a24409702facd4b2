"""Cursors of keyset pages: the last row's sort key as an opaque URL-safe string."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from core.shared.errors import FieldProblem, Invalid


def encode(*key: Any) -> str:
    """The sort key of the last row, JSON values only, as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, *types: type) -> list[Any]:
    """The sort key in `cursor`. Raises Invalid unless it holds values of exactly `types`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or [type(value) for value in key] != list(types):
        raise Invalid(
            "The cursor is not one of ours.",
            problems=(FieldProblem("cursor", "malformed", "Take it from `next` of an earlier page."),),
        )
    return key
