"""Carriers: what a merchant's account at a carrier or an aggregator of carriers can be asked.

One required protocol plus capabilities; no carrier is named anywhere in core. Weights are grams, sizes millimetres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from core.logistics.tracking import ParcelStatus
from core.shared.address import Address
from core.shared.errors import FieldProblem
from core.shared.ids import CarrierAccountId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class CarrierCapabilities:
    """What a carrier can do; asking for more is refused with NotSupported, never guessed.

    `max_track_batch` is how many numbers one tracking call takes.
    """

    rates: bool = False
    labels: bool = False
    voids: bool = False
    tracking: bool = False
    webhooks: bool = False
    max_track_batch: int = 1


@dataclass(frozen=True, slots=True)
class CarrierAccount:
    """A merchant's account at a carrier. `config` is encrypted; only the carrier's adapter reads it.

    `requests_per_second`, `burst` and `requests_per_day` bound what tracking may ask of it.
    """

    id: CarrierAccountId
    carrier: str
    name: str
    config: bytes = field(repr=False)
    enabled: bool = True
    requests_per_second: int = 5
    burst: int = 10
    requests_per_day: int = 10_000


@dataclass(frozen=True, slots=True)
class ParcelSize:
    """One parcel as it is handed over: weight in grams, outer size in millimetres."""

    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What would it cost. `reference` is ours and only for people who look at the carrier's books."""

    origin: Address
    destination: Address
    parcel: ParcelSize
    currency: str
    reference: str


@dataclass(frozen=True, slots=True)
class Rate:
    """An offer. `id` is the carrier's and is bought under `shipment_reference`; `days` may be unknown."""

    id: str
    shipment_reference: str
    carrier: str
    service: str
    price: Money
    days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RateRefusal:
    """Why a service offers nothing, in the carrier's words, for the trace that staff see."""

    carrier: str
    service: str | None
    text: str


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """All offers and refusals. `failed` is set when the carrier was not reached or answered nonsense: no rate is
    known then, which is not the same as none being offered."""

    rates: Sequence[Rate] = ()
    refusals: Sequence[RateRefusal] = ()
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A paper to stick on the parcel: the bytes as the carrier gave them, checked to be what `media_type` says."""

    content: bytes = field(repr=False)
    media_type: str


class PostageOutcome(StrEnum):
    """How a request about postage ended. UNKNOWN is a time-out or a server error: it may have happened."""

    PURCHASED = "purchased"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOIDED = "voided"
    VOID_REQUESTED = "void_requested"
    VOID_REFUSED = "void_refused"


@dataclass(frozen=True, slots=True)
class PostageAnswer:
    """What became of a purchase or a void. `reason` is the carrier's word for a refusal, shown to staff.

    `label_ready` is False while the carrier still draws the label; it is fetched later with `label`.
    """

    outcome: PostageOutcome
    reference: str | None = None
    carrier: str | None = None
    service: str | None = None
    tracking_number: str | None = None
    price: Money | None = None
    label_ready: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TrackingSeen:
    """One thing that happened to a parcel, as the carrier tells it.

    `local_time` is the carrier's own clock to its own precision, as text; `at` is UTC when it can be derived.
    `status` is the canonical status, `raw_code` what it was made from. `event_id` is the carrier's, if it has any.
    """

    status: ParcelStatus
    raw_code: str
    text: str
    local_time: str
    at: datetime | None
    place: str | None = None
    event_id: str | None = None
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Tracked:
    """All that a carrier knows of one number. `known` is False while it has not heard of it."""

    tracking_number: str
    known: bool
    events: Sequence[TrackingSeen] = ()


@dataclass(frozen=True, slots=True)
class TrackAnswer:
    """Snapshots by tracking number. `failed` says why there are none; `retry_after` is in seconds (429).

    `requests` is how many it took: more than one where numbers had to be made known to the carrier first.
    """

    parcels: Mapping[str, Tracked] = field(default_factory=dict)
    failed: str | None = None
    retry_after: int | None = None
    requests: int = 1


@dataclass(frozen=True, slots=True)
class CarrierNotice:
    """A verified webhook: which event, about which number or shipment. `tracked` is the snapshot it carries."""

    external_id: str
    kind: str
    tracking_number: str | None
    shipment_reference: str | None = None
    tracked: Tracked | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class Carrier(Protocol):
    """One merchant's account at one carrier. No method may be called inside a transaction.

    None of them raises for what the carrier answers: refusals and time-outs are values. Methods that the
    capabilities exclude raise NotSupported.
    """

    @property
    def capabilities(self) -> CarrierCapabilities: ...

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        """What it would cost, within `timeout_seconds`. Buys nothing."""
        ...

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        """Buy the offer. Exactly one request goes out; UNKNOWN is settled with `find`, never by buying again."""
        ...

    def find(self, shipment_reference: str) -> PostageAnswer:
        """What became of the shipment: PURCHASED, REFUSED when nothing was bought, or UNKNOWN."""
        ...

    def label(self, shipment_reference: str) -> Label | None:
        """The label, None while it is not ready. Raises Unavailable when the carrier does not answer or what it
        sends is no label."""
        ...

    def void(self, shipment_reference: str) -> PostageAnswer:
        """Give the postage back: VOIDED, VOID_REQUESTED, VOID_REFUSED or UNKNOWN. Asking again is safe."""
        ...

    def track(self, tracking_numbers: Sequence[str]) -> TrackAnswer:
        """Where parcels are; at most `max_track_batch` numbers."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
        """Verify and read a webhook. Raises WebhookRejected (ports.payments)."""
        ...


class Carriers(Protocol):
    """The carriers of all accounts."""

    def of(self, account: CarrierAccount) -> Carrier:
        """The carrier of `account`. Raises Unavailable when no such carrier is installed."""
        ...

    def capabilities(self, carrier: str) -> CarrierCapabilities:
        """What `carrier` can do, without an account."""
        ...

    def problems(self, carrier: str, config: Mapping[str, str]) -> Sequence[FieldProblem]:
        """What is missing or wrong in the settings of an account of `carrier`, as far as can be told without asking
        it; fields are named `config.<setting>`. Raises Unavailable for a carrier that is not installed."""
        ...

    def seal(self, config: Mapping[str, str]) -> bytes:
        """`config` encrypted, as an account keeps it."""
        ...
