"""Stripe's settlements against the contract, over the network with the sandbox, and what is Stripe's own."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from adapters.guarded_settlements import GuardedSettlements
from adapters.payments.stripe import PLUGIN
from adapters.plugins import Surroundings
from core.shared.ids import PaymentId
from ports.settlements import SettlementSource
from tests.adapters.payments.test_stripe import build
from tests.contracts.payment_gateway import a_request
from tests.contracts.settlement_source import LONG_AGO, Booked, SettlementSourceContract, SettlementStand, brl
from tests.sandbox.money import Week, plant
from tests.sandbox.process import SandboxProcess

OPERATIONS = {
    "payouts": "payouts.list",
    "payout": "payouts.retrieve",
    "lines": "balance_transactions.list",
    "payout_lines": "balance_transactions.list",
    "disputes": "disputes.list",
}


def source_of(url: str, account: str) -> SettlementSource:
    surroundings = Surroundings("http://127.0.0.1:8000", url, lambda: datetime.now(UTC))
    config = {"secret_key": f"sk_test_{account}", "webhook_secret": "whsec_x", "api_base": "sandbox",
              "timeout": "1.0", "retries": "0"}  # fmt: skip
    assert PLUGIN.settlements is not None
    return GuardedSettlements(PLUGIN.settlements(config, surroundings))


class SettledAtTheSandbox:
    def __init__(self, sandbox: SandboxProcess, account: str) -> None:
        self.sandbox, self.account = sandbox, account
        self.source = source_of(sandbox.url, account)
        self.gateway = build(sandbox.url, account, timeout="5")
        self.week = Week(sandbox)
        self.week.at(0)

    def sell(self, amount: int, method: str = "card") -> tuple[str, str]:
        payment = PaymentId(uuid4())
        tender = self.gateway.open(a_request(method, amount, payment_id=payment, expires_at=None)).reference or ""
        if method == "pix":
            self.sandbox.pay_pix(tender)
        else:
            self.sandbox.approve(tender)
        return tender, str(payment)

    def capture_part(self, amount: int, part: int) -> str:
        tender = self.gateway.open(a_request("card", amount, capture_at_once=False)).reference or ""
        self.sandbox.approve(tender)
        self.gateway.capture(tender, brl(part), f"c-{tender}")
        return tender

    def give_back(self, tender: str, amount: int) -> tuple[str, str]:
        key = f"r-{secrets.token_hex(4)}"
        return self.gateway.refund(tender, brl(amount), key).reference or "", key

    def refund_fails(self, refund: str) -> None:
        self.sandbox.fail_refund(refund)

    def dispute(self, tender: str, *, inquiry: bool = False) -> str:
        return str(self.sandbox.control("POST", f"payments/{tender}/dispute", {"inquiry": inquiry})["id"])

    def decide(self, dispute: str, *, won: bool) -> None:
        self.sandbox.control("POST", f"disputes/{dispute}/{'win' if won else 'lose'}")

    def days_pass(self, days: int) -> None:
        self.week.at(days)

    def payout_fails(self, payout: str) -> None:
        self.sandbox.control("POST", f"payouts/{payout}/fail")

    def plant(self, kind: str, target: str | None = None, amount: int | None = None) -> None:
        plant(self.sandbox, self.account, kind, target, **({} if amount is None else {"amount": amount}))

    def disturb(self, operation: str, kind: str) -> None:
        delay = 3 if kind.startswith("timeout") else None
        self.sandbox.plant(OPERATIONS[operation], kind, account=self.account, delay_seconds=delay)

    def books(self) -> list[Booked]:
        return [
            Booked(
                line["id"], line["amount"], line["fee"], line["payout"], 0 if line["withheld"] else 1 + line["repeats"]
            )
            for line in self.sandbox.books(self.account)["balance_transactions"]
        ]

    def payouts(self) -> dict[str, int]:
        return {payout["id"]: payout["amount"] for payout in self.sandbox.books(self.account)["payouts"]}


@pytest.fixture
def settled(sandbox: SandboxProcess, account: str) -> SettledAtTheSandbox:
    return SettledAtTheSandbox(sandbox, account)


class TestStripeSettlements(SettlementSourceContract, plugin="stripe"):
    @pytest.fixture
    def stand(self, settled: SettledAtTheSandbox) -> SettlementStand:
        return settled


def test_a_boleto_costs_its_flat_fee(settled: SettledAtTheSandbox) -> None:
    tender = settled.gateway.open(a_request("boleto", 8000)).reference or ""
    settled.sandbox.act(tender, "pay_boleto")
    settled.sandbox.act(tender, "settle_boleto")
    (line,) = settled.source.lines(LONG_AGO, None, 10).items
    assert (line.method, line.gross, line.fee, line.tender_reference) == ("boleto", brl(8000), brl(345), tender)


def test_what_is_kept_of_a_line_names_no_payer(settled: SettledAtTheSandbox) -> None:
    settled.sell(5000)
    (line,) = settled.source.lines(LONG_AGO, None, 10).items
    assert line.raw["source"] == line.source_reference
    assert "billing_details" not in str(line.raw)


def test_a_wait_that_the_provider_asks_for_is_passed_on_or_none(settled: SettledAtTheSandbox) -> None:
    settled.disturb("lines", "error_429")
    page = settled.source.lines(LONG_AGO, None, 10)
    assert (page.failed, page.retry_after) == ("rate_limited", None)


def test_a_host_that_is_not_there_is_a_page_that_failed() -> None:
    assert source_of("http://127.0.0.1:9", "nobody").lines(LONG_AGO, None, 10).failed == "no_answer"


def test_a_wrong_key_is_a_page_that_failed(sandbox: SandboxProcess) -> None:
    assert source_of(sandbox.url, "not!a!key").payouts(LONG_AGO, None, 10).failed == "http_401"
