"""Idempotency keys: one effect and one answer per key (https://docs.stripe.com/api/idempotent_requests).

Effect and answer are written by one transaction that holds an advisory lock on the key, so a crash leaves
neither, and a second request meanwhile is told so.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable
from typing import Any

from sandbox.payments.errors import Answer, ApiError
from sandbox.payments.store import Call

KEPT = datetime.timedelta(hours=24)  # of wall time
LONGEST = 255


def fingerprint(method: str, path: str, parameters: dict[str, Any]) -> str:
    """What must be the same when a key comes again."""
    text = json.dumps([method, path, parameters], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def once(call: Call, print_: str, path: str, execute: Callable[[], Answer], masked: Answer | None = None) -> Answer:
    """Execute, or answer as the first request with this key was answered.

    print_: the request's fingerprint. masked: an answer that stands in for the true one (a planted fault).
    Raises ApiError 400 `idempotency_error` for another body, 409 while the first is being executed, and what
    `execute` raises when its operation had not begun.
    """
    if call.idempotency_key is None:
        return masked_or(_tried(call, execute), masked)
    if len(call.idempotency_key) > LONGEST:
        raise ApiError(400, "idempotency_error", "An idempotency key has at most 255 characters")
    _lock(call)
    known = _known(call, print_)
    if known is not None:
        return known
    answer = masked_or(_tried(call, execute), masked)
    _keep(call, print_, path, answer)
    return answer


def masked_or(answer: Answer, masked: Answer | None) -> Answer:
    """The masked answer, remembering which object was made."""
    if masked is None:
        return answer
    return Answer(masked.status, masked.body, {"object": str(answer.body.get("id", ""))})


def _tried(call: Call, execute: Callable[[], Answer]) -> Answer:
    """A refusal by an operation that had begun is an answer like any other; what it wrote is undone."""
    try:
        with call.books.transaction():
            return execute()
    except ApiError as error:
        if not error.executed:
            raise
        return error.answer()


def _lock(call: Call) -> None:
    row = call.books.execute(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7)) AS free",
        (f"{call.account}:{call.idempotency_key}",),
    ).fetchone()
    if row is None or not row["free"]:
        message = "There is currently another in-progress request using this Idempotency-Key."
        raise ApiError(409, "idempotency_error", message, code="idempotency_key_in_use")


def _known(call: Call, print_: str) -> Answer | None:
    now = datetime.datetime.now(datetime.UTC)
    call.books.execute(
        "DELETE FROM sandbox.idempotency_keys WHERE account = %s AND key = %s AND created < %s",
        (call.account, call.idempotency_key, now - KEPT),
    )
    row = call.books.execute(
        "UPDATE sandbox.idempotency_keys SET replays = replays + (fingerprint = %s)::int"
        " WHERE account = %s AND key = %s RETURNING fingerprint, status, body, request_id",
        (print_, call.account, call.idempotency_key),
    ).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != print_:
        message = "Keys for idempotent requests can only be used with their first parameters. "
        raise ApiError(400, "idempotency_error", message + f"Try using a key other than '{call.idempotency_key}'.")
    headers = {"Idempotent-Replayed": "true", "Original-Request": row["request_id"]}
    return Answer(row["status"], json.loads(row["body"]), headers)


def _keep(call: Call, print_: str, path: str, answer: Answer) -> None:
    error = answer.body.get("error", {})
    made = answer.headers.get("object") or answer.body.get("id") or error.get("payment_intent", {}).get("id")
    call.books.execute(
        "INSERT INTO sandbox.idempotency_keys"
        " (account, key, fingerprint, path, status, body, request_id, object_id, created, replays)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0)",
        (
            call.account,
            call.idempotency_key,
            print_,
            path,
            answer.status,
            json.dumps(answer.body),
            call.request_id,
            made,
            datetime.datetime.now(datetime.UTC),
        ),
    )
