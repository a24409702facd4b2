"""Cursors of keyset pages: the last row's sort key as an opaque URL-safe string."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

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
        raise _refused()
    return key


def instant(text: str) -> datetime:
    """A cursor's time. Raises Invalid."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _refused() from None


def day(text: str) -> date:
    """A cursor's day. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _refused() from None


def identifier(text: str) -> UUID:
    """A cursor's id. Raises Invalid."""
    try:
        return UUID(text)
    except ValueError:
        raise _refused() from None


def _refused() -> Invalid:
    return Invalid(
        "The cursor is not one of ours.",
        problems=(FieldProblem("cursor", "malformed", "Take it from `next` of an earlier page."),),
    )


def encode_moment(at: datetime, id_: UUID) -> str:
    """The cursor of lists that are sorted by a time and then by id."""
    return encode(at.isoformat(), str(id_))


def decode_moment(cursor: str) -> tuple[datetime, UUID]:
    """The time and id in a cursor of `encode_moment`. Raises Invalid for anything else."""
    at, id_ = decode(cursor, str, str)
    try:
        moment, last = datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        raise _malformed() from None
    if moment.tzinfo is None:
        raise _malformed()
    return moment, last


def _malformed() -> Invalid:
    return Invalid(
        "The cursor is not one of ours.",
        problems=(FieldProblem("cursor", "malformed", "Take it from `next` of an earlier page."),),
    )
