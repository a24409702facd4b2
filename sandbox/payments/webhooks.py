"""Webhooks out: signed, retried with growing pauses, at least once.

Signature: https://docs.stripe.com/webhooks#verify-manually (`t=<seconds>,v1=<HMAC-SHA256 of "t.body">`).
The rows are the truth: any number of processes may deliver, none sends what another is sending.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from sandbox.payments.store import Store
from sandbox.payments.wire import event_json

TIMEOUT = 10.0  # seconds an endpoint has to answer
LEASE = datetime.timedelta(seconds=30)  # longer than TIMEOUT: a sender that died is forgotten after it
PAUSES = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800)  # wall seconds


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint; attempts counts this one."""

    id: int
    event: str
    endpoint: str
    url: str
    secret: str
    body: bytes
    attempts: int


def sign(secret: str, body: bytes, at: int) -> str:
    """The `Stripe-Signature` header for a body, sent at wall time `at` (seconds since 1970)."""
    digest = hmac.new(secret.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def rebased(url: str, origin: str | None) -> str:
    """The endpoint's address with its scheme and host replaced by `origin`, when there is one."""
    if origin is None:
        return url
    stand_in, parts = urlsplit(origin), urlsplit(url)
    return urlunsplit((stand_in.scheme, stand_in.netloc, parts.path, parts.query, ""))


def claim(store: Store) -> Delivery | None:
    """Take the next delivery that is due. One at a time per endpoint: order holds while nothing fails."""
    now = datetime.datetime.now(datetime.UTC)
    with store.transaction() as books:
        row = books.execute(
            "SELECT d.id, d.event, d.endpoint, d.attempts + 1 AS attempts FROM sandbox.deliveries d"
            " JOIN sandbox.webhook_endpoints e ON e.id = d.endpoint WHERE d.state = 'pending'"
            " AND d.next_attempt <= %s AND (d.lease_until IS NULL OR d.lease_until <= %s)"
            " AND e.status = 'enabled' AND (e.busy_until IS NULL OR e.busy_until <= %s)"
            " ORDER BY d.next_attempt, d.id LIMIT 1 FOR UPDATE OF d, e SKIP LOCKED",
            (now, now, now),
        ).fetchone()
        if row is None:
            return None
        books.execute(
            "UPDATE sandbox.deliveries SET attempts = %s, lease_until = %s, held = false WHERE id = %s",
            (row["attempts"], now + LEASE, row["id"]),
        )
        books.execute(
            "UPDATE sandbox.webhook_endpoints SET busy_until = %s WHERE id = %s", (now + LEASE, row["endpoint"])
        )
        return _loaded(
            books.execute(
                "SELECT v.id, v.type, v.created, v.object, v.request_id, v.idempotency_key, e.url, e.secret,"
                " (SELECT count(*) FROM sandbox.deliveries d WHERE d.event = v.id AND d.state = 'pending')"
                " AS waiting"
                " FROM sandbox.events v, sandbox.webhook_endpoints e WHERE v.id = %s AND e.id = %s",
                (row["event"], row["endpoint"]),
            ).fetchone(),
            row,
        )


def _loaded(event: dict[str, Any] | None, row: dict[str, Any]) -> Delivery:
    if event is None:
        raise RuntimeError(f"delivery {row['id']} has no event")
    body = event_json(
        event["id"],
        event["type"],
        event["created"],
        event["object"],
        event["request_id"],
        event["idempotency_key"],
        event["waiting"],
    )
    return Delivery(
        row["id"],
        event["id"],
        row["endpoint"],
        event["url"],
        event["secret"],
        json.dumps(body).encode(),
        row["attempts"],
    )


def send(client: httpx.Client, delivery: Delivery, rebase: str | None) -> tuple[int | None, str | None]:
    """Post one event; returns the HTTP status or None, and what went wrong or None."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (sandbox)",
        "Stripe-Signature": sign(delivery.secret, delivery.body, int(time.time())),
    }
    try:
        response = client.post(rebased(delivery.url, rebase), content=delivery.body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, f"{type(error).__name__}: {error}"
    told = None if response.is_success else f"HTTP {response.status_code}"
    return response.status_code, told


def finish(store: Store, delivery: Delivery, status: int | None, error: str | None) -> None:
    """Record what came of a delivery and, when it failed, when it is tried again."""
    state = "delivered" if error is None else "pending"
    pause = 0
    if error is not None and delivery.attempts > len(PAUSES):
        state = "failed"
    elif error is not None:
        pause = PAUSES[delivery.attempts - 1]
    following = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=pause)
    with store.transaction() as books:
        books.execute(
            "UPDATE sandbox.deliveries SET state = %s, next_attempt = %s, lease_until = NULL,"
            " last_status = %s, last_error = %s WHERE id = %s AND state = 'pending'",
            (state, following, status, error, delivery.id),
        )
        books.execute("UPDATE sandbox.webhook_endpoints SET busy_until = NULL WHERE id = %s", (delivery.endpoint,))


def deliver_one(store: Store, client: httpx.Client) -> bool:
    """Claim, send and record one delivery; False when none is due."""
    delivery = claim(store)
    if delivery is None:
        return False
    status, error = send(client, delivery, store.settings.webhook_rebase)
    finish(store, delivery, status, error)
    return True
