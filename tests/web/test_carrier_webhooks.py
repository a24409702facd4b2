"""Carriers' webhooks in: verified over the raw body, kept once, answered at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.carriers.easypost.webhooks import sign
from adapters.provisioning import DatabaseAddresses
from core.logistics.use_cases.add_carrier_account import (
    AddCarrierAccount,
    SwitchCarrierAccount,
    add_carrier_account,
    switch_carrier_account,
)
from core.logistics.use_cases.receive_webhook import ProcessCarrierWebhook, process_carrier_webhook
from jobs.subscribers import SUBSCRIBERS
from tests.core.logistics.sending import buy, order_of, parcel_of, plan, quoted, ship, status
from tests.sandbox.process import eventually
from tests.sandbox.receiver import Receiver
from tests.shipping import CARRIER_SECRET, ShippingShop
from tests.shop import settings_for
from tests.web.conftest import Api, make_api
from tests.web.test_errors import problem


@pytest.fixture
def api(shipping: ShippingShop, database: DatabaseAddresses, tmp_path: Path) -> Api:
    return Api(make_api(shipping.shop, settings_for(database, tmp_path)), shipping.shop)


def event(number: str = "QB473124824BR", id_: str = "evt_1", **tracker: Any) -> bytes:
    detail = {"status": "in_transit", "status_detail": "arrived_at_facility", "datetime": "2026-11-24T10:00:00Z",
              "carrier_code": "RO/01", "message": "Em trânsito"}  # fmt: skip
    result = {"object": "Tracker", "tracking_code": number, "status": "in_transit", "tracking_details": [detail]}
    return json.dumps({"id": id_, "description": "tracker.updated", "result": {**result, **tracker}}).encode()


def send(api: Api, path: str, body: bytes, signature: str | None = None) -> Any:
    signature = sign(CARRIER_SECRET, body) if signature is None else signature
    return api("POST", path, key=None, data=body, content_type="application/json",
               headers={"X-Hmac-Signature": signature})  # fmt: skip


def path_of(shipping: ShippingShop) -> str:
    return f"/webhooks/carriers/easypost/{shipping.account_id}"


def kept(shipping: ShippingShop) -> list[dict[str, Any]]:
    return shipping.shop.sql("SELECT external_id, body, state FROM carrier_webhooks ORDER BY id")


def work_off(shipping: ShippingShop) -> int:
    """Do what the stored webhooks ask for, as the actor of their deliveries does; returns how many there were."""
    subscriber = next(s for s in SUBSCRIBERS if s.name == "logistics.process_webhook")
    assert subscriber.use_case is process_carrier_webhook
    waiting = shipping.shop.sql(
        "SELECT id, payload FROM deliveries WHERE subscriber = :s AND state = 'waiting' ORDER BY created_at",
        s=subscriber.name,
    )
    for row in waiting:
        command = subscriber.command(row["payload"])
        assert isinstance(command, ProcessCarrierWebhook)
        shipping.shop.run(process_carrier_webhook, command)
        shipping.shop.execute("UPDATE deliveries SET state = 'done' WHERE id = :id", id=row["id"])
    return len(waiting)


def test_what_the_carrier_sends_moves_the_order(api: Api, shipping: ShippingShop) -> None:
    receiver = Receiver(signed_by="X-Hmac-Signature")
    try:
        hook = {"url": f"{receiver.origin}{path_of(shipping)}", "webhook_secret": CARRIER_SECRET}
        shipping.api("POST", "webhooks", {"webhook": hook})
        order = order_of(shipping.shop, 1)
        planned = plan(shipping.shop, order)
        buy(shipping.shop, quoted(shipping.shop, planned).quotes[0].id)
        ship(shipping.shop, planned)
        number = shipping.parcel(parcel_of(shipping.shop, planned))["tracking_number"]
        shipping.carrier.advance(number, 3)
        taken = eventually(lambda: receiver.taken if len(receiver.taken) >= 5 else None)
    finally:
        receiver.stop()
    for one in reversed(taken):  # out of order, and each twice
        for repeated in (False, True):
            answer = send(api, one.path, one.body, one.signature)
            assert (answer.status_code, answer.get_json()) == (200, {"received": True, "repeated": repeated})
    assert work_off(shipping) == len(taken)
    assert status(shipping.shop, order) == "in_transit"
    codes = shipping.shop.sql("SELECT raw_code FROM tracking_events ORDER BY at, sequence")
    assert [row["raw_code"] for row in codes] == ["PRE", "PO/01", "DO/01", "RO/01"]


def test_it_is_kept_byte_for_byte_and_once(api: Api, shipping: ShippingShop) -> None:
    body = event()
    assert send(api, path_of(shipping), body).get_json() == {"received": True, "repeated": False}
    assert send(api, path_of(shipping), body).get_json() == {"received": True, "repeated": True}
    [row] = kept(shipping)
    assert (row["external_id"], bytes(row["body"]), row["state"]) == ("evt_1", body, "received")
    assert work_off(shipping) == 1
    assert kept(shipping)[0]["state"] == "parked"  # no parcel of ours has that number, yet


def test_forged_and_garbled_webhooks_are_refused(api: Api, shipping: ShippingShop) -> None:
    body = event()
    right = sign(CARRIER_SECRET, body)
    wrong = [
        (body, ""),
        (body, sign("another secret", body)),
        (body, right.removeprefix("hmac-sha256-hex=")),
        (body, right.upper()),
        (body, "\u0661"),
        (body + b" ", right),
        (b"", sign(CARRIER_SECRET, b"")),
        (b"[]", sign(CARRIER_SECRET, b"[]")),
        (b"{", sign(CARRIER_SECRET, b"{")),
    ]
    garbled = event(status=None, tracking_code=7)
    wrong.append((garbled, sign(CARRIER_SECRET, garbled)))
    for forged, signature in wrong:
        problem(send(api, path_of(shipping), forged, signature), 400, "webhook_rejected")
    assert kept(shipping) == []


def test_unknown_accounts_and_carriers_are_not_found(api: Api, shipping: ShippingShop) -> None:
    shop = shipping.shop
    manual = shop.run(add_carrier_account, AddCarrierAccount("manual", "Balcão"))
    account, body = shipping.account_id, event()
    paths = [f"easypost/{uuid4()}", "easypost/nobody", f"manual/{account}", f"manual/{manual}", f"easypost/{manual}"]
    shop.run(switch_carrier_account, SwitchCarrierAccount(account, False))
    for path in [*paths, f"easypost/{account}"]:
        problem(send(api, f"/webhooks/carriers/{path}", body), 404, "not_found")
    assert kept(shipping) == []


def test_a_body_beyond_the_cap_is_not_read(api: Api, shipping: ShippingShop) -> None:
    problem(send(api, path_of(shipping), b"x" * 262_145, "x"), 413, "body_too_large")
    problem(api("GET", path_of(shipping), key=None), 405, "method_not_allowed")
