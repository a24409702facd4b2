"""EasyPost's objects in the port's words: what is promised is read, what is not is never guessed."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.carriers.easypost import mapping, postage, tracking, webhooks
from core.logistics.tracking import ParcelStatus
from core.shared.money import Money
from ports.carriers import ParcelSize, PostageOutcome
from ports.payments import WebhookRejected
from tests.contracts.carriers import a_parcel

RATE = {"id": "rate_1", "carrier": "Correios", "service": "PAC", "rate": "18.42", "currency": "BRL",
        "delivery_days": 5}  # fmt: skip
BOUGHT = {"id": "shp_1", "rates": [RATE], "messages": [], "selected_rate": RATE, "tracking_code": "QB123456785BR",
          "postage_label": {"label_url": "https://labels.example/1.pdf"}, "refund_status": None}  # fmt: skip
UNREAD = (AttributeError, KeyError, TypeError, ValueError)


def changed(thing: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(thing), **changes}


def without(thing: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key != name}


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("18.42", "BRL", 1842), ("7", "USD", 700), ("0.5", "BRL", 50), ("300", "JPY", 300)],
)
def test_prices_are_minor_units(amount: str, currency: str, minor: int) -> None:
    assert mapping.money(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize("amount", ["", "free", "1.234", "-5.00", "NaN", "Infinity", "1e400", "None"])
def test_what_is_no_price_is_not_guessed(amount: str) -> None:
    with pytest.raises(ValueError, match=r"amount|price|digits"):
        mapping.money(amount, "BRL")


@given(st.builds(ParcelSize, *[st.integers(1, 10_000_000)] * 4))
def test_a_parcel_is_never_told_lighter_or_smaller(size: ParcelSize) -> None:
    told = {name: float(value) for name, value in mapping.parcel(size).items()}
    assert 0 <= told["weight"] * 28.349523125 - size.weight_grams < 2.9
    for name, millimetres in (("length", size.length_mm), ("width", size.width_mm), ("height", size.height_mm)):
        assert -1e-6 <= told[name] * 25.4 - millimetres < 2.6


def test_what_is_empty_is_left_out_of_an_address() -> None:
    body = mapping.shipment_request(a_parcel())["shipment"]
    assert "company" not in body["to_address"]
    assert "" not in body["to_address"].values()
    assert body["options"] == {"label_format": "PDF", "currency": "BRL"}


def test_offers_and_refusals_stand_side_by_side() -> None:
    told = [RATE, changed(RATE, id="rate_2", currency="USD"), without(changed(RATE, id="rate_3"), "delivery_days")]
    answer = mapping.rates(changed(BOUGHT, rates=told, messages=[{"carrier": "Loggi", "type": "rate_error"}]), "BRL")
    assert [(rate.id, rate.price, rate.days) for rate in answer.rates] == [
        ("rate_1", Money(1842, "BRL"), (5, 5)), ("rate_3", Money(1842, "BRL"), None),
    ]  # fmt: skip
    assert [(refusal.service, refusal.text) for refusal in answer.refusals] == [
        ("PAC", "priced in USD, not in BRL"), (None, "rate_error"),
    ]  # fmt: skip


def test_a_bought_shipment_says_what_was_bought() -> None:
    answer = postage.bought(BOUGHT, "shp_1")
    told = answer.outcome, answer.carrier, answer.service, answer.tracking_number, answer.price, answer.label_ready
    assert told == (PostageOutcome.PURCHASED, "Correios", "PAC", "QB123456785BR", Money(1842, "BRL"), True)
    later = postage.bought(changed(BOUGHT, tracking_code=None, postage_label=None), "shp_1")
    assert (later.outcome, later.tracking_number, later.label_ready) == (PostageOutcome.PURCHASED, None, False)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        changed(BOUGHT, id="shp_2"),
        changed(BOUGHT, selected_rate=None),
        changed(BOUGHT, selected_rate=[RATE]),
        changed(BOUGHT, selected_rate=without(RATE, "rate")),
        without(BOUGHT, "selected_rate"),
        without(BOUGHT, "tracking_code"),
    ],
)
def test_a_success_that_shows_no_postage_is_not_read(answer: dict[str, Any]) -> None:
    with pytest.raises(UNREAD):
        postage.bought(answer, "shp_1")


def test_nothing_was_bought_only_where_the_shipment_says_so() -> None:
    assert postage.postage(changed(BOUGHT, selected_rate=None), "shp_1").outcome is PostageOutcome.REFUSED
    for answer in (without(BOUGHT, "selected_rate"), changed(BOUGHT, id="shp_2", selected_rate=None), {}):
        with pytest.raises(UNREAD):
            postage.postage(answer, "shp_1")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (422, {"error": {"code": "SHIPMENT.POSTAGE.FAILURE", "message": "no funds"}}, PostageOutcome.REFUSED),
        (402, {"error": {"code": "PAYMENT_REQUIRED", "message": ""}}, PostageOutcome.REFUSED),
        (422, {"error": {"code": "SHIPMENT.POSTAGE.EXISTS", "message": "it exists"}}, PostageOutcome.UNKNOWN),
        (429, {"error": {"code": "RATE_LIMITED", "message": "later"}}, PostageOutcome.UNKNOWN),
        (408, {"error": {"code": "TIMEOUT", "message": "slow"}}, PostageOutcome.UNKNOWN),
        (500, {"error": {"code": "INTERNAL", "message": "oops"}}, PostageOutcome.UNKNOWN),
        (422, {}, PostageOutcome.UNKNOWN),
        (404, {"error": "no envelope"}, PostageOutcome.UNKNOWN),
        (302, {}, PostageOutcome.UNKNOWN),
    ],
)
def test_a_refusal_is_one_only_in_the_carriers_envelope(
    status: int, body: dict[str, Any], outcome: PostageOutcome
) -> None:
    told = postage.refusal(status, body, "shp_1")
    assert (told.outcome, told.reference, bool(told.reason)) == (outcome, "shp_1", True)
    void = {PostageOutcome.REFUSED: PostageOutcome.VOID_REFUSED}.get(outcome, outcome)
    assert postage.void_refusal(status, body, "shp_1").outcome is void


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ("submitted", PostageOutcome.VOID_REQUESTED),
        ("refunded", PostageOutcome.VOIDED),
        ("rejected", PostageOutcome.VOID_REFUSED),
        ("not_applicable", PostageOutcome.VOID_REFUSED),
        (None, PostageOutcome.UNKNOWN),
        ("something_new", PostageOutcome.UNKNOWN),
    ],
)
def test_a_void_is_what_the_refund_says(told: str | None, outcome: PostageOutcome) -> None:
    assert postage.voided(changed(BOUGHT, refund_status=told), "shp_1").outcome is outcome


def test_a_label_without_an_address_is_not_read() -> None:
    assert postage.label_url(BOUGHT, "shp_1") == "https://labels.example/1.pdf"
    assert postage.label_url(changed(BOUGHT, postage_label=None), "shp_1") is None
    for label in ([1], {}, {"label_url": None}, {"label_url": 5}):
        with pytest.raises(UNREAD):
            postage.label_url(changed(BOUGHT, postage_label=label), "shp_1")


# https://docs.easypost.com/docs/trackers
STATUSES = ("unknown", "pre_transit", "in_transit", "out_for_delivery", "delivered", "available_for_pickup",
            "return_to_sender", "failure", "cancelled", "error")  # fmt: skip
DETAILS = ("address_correction", "arrived_at_destination", "arrived_at_facility", "arrived_at_pickup_location",
           "awaiting_information", "cancelled", "damaged", "delayed", "delivery_exception", "departed_facility",
           "departed_origin_facility", "expired", "failure", "held", "in_transit", "label_created", "lost", "missorted",
           "out_for_delivery", "received_at_destination_facility", "received_at_origin_facility", "refused", "return",
           "status_update", "transferred_to_destination_carrier", "transit_exception", "unknown",
           "weather_delay")  # fmt: skip


def test_every_status_has_its_word_and_every_word_is_reached() -> None:
    silent = {status for status in STATUSES if tracking.status_of(status, "unknown") is ParcelStatus.UNKNOWN}
    assert silent == {"unknown", "error"}
    reached = {tracking.status_of(status, detail) for status in STATUSES for detail in DETAILS}
    assert reached == set(ParcelStatus)


def test_a_word_that_nobody_has_mapped_is_unknown_and_its_code_is_kept() -> None:
    told = tracking.tracked({"tracking_code": "X1", "status": "beamed_up", "tracking_details": [
        {"status": "beamed_up", "status_detail": "by_scotty", "datetime": "2026-11-24T10:00:00Z"}]})  # fmt: skip
    [seen] = told.events
    assert (seen.status, seen.raw_code) == (ParcelStatus.UNKNOWN, "beamed_up/by_scotty")


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-11-24T10:00:00Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T07:00:00-03:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        (None, None),
    ],
)
def test_a_time_without_a_zone_is_not_moved(told: str | None, at: datetime | None) -> None:
    detail = {"status": "in_transit", "status_detail": None, "datetime": told, "carrier_code": "",
              "tracking_location": {"city": "Cajamar", "state": "SP"}, "message": "Em trânsito"}  # fmt: skip
    [seen] = tracking.tracked({"tracking_code": "X1", "status": "in_transit", "tracking_details": [detail]}).events
    assert (seen.at, seen.local_time, seen.place, seen.text) == (at, told or "", "Cajamar, SP", "Em trânsito")


def test_a_tracker_that_knows_nothing_is_not_known() -> None:
    for status in ("unknown", "error"):
        assert not tracking.tracked({"tracking_code": "X1", "status": status}).known
    assert tracking.tracked({"tracking_code": "X1", "status": "pre_transit"}).known
    broken: Any
    for broken in ({}, {"tracking_code": None, "status": "unknown"}, {"tracking_code": "X1"}, [], None, "X1"):
        with pytest.raises(UNREAD):
            tracking.tracked(broken)


# The event, its secret and signature are made up; the recipe is the one documented.
def test_a_signature_covers_every_byte_and_the_secrets_normal_form() -> None:
    body = (
        b'{"id": "evt_1", "description": "refund.successful", "result": {"object": "Refund", "shipment_id": "shp_1"}}'
    )
    decomposed, composed = "ac\u0327a\u0303o", "a\u00e7\u00e3o"
    notice = webhooks.read(composed, {"X-Hmac-Signature": webhooks.sign(decomposed, body)}, body)
    assert (notice.external_id, notice.kind, notice.shipment_reference) == ("evt_1", "refund.successful", "shp_1")
    assert (notice.tracking_number, notice.tracked) == (None, None)
    with pytest.raises(WebhookRejected):
        webhooks.read(composed, {"X-Hmac-Signature": webhooks.sign(composed, body)}, body + b"\n")


def test_a_word_about_a_shipment_names_it() -> None:
    body = b'{"id": "evt_2", "description": "shipment.updated", "result": {"object": "Shipment", "id": "shp_9"}}'
    notice = webhooks.read("s", {"X-Hmac-Signature": webhooks.sign("s", body)}, body)
    assert notice.shipment_reference == "shp_9"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"id": 5, "description": "x", "result": {}}', b'{"id": "e", "result": {}}',
     b'{"id": "e", "description": "x", "result": null}', b'{"id": "", "description": "x", "result": {}}',
     b'{"id": "e", "description": "x", "result": {"object": "Tracker"}}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_signed_and_no_event_is_rejected(body: bytes) -> None:
    with pytest.raises(WebhookRejected, match="no event"):
        webhooks.read("s", {"X-Hmac-Signature": webhooks.sign("s", body)}, body)
