"""Search by metadata, as much of the provider's query language as is played here.

Language: https://docs.stripe.com/search#search-query-language. Clauses `metadata['key']:'value'`, joined by AND;
anything else of it is refused, loudly. What was made is found at once, where the provider may lag by a minute.
"""

from __future__ import annotations

import re
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from sandbox.payments.errors import Answer, invalid
from sandbox.payments.records import Intent, select
from sandbox.payments.store import Call
from sandbox.payments.wire import intent_json

_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CLAUSE = re.compile(rf"\s*metadata\[({_QUOTED})\]:({_QUOTED})\s*")


def intents(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/payment_intents/search, newest first. Raises ApiError 400 for a query that is not played."""
    limit = int(given.get("limit", 10))
    wanted = Jsonb(wanted_metadata(given["query"]))
    where = sql.SQL("account = %s AND metadata @> %s ORDER BY seq DESC LIMIT %s")
    rows = select(call.books, Intent, where, [call.account, wanted, limit + 1])
    data = [intent_json(row) for row in rows[:limit]]
    if len(rows) > limit:
        raise invalid("This search has a second page, which is not played here: ask for more at once.", param="limit")
    body = {"object": "search_result", "data": data, "has_more": False, "next_page": None}
    return Answer(200, body | {"url": "/v1/payment_intents/search"})


def wanted_metadata(query: str) -> dict[str, str]:
    """The metadata that a query asks for. Raises ApiError 400 for any other query."""
    found: dict[str, str] = {}
    for clause in re.split(r"\bAND\b", query):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            raise invalid(f"We were unable to parse your search query: {query}", param="query")
        found[_unquoted(match[1])] = _unquoted(match[2])
    return found


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])
