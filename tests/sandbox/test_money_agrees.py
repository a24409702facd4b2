"""Weeks of random business: the balance agrees with what really happened, and payouts with the balance."""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest
import stripe

from tests.sandbox.money import Week
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_boleto import ask as ask_boleto
from tests.sandbox.test_cards import pay
from tests.sandbox.test_pix import ask as ask_pix


class Business:
    """What a shop does of a day, at random."""

    def __init__(self, api: stripe.StripeClient, sandbox: SandboxProcess, account: str, chance: random.Random) -> None:
        self.api, self.sandbox, self.account, self.chance = api, sandbox, account, chance
        self.cards: list[str] = []

    def day(self) -> None:
        for _ in range(self.chance.randrange(1, 5)):
            getattr(self, self.chance.choice(["card", "card", "pix", "boleto", "part", "refund", "dispute"]))()

    def card(self) -> None:
        self.cards.append(pay(self.api, amount=self.chance.randrange(100, 50_000)).id)

    def pix(self) -> None:
        self.sandbox.pay_pix(ask_pix(self.api).id)

    def boleto(self) -> None:
        self.sandbox.act(ask_boleto(self.api).id, "pay_boleto")

    def part(self) -> None:
        intent = pay(self.api, capture_method="manual")
        self.api.v1.payment_intents.capture(intent.id, {"amount_to_capture": self.chance.randrange(50, 12_991)})

    def refund(self) -> None:
        if self.cards:
            intent = self.cards.pop()
            made = self.api.v1.refunds.create({"payment_intent": intent, "amount": self.chance.randrange(1, 101)})
            if self.chance.random() < 0.3:
                self.sandbox.fail_refund(made.id)

    def dispute(self) -> None:
        if self.cards:
            made = self.sandbox.control("POST", f"payments/{self.cards.pop()}/dispute")
            if self.chance.random() < 0.7:
                self.sandbox.control("POST", f"disputes/{made['id']}/{self.chance.choice(['win', 'lose'])}")

    def bank_refuses(self) -> None:
        paid = [each for each in self.sandbox.books(self.account)["payouts"] if each["status"] == "in_transit"]
        if paid and self.chance.random() < 0.2:
            self.sandbox.control("POST", f"payouts/{paid[-1]['id']}/fail")


@pytest.mark.parametrize("seed", [1, 2])
def test_the_balance_agrees_with_what_happened(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, seed: int
) -> None:
    week, business = Week(sandbox), Business(api, sandbox, account, random.Random(seed))
    for day in range(14):
        week.at(day)
        business.day()
        business.bank_refuses()
    week.at(30)
    books = sandbox.books(account)
    happened: Counter[str] = Counter()
    for entry in books["entries"]:
        happened[entry["kind"]] += entry["amount"]
    gross = books["settlement"]["gross"]
    assert gross["charge"] + gross.get("partial_capture_reversal", 0) == happened["captured"]
    back = gross.get("refund", 0) + gross.get("refund_failure", 0)
    assert -back == happened["refund_succeeded"] - happened["refund_reversed"]
    assert -gross.get("dispute", 0) == happened["dispute_withdrawn"]
    assert gross.get("dispute_reversal", 0) == happened["dispute_won"]
    assert books["settlement"]["remainders"] == {}
    earned = sum(line["net"] for line in books["balance_transactions"] if "payout" not in line["reporting_category"])
    assert books["settlement"]["balance"] == earned - books["settlement"]["paid_out"]
    carried = Counter(line["payout"] for line in books["balance_transactions"])
    assert carried[None] == 0 or books["settlement"]["balance"] <= 0


@pytest.mark.race
def test_whoever_asks_first_each_midnight_pays_out_once(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    week = Week(sandbox)
    week.at(0)
    for _ in range(3):
        sandbox.pay_pix(ask_pix(api).id)
    seen: list[int] = []
    headers = {"Authorization": f"Bearer sk_test_{account}"}

    def look() -> None:
        seen.append(sandbox.client.get("/v1/payouts", headers=headers).status_code)

    threads = [threading.Thread(target=look) for _ in range(6)]
    mover = threading.Thread(target=week.at, args=(1, 1))
    for thread in (mover, *threads):
        thread.start()
    for thread in (mover, *threads):
        thread.join()
    assert set(seen) == {200}
    assert [payout["amount"] for payout in sandbox.books(account)["payouts"]] == [3 * (12990 - 155)]
