"""Stripe against the contract of payment gateways, over the network with the sandbox, and what is its own."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.payments.stripe import PLUGIN
from adapters.plugins import Surroundings
from adapters.registry import Guarded
from core.payments.lifecycle import Outcome
from core.shared.errors import Unavailable
from ports.payments import NotSupported, PaymentGateway, TenderStatus
from tests.contracts.payment_gateway import a_request, brl, look, opened
from tests.contracts.remote_gateway import RemoteGatewayContract, RemoteStand
from tests.sandbox.process import SandboxProcess

SECRET = "whsec_contract"

OPERATIONS = {
    "open": "payment_intents.create",
    "look_up": "payment_intents.retrieve",
    "capture": "payment_intents.capture",
    "cancel": "payment_intents.cancel",
    "refund": "refunds.create",
}


def build(url: str | None, account: str, **settings: str) -> PaymentGateway:
    surroundings = Surroundings("http://127.0.0.1:8000", url, lambda: datetime.now(UTC))
    config = {"secret_key": f"sk_test_{account}", "webhook_secret": SECRET, "api_base": "sandbox", "timeout": "1.0",
              "retries": "0"}  # fmt: skip
    return Guarded(PLUGIN.build({**config, **settings}, surroundings))


class AtTheSandbox:
    def __init__(self, sandbox: SandboxProcess, account: str) -> None:
        self.sandbox, self.account = sandbox, account
        self.gateway = build(sandbox.url, account)

    def pay(self, reference: str) -> None:
        self.sandbox.approve(reference)

    def decline(self, reference: str) -> None:
        self.sandbox.decline(reference)

    def money_comes(self, reference: str) -> None:
        intent = self.sandbox.booked(self.account, reference)
        if "boleto" in intent["payment_method_types"]:
            self.sandbox.act(reference, "pay_boleto")
            self.sandbox.act(reference, "settle_boleto")
        else:
            self.sandbox.pay_pix(reference)

    def effects(self, reference: str) -> Mapping[str, int]:
        return self.sandbox.booked(self.account, reference)

    def plant(self, operation: str, kind: str) -> None:
        delay = 3 if kind.startswith("timeout") else None
        self.sandbox.plant(OPERATIONS[operation], kind, account=self.account, delay_seconds=delay)

    def silence(self) -> None:
        self.sandbox.plant("*", "error_500_before_effect", account=self.account, count=100)

    def speak(self) -> None:
        self.sandbox.clear_faults()

    def opened_with(self, payment_id: str) -> int:
        intents = self.sandbox.books(self.account)["intents"]
        return sum(intent["metadata"].get("payment_id") == payment_id for intent in intents)

    def webhook(self, reference: str, payment_id: str, at: datetime) -> tuple[dict[str, str], bytes]:
        subject = {"object": "payment_intent", "id": reference, "metadata": {"payment_id": payment_id}}
        body = json.dumps({"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": subject}}).encode()
        stamp = str(int(at.timestamp()))
        signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={stamp},v1={signature}"}, body


@pytest.fixture
def at_sandbox(sandbox: SandboxProcess, account: str) -> AtTheSandbox:
    return AtTheSandbox(sandbox, account)


class TestStripe(RemoteGatewayContract, plugin="stripe"):
    @pytest.fixture
    def stand(self, at_sandbox: AtTheSandbox) -> RemoteStand:
        return at_sandbox


def test_pix_shows_a_code_until_its_deadline(at_sandbox: AtTheSandbox) -> None:
    deadline = (datetime.now(UTC) + timedelta(minutes=45)).replace(microsecond=0)
    tender = opened(at_sandbox, a_request("pix", 5000, expires_at=deadline))
    assert tender.status is TenderStatus.AWAITING
    assert tender.next_action is not None
    assert tender.next_action["type"] == "pix"
    assert tender.next_action["copy_paste"].startswith("000201")
    intent = at_sandbox.sandbox.client.get(
        f"/v1/payment_intents/{tender.reference}", headers={"Authorization": f"Bearer sk_test_{at_sandbox.account}"}
    ).json()
    assert intent["next_action"]["pix_display_qr_code"]["expires_at"] == int(deadline.timestamp())
    at_sandbox.sandbox.set_clock(46 * 60)
    assert look(at_sandbox, tender.reference).status is TenderStatus.EXPIRED


def test_a_boleto_shows_its_number_and_the_day_it_is_due(at_sandbox: AtTheSandbox) -> None:
    made = datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    tender = opened(at_sandbox, a_request("boleto", 5000, due_days=2))
    assert tender.status is TenderStatus.AWAITING
    action = dict(tender.next_action or {})
    assert (action["type"], action["due_on"]) == ("boleto", (made + timedelta(days=2)).isoformat())
    assert (len(action["number"]), action["number"][-4:]) == (47, "5000")
    page = at_sandbox.sandbox.client.get(action["url"])
    assert action["number"] in page.text
    at_sandbox.sandbox.set_clock(8 * 86_400)
    assert look(at_sandbox, tender.reference).status is TenderStatus.EXPIRED


def test_a_boleto_without_its_payer_s_address_is_refused(at_sandbox: AtTheSandbox) -> None:
    answer = at_sandbox.gateway.open(a_request("boleto", address=None))
    assert (answer.outcome, answer.absent) == (Outcome.DECLINED, True)


def test_pix_money_is_captured_and_its_refund_is_pending(at_sandbox: AtTheSandbox) -> None:
    tender = opened(at_sandbox, a_request("pix", 5000))
    at_sandbox.sandbox.pay_pix(tender.reference)
    paid = look(at_sandbox, tender.reference)
    assert (paid.status, paid.captured, paid.next_action) == (TenderStatus.CAPTURED, brl(5000), None)
    answer = at_sandbox.gateway.refund(tender.reference, brl(5000), "r-1")
    assert answer.outcome is Outcome.PENDING
    at_sandbox.sandbox.settle_refund(str(answer.reference))
    assert [(r.key, r.outcome) for r in look(at_sandbox, tender.reference).refunds] == [("r-1", Outcome.SUCCEEDED)]


def test_a_refund_may_fail_after_it_succeeded(at_sandbox: AtTheSandbox) -> None:
    tender = opened(at_sandbox, a_request("card", 5000))
    at_sandbox.pay(tender.reference)
    answer = at_sandbox.gateway.refund(tender.reference, brl(2000), "r-1")
    assert answer.outcome is Outcome.SUCCEEDED
    at_sandbox.sandbox.fail_refund(str(answer.reference))
    assert [(r.key, r.outcome) for r in look(at_sandbox, tender.reference).refunds] == [("r-1", Outcome.DECLINED)]


def test_a_challenge_waits_for_the_shopper_and_leaves_its_mark(at_sandbox: AtTheSandbox) -> None:
    reference = opened(at_sandbox, a_request("card")).reference
    at_sandbox.sandbox.act(reference, "challenge")
    assert look(at_sandbox, reference).status is TenderStatus.NEEDS_SHOPPER
    at_sandbox.sandbox.act(reference, "confirm_challenge")
    paid = look(at_sandbox, reference)
    assert (paid.status, paid.details["three_d_secure"]) == (TenderStatus.CAPTURED, "authenticated")
    assert len(paid.details["last4"]) == 4
    other = opened(at_sandbox, a_request("card")).reference
    at_sandbox.sandbox.act(other, "challenge")
    at_sandbox.sandbox.act(other, "fail_challenge")
    assert look(at_sandbox, other).status is TenderStatus.DECLINED


def test_a_card_that_is_looked_into_is_pending(at_sandbox: AtTheSandbox) -> None:
    reference = opened(at_sandbox, a_request("card")).reference
    at_sandbox.sandbox.act(reference, "pend")
    assert look(at_sandbox, reference).status is TenderStatus.PENDING
    at_sandbox.sandbox.act(reference, "settle_pending")
    assert look(at_sandbox, reference).status is TenderStatus.CAPTURED


def test_a_rehearsal_needs_a_sandbox() -> None:
    with pytest.raises(ValueError, match="no sandbox"):
        build(None, "nobody")


def test_a_real_account_without_its_publishable_key_has_no_page() -> None:
    gateway = build(None, "nobody", api_base="https://api.stripe.invalid")
    assert gateway.capabilities.page is False
    with pytest.raises(NotSupported):
        gateway.page("pi_1", "http://shop.example/")


def test_a_page_that_cannot_be_asked_for_is_unavailable(at_sandbox: AtTheSandbox) -> None:
    reference = opened(at_sandbox, a_request("card")).reference
    at_sandbox.silence()
    with pytest.raises(Unavailable):
        at_sandbox.gateway.page(reference, "http://shop.example/")


def test_a_host_that_is_not_there_leaves_everything_unknown() -> None:
    gateway = build("http://127.0.0.1:9", "nobody")
    requests: tuple[Any, ...] = (gateway.open(a_request("card")), gateway.look_up("pi_1"))
    assert [answer.outcome for answer in requests] == [Outcome.UNKNOWN, Outcome.UNKNOWN]


def test_a_wrong_key_is_a_doubt_not_a_decline(sandbox: SandboxProcess) -> None:
    gateway = build(sandbox.url, "x", secret_key="sk_live_nobody")
    answer = gateway.open(a_request("card"))
    assert (answer.outcome, answer.tender) == (Outcome.UNKNOWN, None)
