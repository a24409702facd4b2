"""Search: matches come from definer functions that may read the search documents; keys of keyset pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from core.shared.errors import FieldProblem, Invalid


def found(function: sa.Function[Any]) -> sa.TableValuedAlias:
    """What a search function of the database gives, as `id`: those functions alone may read what search goes by."""
    return function.table_valued(sa.column("id", sa.UUID), name="found").render_derived()


def instant_key(cursor: str, sort: str) -> tuple[datetime, UUID]:
    """The key (instant, id) in a cursor made under `sort`. Raises Invalid for any other."""
    made_for, at, id_ = cursors.decode(cursor, str, str, str)
    try:
        if made_for == sort:
            return datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        pass
    raise other_cursor()


def text_key(cursor: str, sort: str) -> tuple[str, UUID]:
    """The key (text, id) in a cursor made under `sort`. Raises Invalid for any other."""
    made_for, word, id_ = cursors.decode(cursor, str, str, str)
    try:
        if made_for == sort:
            return storable(word), UUID(id_)
    except ValueError:
        pass
    raise other_cursor()


def storable(word: str) -> str:
    """`word`, when a text of the database could hold it. Raises ValueError otherwise."""
    if "\0" in word:
        raise ValueError("no text of the database holds NUL")
    word.encode()
    return word


def number_key(cursor: str, sort: str) -> tuple[int, UUID]:
    """The key (number, id) in a cursor made under `sort`. Raises Invalid for any other."""
    made_for, number, id_ = cursors.decode(cursor, str, int, str)
    try:
        if made_for == sort and abs(number) < 2**63:
            return number, UUID(id_)
    except ValueError:
        pass
    raise other_cursor()


def other_cursor() -> Invalid:
    return Invalid(
        "The cursor belongs to another list.",
        problems=(FieldProblem("cursor", "malformed", "Take it from `next` of an earlier page of this list."),),
    )
