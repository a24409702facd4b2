"""What every control goes through: JSON in and out, and the account that an object belongs to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request

from sandbox.ids import new_id
from sandbox.payments.api import respond, store
from sandbox.payments.errors import Answer, ApiError, invalid, missing

ACCOUNTS = {
    "payment_intent": b"SELECT account FROM sandbox.payment_intents WHERE id = %s",
    "refund": b"SELECT account FROM sandbox.refunds WHERE id = %s",
    "dispute": b"SELECT account FROM sandbox.disputes WHERE id = %s",
    "payout": b"SELECT account FROM sandbox.payouts WHERE id = %s",
}


def answered(view: Callable[..., dict[str, Any]]) -> Callable[..., Response]:
    """Answer with JSON, errors in the provider's envelope, and wake the deliverers."""

    @functools.wraps(view)
    def answer(**ids: str) -> Response:
        try:
            told = Answer(200, view(**ids))
        except ApiError as error:
            told = error.answer()
        current_app.extensions["deliveries"].set()
        return respond(told, new_id("req", 14))

    return answer


def body(*known: str) -> dict[str, Any]:
    """The request's JSON object. Raises ApiError 400 when it is none, or has other members than `known`."""
    given = request.get_json(silent=True) if request.data else {}
    if not isinstance(given, dict) or not set(given) <= set(known):
        raise invalid(f"The body is a JSON object of {sorted(known)}")
    return given


def account_of(kind: str, identifier: str) -> str:
    """Whose an object is. Raises ApiError 404."""
    with store().transaction() as books:
        row = books.execute(ACCOUNTS[kind], (identifier,)).fetchone()
    if row is None:
        raise missing(kind, identifier)
    return str(row["account"])


def whole(name: str, given: dict[str, Any], least: int) -> int | None:
    """A whole number of a body, None when it is not there. Raises ApiError 400 below `least`."""
    value = given.get(name)
    if value is not None and (type(value) is not int or value < least):
        raise invalid(f"{name} is a whole number of at least {least}", param=name)
    return value
