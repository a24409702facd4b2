"""Pix: the code, its end, money on time, late, twice, too much and too little, and money going back."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from sandbox.payments.pix import copy_and_paste, crc16
from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess


def ask(api: stripe.StripeClient, **pix: Any) -> stripe.PaymentIntent:
    """A Pix intent of R$ 129,90 with its code out."""
    params: dict[str, Any] = {
        "amount": 12990,
        "currency": "brl",
        "payment_method_types": ["pix"],
        "confirm": True,
        "payment_method_data": {"type": "pix"},
        "payment_method_options": {"pix": pix or {"expires_after_seconds": 1800}},
    }
    return api.v1.payment_intents.create(params)  # type: ignore[arg-type]  # a plain dict, as forms are


def raw(found: stripe.StripeObject) -> dict[str, Any]:
    return dict(found.to_dict())


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert crc16("123456789") == "29B1"  # check value of CRC-16/CCITT-FALSE
    # The example printed in the central bank's BR Code manual.
    example = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de "
    example += "Tal6008BRASILIA62070503***6304"
    assert crc16(example) == "1D3D"


def test_a_code_is_made_of_fields_that_add_up() -> None:
    code = copy_and_paste("pix.example/v2/abc", 123456, "Café & Pão do São João Comércio Ltda", "São Paulo")
    fields, rest = {}, code
    while rest:
        number, length = rest[:2], int(rest[2:4])
        fields[number], rest = rest[4 : 4 + length], rest[4 + length :]
    assert fields["54"] == "1234.56"
    assert fields["59"] == "CAFE  PAO DO SAO JOAO COM"
    assert fields["63"] == crc16(code[:-4])
    with pytest.raises(ValueError, match="field 25"):
        copy_and_paste("x" * 100, 100, "Loja", "Curitiba")


def test_the_code_shows_until_when_it_holds(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = ask(api, expires_after_seconds=1800)
    check("payment_intent", raw(intent))
    code = raw(intent)["next_action"]["pix_display_qr_code"]
    assert intent.status == "requires_action"
    assert abs(code["expires_at"] - time.time() - 1800) < 60
    assert "5406129.90" in code["data"]
    assert crc16(code["data"][:-4]) == code["data"][-4:]
    for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        assert sandbox.client.get(code[f"image_url_{kind}"]).content.startswith(start)
    later = int(time.time()) + 7200
    assert raw(ask(api, expires_at=later))["next_action"]["pix_display_qr_code"]["expires_at"] == later


def test_money_on_time_pays(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = ask(api)
    sandbox.pay_pix(intent.id)
    paid = api.v1.payment_intents.retrieve(intent.id)
    check("payment_intent", raw(paid))
    assert (paid.status, paid.amount_received) == ("succeeded", 12990)
    charge = api.v1.charges.retrieve(str(paid.latest_charge))
    check("charge", raw(charge))
    assert raw(charge)["payment_method_details"]["type"] == "pix"
    assert sandbox.booked(account, intent.id)["captured"] == 12990


def test_an_expired_code_wants_another_attempt(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = ask(api, expires_after_seconds=600)
    sandbox.set_clock(540)
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    sandbox.set_clock(605)
    expired = api.v1.payment_intents.retrieve(intent.id)
    check("payment_intent", raw(expired))
    assert expired.status == "requires_payment_method"
    assert raw(expired)["last_payment_error"]["code"] == "payment_intent_payment_attempt_expired"
    assert sandbox.booked(account, intent.id)["expirations"] == 1
    again = api.v1.payment_intents.confirm(intent.id, {"payment_method_data": {"type": "pix"}})
    assert (again.status, again.last_payment_error) == ("requires_action", None)


def test_late_money_pays_an_expired_intent(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = ask(api, expires_after_seconds=600)
    sandbox.set_clock(700)
    assert sandbox.pay_pix(intent.id)["status"] == "succeeded"


def test_late_money_stays_on_a_cancelled_intent(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = ask(api)
    api.v1.payment_intents.cancel(intent.id)
    late = sandbox.pay_pix(intent.id)
    check("payment_intent", late)
    assert (late["status"], late["amount_received"]) == ("canceled", 12990)
    assert sandbox.booked(account, intent.id)["captured"] == 12990
    refund = api.v1.refunds.create({"payment_intent": intent.id})
    assert refund.amount == 12990


@pytest.mark.parametrize("amount", [12000, 13000])
def test_over_and_under_payment_is_what_arrived(api: stripe.StripeClient, sandbox: SandboxProcess, amount: int) -> None:
    intent = ask(api)
    paid = sandbox.pay_pix(intent.id, amount)
    assert (paid["amount"], paid["amount_received"], paid["status"]) == (12990, amount, "succeeded")
    assert api.v1.charges.retrieve(paid["latest_charge"]).amount == amount


def test_money_twice_is_two_charges_and_each_can_go_back(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = ask(api)
    sandbox.pay_pix(intent.id)
    assert sandbox.pay_pix(intent.id)["amount_received"] == 25980
    charges = api.v1.charges.list({"payment_intent": intent.id}).data
    assert [charge.amount for charge in charges] == [12990, 12990]
    first = api.v1.refunds.create({"payment_intent": intent.id})
    second = api.v1.refunds.create({"payment_intent": intent.id})
    assert {first.charge, second.charge} == {charge.id for charge in charges}
    assert sandbox.booked(account, intent.id)["captures"] == 2


def test_a_pix_refund_is_pending_until_the_bank_has_it(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = ask(api)
    sandbox.pay_pix(intent.id)
    refund = api.v1.refunds.create({"payment_intent": intent.id, "amount": 5000})
    check("refund", raw(refund))
    assert refund.status == "pending"
    assert sandbox.booked(account, intent.id)["refunded"] == 0
    sandbox.set_clock(40)
    settled = api.v1.refunds.retrieve(refund.id)
    check("refund", raw(settled))
    assert settled.status == "succeeded"
    assert sandbox.booked(account, intent.id)["refunded"] == 5000


def test_pix_wants_reais_and_immediate_capture(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.create({"amount": 5000, "currency": "usd", "payment_method_types": ["pix"]})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.payment_intents.create(
            {
                "amount": 5000,
                "currency": "brl",
                "payment_method_types": ["pix"],
                "confirm": True,
                "capture_method": "manual",
                "payment_method_data": {"type": "pix"},
            }
        )
    assert refusal.value.param == "capture_method"
    with pytest.raises(stripe.InvalidRequestError):
        ask(api, expires_at=int(time.time()) - 5)
