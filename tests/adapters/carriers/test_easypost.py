"""EasyPost against the contract of carriers, over the network with the sandbox, and what is its own."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

import pytest

from adapters.carrier_registry import GuardedCarrier
from adapters.carriers.easypost import PLUGIN
from adapters.carriers.easypost.webhooks import sign
from adapters.plugins import Surroundings
from core.logistics.tracking import ParcelStatus
from ports.carriers import Carrier, PostageOutcome, RateRequest
from tests.contracts.carriers import RECEIVER, SENDER, a_parcel
from tests.contracts.remote_carrier import RemoteCarrierContract, bought, buy, number_of, offer
from tests.sandbox.carrier_process import CarrierProcess
from tests.shop import StoppedClock

SECRET = "a secret of a webhook, em português: ação"
OPERATIONS = {
    "rates": "shipments.create",
    "purchase": "shipments.buy",
    "find": "shipments.retrieve",
    "void": "shipments.refund",
    "track": "trackers.batch",
    "label": "label",
}


def build(url: str | None, account: str, **settings: str) -> Carrier:
    surroundings = Surroundings("http://127.0.0.1:8000", None, StoppedClock().now, url)
    config = {"api_key": f"EZTK_{account}", "webhook_secret": SECRET, "api_base": "sandbox", "timeout": "0.7"}
    return GuardedCarrier(PLUGIN.build({**config, **settings}, surroundings))


class AtTheSandbox:
    def __init__(self, process: CarrierProcess, account: str) -> None:
        self.process, self.account = process, account
        self.carrier = build(process.url, account)
        self.secrets = (f"EZTK_{account}", SECRET)

    def plant(self, operation: str, kind: str, seconds: int | None = None) -> None:
        delay = 2 if kind.startswith("timeout") else seconds
        self.process.plant(OPERATIONS[operation], kind, account=self.account, delay_seconds=delay)

    def silence(self) -> None:
        self.process.plant("*", "error_500_before_effect", account=self.account, count=100)

    def speak(self) -> None:
        self.process.clear_faults()

    def unserved(self) -> RateRequest:
        return a_parcel(destination=replace(RECEIVER, country="PT"))

    def unacceptable(self) -> RateRequest:
        return a_parcel(destination=replace(RECEIVER, phone="999"))

    def asked(self, reference: str) -> int:
        return self.process.requests(self.account, "shipments.buy").get(reference, 0)

    def sold(self) -> int:
        return int(self.process.books(self.account)["totals"]["labels"])

    def given_back(self, reference: str) -> int:
        entries = self.process.books(self.account)["entries"]
        return sum(entry["shipment"] == reference and entry["kind"] == "refund_submitted" for entry in entries)

    def scan(self, number: str) -> None:
        self.process.advance(number)

    def webhook(self, number: str) -> tuple[dict[str, str], bytes]:
        tracker = self.api("GET", f"trackers/{number}")
        event = {"id": f"evt_{uuid.uuid4().hex}", "object": "Event", "description": "tracker.updated",
                 "result": tracker}  # fmt: skip
        body = json.dumps(event).encode()
        return {"X-Hmac-Signature": sign(SECRET, body)}, body

    def api(self, method: str, path: str, body: Any = None) -> Any:
        key = f"EZTK_{self.account}"
        return self.process.client.request(method, f"/v2/{path}", json=body, auth=(key, "")).json()


@pytest.fixture
def at_sandbox(carrier: CarrierProcess) -> AtTheSandbox:
    return AtTheSandbox(carrier, uuid.uuid4().hex)


class TestEasyPost(RemoteCarrierContract, plugin="easypost"):
    @pytest.fixture
    def stand(self, at_sandbox: AtTheSandbox) -> AtTheSandbox:
        return at_sandbox


def test_addresses_and_sizes_arrive_whole(at_sandbox: AtTheSandbox) -> None:
    request = a_parcel()
    shipment = at_sandbox.api("GET", f"shipments/{offer(at_sandbox, request).shipment_reference}")
    assert shipment["reference"] == request.reference
    receiver = shipment["to_address"]
    assert (receiver["street1"], receiver["street2"]) == ("Avenida Paulista, 1000", "apto 31, Bela Vista")
    assert (receiver["zip"], receiver["city"], receiver["state"]) == (RECEIVER.postal_code, "São Paulo", "SP")
    assert shipment["from_address"]["name"] == SENDER.name
    told = [float(shipment["parcel"][name]) for name in ("weight", "length", "width", "height")]
    assert told == [30.0, 11.9, 8.7, 4.0]  # 850 g, 300 x 220 x 100 mm, never less


def test_a_number_made_elsewhere_is_watched_from_then_on(at_sandbox: AtTheSandbox) -> None:
    number = "QB123456785BR"
    first = at_sandbox.carrier.track([number])
    assert (first.failed, first.parcels[number].known) == (None, False)
    at_sandbox.process.scan(number, "in_transit", code="RO/01")
    again = at_sandbox.carrier.track([number]).parcels[number]
    assert [(seen.status, seen.raw_code) for seen in again.events] == [(ParcelStatus.IN_TRANSIT, "RO/01")]


def test_numbers_are_made_known_a_few_at_a_time_and_a_fault_costs_nothing(at_sandbox: AtTheSandbox) -> None:
    numbers = [f"XX{place:09d}ZZ" for place in range(15)]
    at_sandbox.process.plant("trackers.create", "error_429", account=at_sandbox.account)
    answers = [at_sandbox.carrier.track(numbers) for _ in range(4)]
    assert [(len(answer.parcels), answer.requests) for answer in answers] == [(0, 2), (10, 11), (15, 6), (15, 1)]


def test_a_life_is_told_with_the_carriers_own_codes(at_sandbox: AtTheSandbox) -> None:
    at_sandbox.process.live("second_attempt", account=at_sandbox.account)
    number = number_of(bought(at_sandbox))
    at_sandbox.process.advance(number, 20)
    told = [(seen.status.value, seen.raw_code) for seen in at_sandbox.carrier.track([number]).parcels[number].events]
    assert told == [
        ("label_created", "PRE"), ("accepted", "PO/01"), ("in_transit", "DO/01"), ("in_transit", "RO/01"),
        ("in_transit", "DO/02"), ("out_for_delivery", "OEC/01"), ("delivery_attempted", "BDE/20"),
        ("out_for_delivery", "OEC/01"), ("delivered", "BDE/01"),
    ]  # fmt: skip


def test_a_void_takes_its_time_and_may_still_be_refused(at_sandbox: AtTheSandbox) -> None:
    granted, rejected = (str(bought(at_sandbox).reference) for _ in range(2))
    for reference in (granted, rejected):
        assert at_sandbox.carrier.void(reference).outcome is PostageOutcome.VOID_REQUESTED
    at_sandbox.process.settle_refund(granted)
    at_sandbox.process.settle_refund(rejected, granted=False)
    assert at_sandbox.carrier.void(granted).outcome is PostageOutcome.VOIDED


def test_where_nothing_listens_nothing_was_bought() -> None:
    carrier = build("http://127.0.0.1:9", "nobody")
    answer = carrier.purchase("shp_1", "rate_1", "key")
    assert (answer.outcome, answer.reason) == (PostageOutcome.REFUSED, "no connection (ConnectError)")
    assert carrier.find("shp_1").outcome is PostageOutcome.UNKNOWN
    assert carrier.track(["QB123456785BR"]).failed == "no connection (ConnectError)"


def test_a_carrier_that_keeps_failing_is_left_alone(at_sandbox: AtTheSandbox) -> None:
    rate = offer(at_sandbox)
    at_sandbox.silence()
    for _ in range(10):
        at_sandbox.carrier.find(rate.shipment_reference)
    at_sandbox.speak()
    answer = buy(at_sandbox.carrier, rate)
    assert answer.outcome is PostageOutcome.REFUSED
    assert "left alone" in str(answer.reason)
    assert (at_sandbox.asked(rate.shipment_reference), at_sandbox.sold()) == (0, 0)


def test_a_key_of_nobody_is_refused_in_words(carrier: CarrierProcess) -> None:
    stranger = build(carrier.url, "x", api_key="EZAKnobody")
    assert stranger.rates(a_parcel(), 5.0).failed == "HTTP 401: This API key is not active or does not exist."
    assert stranger.find("shp_1").outcome is PostageOutcome.UNKNOWN


def test_a_rehearsal_needs_a_sandbox() -> None:
    with pytest.raises(ValueError, match="no carrier sandbox"):
        build(None, "nobody")


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({}, ["api_key", "webhook_secret"]),
        ({"api_key": "EZTKabc", "webhook_secret": "s"}, []),
        ({"api_key": "EZTK_shop", "webhook_secret": "s", "api_base": "sandbox"}, []),
        ({"api_key": "sk_live_1", "webhook_secret": "s"}, ["api_key"]),
        ({"api_key": "EZAK1", "webhook_secret": "s", "api_base": "api.example.com"}, ["api_base"]),
        ({"api_key": "EZAK1", "webhook_secret": "s", "timeout": "0"}, ["timeout"]),
        ({"api_key": "EZAK1", "webhook_secret": "s", "timeout": "600"}, ["timeout"]),
    ],
)
def test_what_is_wrong_with_an_account_is_said(settings: dict[str, str], wrong: list[str]) -> None:
    assert [problem.field for problem in PLUGIN.problems(settings)] == [f"config.{name}" for name in wrong]
