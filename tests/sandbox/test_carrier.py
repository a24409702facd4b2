"""The carrier's sandbox over HTTP: rates, one purchase, a label that scans, a parcel's life, its webhooks."""

from __future__ import annotations

import io
import uuid
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp

from sandbox.carrier.lives import LIVES
from sandbox.carrier.numbers import s10
from sandbox.carrier.webhooks import sign
from tests.sandbox.carrier_process import CarrierProcess
from tests.sandbox.process import eventually
from tests.sandbox.receiver import Receiver

TO = {
    "name": "Helena Carvalho Motta",
    "street1": "Rua das Acácias, 120",
    "street2": "apto 31, Adrianópolis",
    "city": "Manaus",
    "state": "AM",
    "zip": "69057-021",
    "country": "BR",
    "phone": "92988887777",
}
FROM = {
    **TO,
    "name": "Casa Ipê",
    "street1": "Rua XV de Novembro, 700",
    "city": "Curitiba",
    "state": "PR",
    "zip": "80020310",
}
PARCEL = {"length": 10, "width": 8, "height": 4, "weight": 30}


@pytest.fixture
def key() -> str:
    return f"EZTK_{uuid.uuid4().hex}"


def api(carrier: CarrierProcess, key: str, method: str, path: str, body: Any = None) -> httpx.Response:
    return carrier.client.request(method, f"/v2/{path}", json=body, auth=(key, ""))


def made(carrier: CarrierProcess, key: str, **changes: Any) -> dict[str, Any]:
    body = {"shipment": {"to_address": TO, "from_address": FROM, "parcel": PARCEL, "reference": "CI-1001", **changes}}
    answer = api(carrier, key, "POST", "shipments", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def bought(carrier: CarrierProcess, key: str) -> dict[str, Any]:
    shipment = made(carrier, key)
    rate = next(rate for rate in shipment["rates"] if rate["service"] == "PAC")
    answer = api(carrier, key, "POST", f"shipments/{shipment['id']}/buy", {"rate": {"id": rate["id"]}})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_rates_and_refusals_by_weight_and_distance(carrier: CarrierProcess, key: str) -> None:
    far = made(carrier, key)
    assert {(rate["carrier"], rate["service"]) for rate in far["rates"]} == {("Correios", "PAC"), ("Correios", "SEDEX")}
    assert sorted(told["carrier"] for told in far["messages"]) == ["Jadlog", "Loggi"]
    near = made(carrier, key, to_address={**FROM})
    heavy = made(carrier, key, to_address={**FROM}, parcel={**PARCEL, "weight": 400})
    price = {name: float(each["rates"][0]["rate"]) for name, each in {"far": far, "near": near, "heavy": heavy}.items()}
    assert price["near"] < price["far"]
    assert price["near"] < price["heavy"]


def test_postage_is_bought_once(carrier: CarrierProcess, key: str) -> None:
    shipment = bought(carrier, key)
    assert shipment["tracking_code"]
    again = api(carrier, key, "POST", f"shipments/{shipment['id']}/buy", {"rate": {"id": shipment["rates"][0]["id"]}})
    assert (again.status_code, again.json()["error"]["code"]) == (422, "SHIPMENT.POSTAGE.EXISTS")
    books = carrier.books(key.removeprefix("EZTK_"))
    assert books["totals"]["labels"] == 1
    assert carrier.requests(key.removeprefix("EZTK_"), "shipments.buy") == {shipment["id"]: 2}


def test_the_label_scans_at_203_dpi(carrier: CarrierProcess, key: str) -> None:
    shipment = bought(carrier, key)
    content = httpx.get(shipment["postage_label"]["label_pdf_url"], trust_env=False).content
    page = pypdfium2.PdfDocument(io.BytesIO(content))[0]
    width, height = (round(points / 72 * 25.4) for points in page.get_size())
    assert (width, height) == (100, 150)
    picture = page.render(scale=203 / 72).to_pil()
    read = {(code.format.name, code.text) for code in zxingcpp.read_barcodes(picture)}
    number = shipment["tracking_code"]
    assert {("Code128", number), ("Code128", "69057021"), ("QRCode", number)} <= read


def test_lives_are_lived(carrier: CarrierProcess, key: str) -> None:
    for life, steps in LIVES.items():
        carrier.live(life, account=key.removeprefix("EZTK_"))
        number = bought(carrier, key)["tracking_code"]
        told = carrier.advance(number, len(steps))
        assert [detail["carrier_code"] for detail in told["tracking_details"]] == [step.code for step in steps]
        assert told["finalized"]


def test_postage_is_given_back_before_the_first_scan_only(carrier: CarrierProcess, key: str) -> None:
    early, late = bought(carrier, key), bought(carrier, key)
    carrier.advance(late["tracking_code"])
    assert api(carrier, key, "POST", f"shipments/{late['id']}/refund").json()["refund_status"] == "rejected"
    assert api(carrier, key, "POST", f"shipments/{early['id']}/refund").json()["refund_status"] == "submitted"
    assert carrier.settle_refund(early["id"])["refund_status"] == "refunded"
    totals = carrier.books(key.removeprefix("EZTK_"))["totals"]
    assert (totals["labels"], totals["refunds"]) == (2, 1)
    assert totals["charged"] == totals["bought"] - totals["refunded"] > 0


def test_webhooks_are_signed(carrier: CarrierProcess, key: str) -> None:
    receiver = Receiver(signed_by="X-Hmac-Signature")
    try:
        hook = {"webhook": {"url": f"{receiver.origin}/told", "webhook_secret": "segredo"}}
        assert api(carrier, key, "POST", "webhooks", hook).status_code == 201
        number = bought(carrier, key)["tracking_code"]
        first, *_ = eventually(lambda: receiver.taken if len(receiver.taken) >= 2 else None)
        assert first.signature == sign("segredo", first.body)
        assert number.encode() in first.body
    finally:
        receiver.stop()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"shipment": {"to_address": TO, "from_address": FROM}}, "shipment.parcel"),
        ({"shipment": {"to_address": TO, "from_address": FROM, "parcel": PARCEL, "colour": "x"}}, "shipment.colour"),
        ({"shipment": {"to_address": {**TO, "zip": "69"}, "from_address": FROM, "parcel": PARCEL}}, "to_address.zip"),
        ([], "body"),
    ],
)
def test_what_is_wrong_is_named(carrier: CarrierProcess, key: str, body: Any, field: str) -> None:
    answer = api(carrier, key, "POST", "shipments", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["errors"][0]["field"] == field


def test_faults_happen_once(carrier: CarrierProcess, key: str) -> None:
    account = key.removeprefix("EZTK_")
    shipment = made(carrier, key)
    carrier.plant("shipments.buy", "error_500_after_effect", account=account)
    buying = {"rate": {"id": shipment["rates"][0]["id"]}}
    assert api(carrier, key, "POST", f"shipments/{shipment['id']}/buy", buying).status_code == 500
    assert api(carrier, key, "GET", f"shipments/{shipment['id']}").json()["tracking_code"]
    carrier.plant("shipments.retrieve", "half_body", account=account)
    with pytest.raises(ValueError, match=r"delimiter|Unterminated|Expecting"):
        api(carrier, key, "GET", f"shipments/{shipment['id']}").json()
    carrier.plant("label", "late_label", account=account, delay_seconds=600)
    assert bought(carrier, key)["postage_label"] is None


def test_numbers_follow_s10() -> None:
    assert s10("RA", 47312482, "GB") == "RA473124829GB"


def test_without_a_key_nothing_is_answered(carrier: CarrierProcess) -> None:
    assert api(carrier, "sk_live", "GET", "shipments").status_code == 401
