"""Webhooks of Stripe: the signature over the raw body, and which tender an event is about.

https://docs.stripe.com/webhooks#verify-manually: `t` and `v1` of Stripe-Signature, HMAC-SHA256 over `t.body`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.shared.ids import PaymentId
from ports.payments import WebhookNotice, WebhookRejected

# How old a signature may be, in seconds; Stripe's own libraries use the same.
TOLERANCE = 300

# Events after which settlements are worth reading: https://docs.stripe.com/api/events/types
SETTLEMENT = (
    "payout.reconciliation_completed", "payout.paid", "payout.failed", "payout.canceled", "charge.dispute.",
)  # fmt: skip


def read(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> WebhookNotice:
    """Verify and read a webhook. `now` is wall time. Raises WebhookRejected."""
    _verify(headers.get("Stripe-Signature", ""), body, secret, now)
    try:
        event = json.loads(body)
        id_, kind, subject = event["id"], event["type"], event["data"]["object"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise WebhookRejected("not an event") from None
    if not (isinstance(id_, str) and isinstance(kind, str) and isinstance(subject, dict)):
        raise WebhookRejected("not an event")
    return WebhookNotice(id_, kind, _reference(subject), _payment_id(subject), kind.startswith(SETTLEMENT))


def _verify(header: str, body: bytes, secret: str, now: datetime) -> None:
    parts = [part.partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name.strip() == "t"]
    signatures = [value for name, _, value in parts if name.strip() == "v1"]
    if len(stamps) != 1 or not stamps[0].isdecimal() or not signatures:
        raise WebhookRejected("no signature")
    expected = hmac.new(secret.encode(), stamps[0].encode() + b"." + body, "sha256").hexdigest()
    if not any(hmac.compare_digest(expected.encode(), given.encode()) for given in signatures):
        raise WebhookRejected("wrong signature")
    if abs(now.timestamp() - int(stamps[0])) > TOLERANCE:
        raise WebhookRejected("signature too old")


def _reference(subject: dict[str, Any]) -> str | None:
    """The payment intent that an event's object is or belongs to."""
    if subject.get("object") == "payment_intent":
        return str(subject["id"])
    reference = subject.get("payment_intent")
    return reference if isinstance(reference, str) else None


def _payment_id(subject: dict[str, Any]) -> PaymentId | None:
    try:
        return PaymentId(UUID((subject.get("metadata") or {})["payment_id"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
