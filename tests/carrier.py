"""A scripted carrier at the edge, in the test's own process: what it sold is its books, and it errs as it is told to.

What it promises is the port's contract (`tests/contracts`); here it stands in where a network would only be in the way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.plugins import CarrierPlugin
from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from core.shared.errors import Unavailable
from core.shared.ids import CarrierAccountId
from core.shared.money import Money
from ports.carriers import (
    CarrierCapabilities,
    CarrierNotice,
    Label,
    PostageAnswer,
    PostageOutcome,
    Rate,
    RateAnswer,
    RateRefusal,
    RateRequest,
    TrackAnswer,
    Tracked,
    TrackingSeen,
)
from ports.payments import WebhookRejected
from tests.shop import Shop

CAPABILITIES = CarrierCapabilities(
    rates=True, labels=True, voids=True, tracking=True, webhooks=True, max_track_batch=20
)
PDF = b"%PDF-1.4\n% a label of a test\n%%EOF\n"
SERVICES = (("PAC", 1760, (5, 8)), ("SEDEX", 3345, (1, 3)))


@dataclass
class Sold:
    """One purchase in the carrier's books."""

    number: str
    price: Money
    voided: bool = False


@dataclass
class ScriptedCarrier:
    """`fail_purchase`: "before" the effect, "after" it, or "refuse"; `calls` counts what it was asked, by method."""

    capabilities: CarrierCapabilities = CAPABILITIES
    books: dict[str, Sold] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    offers: dict[str, Money] = field(default_factory=dict)
    lives: dict[str, list[TrackingSeen]] = field(default_factory=dict)
    fail_purchase: str | None = None
    fail_find: bool = False
    fail_rates: bool = False
    fail_track: TrackAnswer | None = None
    fail_void: PostageOutcome | None = None
    paper: Label | None = field(default_factory=lambda: Label(PDF, "application/pdf"))
    down: bool = False

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        self.calls["rates"] += 1
        if self.fail_rates:
            return RateAnswer(failed="nobody answers")
        reference = f"shp_{len(self.offers) + 1}"
        rates = []
        for service, price, days in SERVICES:
            id_ = f"{reference}-{service}"
            self.offers[id_] = Money(price, request.currency)
            rates.append(Rate(id_, reference, "Correios", service, self.offers[id_], days))
        return RateAnswer(rates, [RateRefusal("Loggi", None, "does not serve this address")])

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        self.calls["purchase"] += 1
        if self.fail_purchase == "refuse":
            return PostageAnswer(PostageOutcome.REFUSED, reason="The wallet is empty.")
        if self.fail_purchase == "before":
            return PostageAnswer(PostageOutcome.UNKNOWN)
        assert shipment_reference not in self.books, "bought twice"
        self.books[shipment_reference] = Sold(s10(len(self.books) + 1), self.offers[rate_id])
        if self.fail_purchase == "after":
            return PostageAnswer(PostageOutcome.UNKNOWN)
        return self._sold(shipment_reference)

    def _sold(self, reference: str) -> PostageAnswer:
        sold = self.books[reference]
        return PostageAnswer(
            PostageOutcome.PURCHASED, reference, "Correios", "PAC", sold.number, sold.price, self.paper is not None
        )

    def find(self, shipment_reference: str) -> PostageAnswer:
        self.calls["find"] += 1
        if self.fail_find:
            return PostageAnswer(PostageOutcome.UNKNOWN)
        if shipment_reference not in self.books:
            return PostageAnswer(PostageOutcome.REFUSED, reason="Nothing was bought.")
        return self._sold(shipment_reference)

    def label(self, shipment_reference: str) -> Label | None:
        self.calls["label"] += 1
        if self.down:
            raise Unavailable("The carrier does not answer.")
        return self.paper

    def void(self, shipment_reference: str) -> PostageAnswer:
        self.calls["void"] += 1
        if self.fail_void is not None:
            return PostageAnswer(self.fail_void, reason="Too late.")
        self.books[shipment_reference].voided = True
        return PostageAnswer(PostageOutcome.VOIDED)

    def track(self, tracking_numbers: Sequence[str]) -> TrackAnswer:
        self.calls["track"] += 1
        assert len(tracking_numbers) <= self.capabilities.max_track_batch
        if self.fail_track is not None:
            return self.fail_track
        return TrackAnswer({n: Tracked(n, True, tuple(self.lives[n])) for n in tracking_numbers if n in self.lives})

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
        told = json.loads(body)
        if headers.get("X-Signature") != "right":
            raise WebhookRejected("The signature is wrong.")
        number = told.get("number")
        seen = [at(status, **how) for status, how in told.get("events", [])]
        tracked = Tracked(number, True, seen) if number and seen else None
        return CarrierNotice(told["id"], told.get("kind", "tracker.updated"), number, told.get("reference"), tracked)


@dataclass
class FiledCarrier(ScriptedCarrier):
    """One whose books are a file, so that they outlive the process that asked it."""

    file: Path = Path("books.json")

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        answer = super().rates(request, timeout_seconds)
        self._write()
        return answer

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        self.read()
        answer = super().purchase(shipment_reference, rate_id, key)
        self._write()
        return answer

    def find(self, shipment_reference: str) -> PostageAnswer:
        self.read()
        return super().find(shipment_reference)

    def read(self) -> None:
        """What any process has it sell."""
        told = json.loads(self.file.read_text(encoding="utf-8"))
        self.offers = {id_: Money(*price) for id_, price in told["offers"].items()}
        self.books = {id_: Sold(number, Money(*price)) for id_, (number, price) in told["books"].items()}

    def _write(self) -> None:
        told = {
            "offers": {id_: [price.minor, price.currency] for id_, price in self.offers.items()},
            "books": {id_: [one.number, [one.price.minor, one.price.currency]] for id_, one in self.books.items()},
        }
        self.file.write_text(json.dumps(told), encoding="utf-8")


def s10(item: int) -> str:
    """An S10 number with a right check digit."""
    digits = f"{item:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"AA{digits}{ {10: 0, 11: 5}.get(rest, rest) }BR"


def at(status: str, time: str, code: str | None = None, place: str | None = None, **more: object) -> TrackingSeen:
    """Something seen at `time` (ISO, UTC)."""
    return TrackingSeen(
        status=ParcelStatus(status),
        raw_code=code or status,
        text=f"{status} at {place}",
        local_time=time,
        at=datetime.fromisoformat(time),
        place=place,
        **more,  # type: ignore[arg-type]  # event_id and sequence
    )


def add_carrier(
    shop: Shop, carrier: ScriptedCarrier | None = None, **limits: Any
) -> tuple[ScriptedCarrier, CarrierAccountId]:
    """Connect the shop to a scripted carrier, and give the store an address to send from."""
    scripted = carrier or ScriptedCarrier()
    plugin = CarrierPlugin("scripted", scripted.capabilities, lambda config, surroundings: scripted)
    shop.wired.plain["carriers"].plugins = {"scripted": plugin}
    account = shop.run(add_carrier_account, replace(AddCarrierAccount("scripted", "Scripted"), **limits))
    shop.execute("UPDATE stores SET origin = CAST(:o AS jsonb) WHERE id = :s", o=json.dumps(ORIGIN), s=shop.store_id)
    return scripted, account


ORIGIN = {
    "name": "Casa Ipê", "postal_code": "80010010", "street": "Rua XV de Novembro", "number": "100",
    "city": "Curitiba", "region": "PR", "country": "BR", "company": None, "tax_id": None, "phone": None,
    "complement": None, "district": "Centro",
}  # fmt: skip
