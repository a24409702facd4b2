"""Webhooks out: signed, retried with growing pauses, at least once.

Signature: https://docs.easypost.com/docs/webhooks (`X-Hmac-Signature: hmac-sha256-hex=...` over the raw body with
the NFKD-normalised secret).
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import unicodedata
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from sandbox.carrier.rating import HEX
from sandbox.carrier.store import Call, Store
from sandbox.carrier.wire import Row, event_json, webhook_json
from sandbox.ids import new_id

TIMEOUT = 7.0  # seconds an endpoint has to answer
LEASE = datetime.timedelta(seconds=30)
PAUSES = (1, 2, 4, 8, 15, 30, 60, 300, 900, 3600)  # wall seconds


def create(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """POST /v2/webhooks."""
    wanted = given["webhook"]
    row = call.books.execute(
        "INSERT INTO sandbox.carrier_webhooks (id, account, created, url, secret) VALUES (%s, %s, %s, %s, %s)"
        " RETURNING *",
        (new_id("hook", 32, HEX), call.account, call.now, wanted["url"], wanted.get("webhook_secret") or ""),
    ).fetchone()
    if row is None:
        raise RuntimeError("INSERT returned nothing")
    return webhook_json(row)


def listed(call: Call, _given: dict[str, Any]) -> dict[str, Any]:
    """GET /v2/webhooks."""
    rows = call.books.execute(
        "SELECT * FROM sandbox.carrier_webhooks WHERE account = %s ORDER BY seq", (call.account,)
    ).fetchall()
    return {"webhooks": [webhook_json(row) for row in rows]}


def sign(secret: str, body: bytes) -> str:
    """The `X-Hmac-Signature` header for a body."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()


def claim(store: Store) -> Row | None:
    """Take the next delivery that is due. One at a time per webhook: order holds while nothing fails."""
    now = datetime.datetime.now(datetime.UTC)
    with store.transaction() as books:
        row = books.execute(
            "SELECT d.id AS delivery, d.attempts + 1 AS attempts, h.id AS webhook, h.url, h.secret, v.*"
            " FROM sandbox.carrier_deliveries d JOIN sandbox.carrier_webhooks h ON h.id = d.webhook"
            " JOIN sandbox.carrier_events v ON v.id = d.event WHERE d.state = 'pending' AND d.next_attempt <= %s"
            " AND (d.lease_until IS NULL OR d.lease_until <= %s) AND (h.busy_until IS NULL OR h.busy_until <= %s)"
            " ORDER BY d.next_attempt, d.id LIMIT 1 FOR UPDATE OF d, h SKIP LOCKED",
            (now, now, now),
        ).fetchone()
        if row is not None:
            books.execute(
                "UPDATE sandbox.carrier_deliveries SET attempts = %s, lease_until = %s, held = false WHERE id = %s",
                (row["attempts"], now + LEASE, row["delivery"]),
            )
            books.execute(
                "UPDATE sandbox.carrier_webhooks SET busy_until = %s WHERE id = %s", (now + LEASE, row["webhook"])
            )
        return row


def deliver_one(store: Store, client: httpx.Client) -> bool:
    """Claim, send and record one delivery; False when none is due."""
    delivery = claim(store)
    if delivery is None:
        return False
    status, error = _send(client, delivery, store.settings.webhook_rebase)
    _finish(store, delivery, status, error)
    return True


def _send(client: httpx.Client, delivery: Row, rebase: str | None) -> tuple[int | None, str | None]:
    body = json.dumps(event_json(delivery)).encode()
    url = delivery["url"]
    if rebase is not None:
        stand_in, parts = urlsplit(rebase), urlsplit(url)
        url = urlunsplit((stand_in.scheme, stand_in.netloc, parts.path, parts.query, ""))
    headers = {"Content-Type": "application/json", "User-Agent": "EasyPost Webhook Agent (sandbox)"}
    if delivery["secret"]:
        headers["X-Hmac-Signature"] = sign(delivery["secret"], body)
    try:
        response = client.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, f"{type(error).__name__}: {error}"
    return response.status_code, None if response.is_success else f"HTTP {response.status_code}"


def _finish(store: Store, delivery: Row, status: int | None, error: str | None) -> None:
    state, pause = "delivered", 0
    if error is not None:
        state = "failed" if delivery["attempts"] > len(PAUSES) else "pending"
        pause = PAUSES[min(delivery["attempts"], len(PAUSES)) - 1]
    following = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=pause)
    with store.transaction() as books:
        books.execute(
            "UPDATE sandbox.carrier_deliveries SET state = %s, next_attempt = %s, lease_until = NULL,"
            " last_status = %s, last_error = %s WHERE id = %s AND state = 'pending'",
            (state, following, status, error, delivery["delivery"]),
        )
        books.execute("UPDATE sandbox.carrier_webhooks SET busy_until = NULL WHERE id = %s", (delivery["webhook"],))
