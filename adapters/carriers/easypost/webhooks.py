"""EasyPost's webhooks: verified over the body as it was sent, and read. Pure.

Signature: https://docs.easypost.com/docs/webhooks (`X-Hmac-Signature`). Events: https://docs.easypost.com/docs/events
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from adapters.carriers.easypost import tracking
from ports.carriers import CarrierNotice
from ports.payments import WebhookRejected

HEADER = "X-Hmac-Signature"


def sign(secret: str, body: bytes) -> str:
    """What the header says of a body: HMAC-SHA256 under the secret in Unicode's NFKD form."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()


def read(secret: str, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
    """What a webhook tells. Raises WebhookRejected unless the account's secret signed it and it is an event."""
    if not hmac.compare_digest(headers.get(HEADER, "").encode(), sign(secret, body).encode()):
        raise WebhookRejected("the signature is not this account's")
    try:
        return _notice(json.loads(body))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise WebhookRejected("the body is no event") from error


def _notice(event: Mapping[str, Any]) -> CarrierNotice:
    result = event["result"]
    shipment = "id" if result.get("object") == "Shipment" else "shipment_id"
    return CarrierNotice(
        external_id=_word(event["id"]),
        kind=_word(event["description"]),
        tracking_number=result.get("tracking_code") or None,
        shipment_reference=result.get(shipment) or None,
        tracked=tracking.tracked(result) if result.get("object") == "Tracker" else None,
    )


def _word(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise ValueError("no text")
    return given
