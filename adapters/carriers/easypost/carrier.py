"""EasyPost as a carrier: rates, postage, labels, tracking.

https://docs.easypost.com. It documents no idempotency key; a shipment takes postage once, which is what repeats are
held against: a purchase whose answer was lost is asked for with `find`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote

from adapters.carriers.easypost import mapping, postage, tracking, webhooks
from adapters.carriers.easypost.client import EasyPostClient, NoAnswer, NotSent, Reply
from adapters.carriers.easypost.config import EasyPostConfig, read_config
from adapters.carriers.easypost.labels import label_of
from adapters.plugins import Surroundings
from core.logistics.numbers import fold_number
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
    Tracked,
)

# Retrieving many trackers at once: https://docs.easypost.com/docs/trackers
MAX_TRACK_BATCH = 100
# Numbers it has never heard of are made known to it one by one; the rest of a batch waits for its next turn.
REGISTERED_AT_ONCE = 10
CAPABILITIES = CarrierCapabilities(
    rates=True, labels=True, voids=True, tracking=True, webhooks=True, max_track_batch=MAX_TRACK_BATCH
)
_log = logging.getLogger(__name__)
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
            reply = self._client.call("POST", _path(shipment_reference, "buy"), {"rate": {"id": rate_id}})
            if reply.ok:
                return _read(lambda: postage.bought(reply.body, shipment_reference))
            return postage.refusal(reply.status, reply.body, shipment_reference)
        except NotSent as silence:
            return PostageAnswer(PostageOutcome.REFUSED, reference=shipment_reference, reason=str(silence))
        except NoAnswer as silence:
            return _unknown(shipment_reference, str(silence))

    def find(self, shipment_reference: str) -> PostageAnswer:
        try:
            reply = self._client.call("GET", _path(shipment_reference))
            if reply.ok:
                return _read(lambda: postage.postage(reply.body, shipment_reference))
            return _unknown(shipment_reference, _words(reply))
        except NoAnswer as silence:
            return _unknown(shipment_reference, str(silence))

    def label(self, shipment_reference: str) -> Label | None:
        try:
            reply = self._client.call("GET", _path(shipment_reference))
            if not reply.ok:
                raise Unavailable(f"The carrier did not tell the label: {_words(reply)}")
            url = _read(lambda: postage.label_url(reply.body, shipment_reference))
            if url is None:
                return None
            content, told = self._client.fetch(url)
        except NoAnswer as silence:
            raise Unavailable(f"The carrier did not send the label: {silence}") from silence
        label = label_of(content)
        if label is None:
            raise Unavailable(f"What the carrier sent as a label is none ({told or 'no media type'}).")
        return label

    def void(self, shipment_reference: str) -> PostageAnswer:
        try:
            reply = self._client.call("POST", _path(shipment_reference, "refund"))
            if reply.ok:
                return _read(lambda: postage.voided(reply.body, shipment_reference))
            return postage.void_refusal(reply.status, reply.body, shipment_reference)
        except NoAnswer as silence:
            return _unknown(shipment_reference, str(silence))

    def track(self, tracking_numbers: Sequence[str]) -> TrackAnswer:
        if len(tracking_numbers) > MAX_TRACK_BATCH:
            raise ValueError(f"at most {MAX_TRACK_BATCH} numbers at once")
        folded = list(dict.fromkeys(map(fold_number, tracking_numbers)))
        try:
            reply = self._client.call("POST", "/trackers/batch", {"tracking_codes": folded})
            if not reply.ok:
                return TrackAnswer(failed=_words(reply), retry_after=reply.retry_after)
            found = _snapshots(_read(lambda: list(reply.body["trackers"])))
        except NoAnswer as silence:
            return TrackAnswer(failed=str(silence))
        made_known = self._register([number for number in folded if number not in found], found)
        told = {typed: replace(found[number], tracking_number=typed)
                for typed in tracking_numbers if (number := fold_number(typed)) in found}  # fmt: skip
        return TrackAnswer(told, requests=1 + made_known)

    def _register(self, missing: Sequence[str], found: dict[str, Tracked]) -> int:
        """Have numbers watched that were made elsewhere. What does not come about is tried at the next turn.

        Returns how many requests it took.
        """
        for asked, number in enumerate(missing[:REGISTERED_AT_ONCE], start=1):
            try:
                reply = self._client.call("POST", "/trackers", {"tracker": {"tracking_code": number}})
            except NoAnswer as silence:
                _log.warning("numbers are not watched yet: %s", silence)
                return asked
            if reply.status == 429 or reply.status >= 500:
                _log.warning("numbers are not watched yet: %s", _words(reply))
                return asked
            if reply.ok:
                found.update((number, one) for one in _snapshots([reply.body]).values())
        return min(len(missing), REGISTERED_AT_ONCE)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
        return webhooks.read(self._secret, headers, body)


def _path(shipment_reference: str, deed: str = "") -> str:
    return f"/shipments/{quote(shipment_reference, safe='')}" + (f"/{deed}" if deed else "")


def _unknown(shipment_reference: str, reason: str) -> PostageAnswer:
    return PostageAnswer(PostageOutcome.UNKNOWN, reference=shipment_reference, reason=reason)


def _snapshots(trackers: Sequence[Any]) -> dict[str, Tracked]:
    """By folded number. One that can't be read leaves the others as they are. Of two under one number, which carriers
    use again after some time, the one that tells the latest news counts."""
    found: dict[str, Tracked] = {}
    for tracker in trackers:
        try:
            told = tracking.tracked(tracker)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _log.warning("a tracker can't be read (%s: %s)", type(error).__name__, error)
            continue
        number = fold_number(told.tracking_number)
        if number not in found or tracking.latest(told) > tracking.latest(found[number]):
            found[number] = told
    return found


def _read(reading: Callable[[], T]) -> T:
    """What a success holds. Raises NoAnswer when it is not what was promised: then nothing is known."""
    try:
        return reading()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NoAnswer(f"an answer that can't be read ({type(error).__name__}: {error})") from error


def _words(reply: Reply) -> str:
    told = postage.error_words(reply.body)
    return f"HTTP {reply.status}: {told}" if told else f"HTTP {reply.status}"
