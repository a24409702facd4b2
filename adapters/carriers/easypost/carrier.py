"""EasyPost as a carrier: rates, postage, labels, tracking.

https://docs.easypost.com. It documents no idempotency key; a shipment takes postage once, which is what repeats are
held against: a purchase whose answer was lost is asked for with `find`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from adapters.carriers.easypost import mapping, tracking
from adapters.carriers.easypost.client import EasyPostClient, NoAnswer, Reply
from adapters.carriers.easypost.config import EasyPostConfig, read_config
from adapters.plugins import Surroundings
from core.shared.errors import Unavailable
from ports.carriers import (
    CarrierCapabilities,
    CarrierNotice,
    Label,
    PostageAnswer,
    PostageOutcome,
    RateAnswer,
    RateRequest,
    TrackAnswer,
)
from ports.payments import WebhookRejected

# Retrieving many trackers at once: https://docs.easypost.com/docs/trackers
MAX_TRACK_BATCH = 100
CAPABILITIES = CarrierCapabilities(
    rates=True, labels=True, voids=True, tracking=True, webhooks=True, max_track_batch=MAX_TRACK_BATCH
)
_MAGIC = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n"}
T = TypeVar("T")


def build(settings: Mapping[str, str], surroundings: Surroundings) -> EasyPostCarrier:
    """The carrier of one account. Raises ValueError when its settings ask for a sandbox that is not there."""
    return EasyPostCarrier(read_config(settings, surroundings))


class EasyPostCarrier:
    """One merchant's account at EasyPost."""

    def __init__(self, config: EasyPostConfig) -> None:
        self._secret = config.webhook_secret
        self._client = EasyPostClient(config)

    @property
    def capabilities(self) -> CarrierCapabilities:
        return CAPABILITIES

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        body = mapping.shipment_request(request)
        try:
            reply = self._client.call("POST", "/shipments", body, timeout=timeout_seconds)
            if not reply.ok:
                return RateAnswer(failed=_words(reply))
            return _read(lambda: mapping.rates(reply.body, request.currency))
        except NoAnswer as silence:
            return RateAnswer(failed=str(silence))

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        try:
            reply = self._client.call("POST", f"/shipments/{shipment_reference}/buy", {"rate": {"id": rate_id}})
            if reply.ok:
                return _read(lambda: mapping.postage(reply.body))
            return mapping.refusal(reply.status, reply.body, shipment_reference)
        except NoAnswer as silence:
            return PostageAnswer(PostageOutcome.UNKNOWN, reference=shipment_reference, reason=str(silence))

    def find(self, shipment_reference: str) -> PostageAnswer:
        try:
            reply = self._client.call("GET", f"/shipments/{shipment_reference}")
            if reply.ok:
                return _read(lambda: mapping.postage(reply.body))
            return PostageAnswer(PostageOutcome.UNKNOWN, reference=shipment_reference, reason=_words(reply))
        except NoAnswer as silence:
            return PostageAnswer(PostageOutcome.UNKNOWN, reference=shipment_reference, reason=str(silence))

    def label(self, shipment_reference: str) -> Label | None:
        try:
            reply = self._client.call("GET", f"/shipments/{shipment_reference}")
            if not reply.ok:
                raise Unavailable(f"The carrier did not tell the label: {_words(reply)}")
            label = reply.body.get("postage_label")
            if not label:
                return None
            url = label.get("label_pdf_url") or label.get("label_url")
            content, told = self._client.fetch(str(url))
        except NoAnswer as silence:
            raise Unavailable(f"The carrier did not send the label: {silence}") from silence
        media_type = next((kind for kind, start in _MAGIC.items() if content.startswith(start)), None)
        if media_type is None:
            raise Unavailable(f"What the carrier sent as a label is none ({told or 'no media type'}).")
        return Label(content, media_type)

    def void(self, shipment_reference: str) -> PostageAnswer:
        try:
            reply = self._client.call("POST", f"/shipments/{shipment_reference}/refund")
            if reply.ok:
                return _read(lambda: mapping.voided(reply.body))
            told = mapping.refusal(reply.status, reply.body, shipment_reference)
            refused = told.outcome is PostageOutcome.REFUSED
            outcome = PostageOutcome.VOID_REFUSED if refused else PostageOutcome.UNKNOWN
            return PostageAnswer(outcome, reference=shipment_reference, reason=told.reason)
        except NoAnswer as silence:
            return PostageAnswer(PostageOutcome.UNKNOWN, reference=shipment_reference, reason=str(silence))

    def track(self, tracking_numbers: Sequence[str]) -> TrackAnswer:
        if len(tracking_numbers) > MAX_TRACK_BATCH:
            raise ValueError(f"at most {MAX_TRACK_BATCH} numbers at once")
        try:
            reply = self._client.call("POST", "/trackers/batch", {"tracking_codes": list(tracking_numbers)})
            if not reply.ok:
                return TrackAnswer(failed=_words(reply), retry_after=reply.retry_after)
            found = _read(lambda: [tracking.tracked(tracker) for tracker in reply.body["trackers"]])
        except NoAnswer as silence:
            return TrackAnswer(failed=str(silence))
        return TrackAnswer(parcels={each.tracking_number: each for each in found})

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
        key = unicodedata.normalize("NFKD", self._secret).encode()
        right = "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(headers.get("X-Hmac-Signature", ""), right):
            raise WebhookRejected("the signature is not this account's")
        try:
            return _notice(json.loads(body))
        except (KeyError, TypeError, ValueError) as error:
            raise WebhookRejected("the body is no event") from error


def _notice(event: Mapping[str, Any]) -> CarrierNotice:
    kind, result = str(event["description"]), event["result"]
    tracker = result.get("object") == "Tracker"
    return CarrierNotice(
        external_id=str(event["id"]),
        kind=kind,
        tracking_number=result.get("tracking_code"),
        shipment_reference=result.get("shipment_id"),
        tracked=tracking.tracked(result) if tracker else None,
    )


def _read(reading: Callable[[], T]) -> T:
    """What a success holds. Raises NoAnswer when it is not what was promised: then nothing is known."""
    try:
        return reading()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoAnswer(f"an answer that can't be read ({type(error).__name__}: {error})") from error


def _words(reply: Reply) -> str:
    error = reply.body.get("error")
    told = error.get("message") or error.get("code") if isinstance(error, Mapping) else None
    return f"HTTP {reply.status}: {told}" if told else f"HTTP {reply.status}"
