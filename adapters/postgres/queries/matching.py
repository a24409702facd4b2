"""Search: matches come from the definer function that may read the search documents, then join their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from core.shared.errors import FieldProblem, Invalid

# Search together with a filter, or in another order than the newest first, looks at this many of the newest matches.
WINDOW = 400

Selected = sa.Select[Any]


def matches(term: str, *, visible: bool, limit: int, after: tuple[datetime, UUID] | None = None) -> sa.TableValuedAlias:
    """The products whose words contain `term` (folded), newest first: `subject_id`, `sorted_at`.

    `after` is the key of the last row of the page before.
    """
    at, id_ = after or (None, None)
    return sa.func.find_search_documents(
        "product",
        term,
        visible,
        sa.cast(at, sa.DateTime(timezone=True)),
        sa.cast(id_, sa.UUID),
        limit,
    ).table_valued(sa.column("subject_id", sa.UUID), sa.column("sorted_at", sa.DateTime(timezone=True)), name="found")


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
            return word, UUID(id_)
    except ValueError:
        pass
    raise other_cursor()


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
