"""The whole way, over the provider's own wire: what it gets wrong is raised as one exception of its kind, and what it
gets right as none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import OrderId, PaymentId
from core.shared.money import Money
from ports.settlement_books import FeeContract
from tests.paying import PayingShop
from tests.sandbox.money import plant
from tests.shop import ORIGIN

DAY = 86_400


@dataclass
class Settled:
    """A shop with the provider's contract, and the one sale that most stories are about."""

    paying: PayingShop
    account: Any
    intent: str = ""

    def sell(self) -> str:
        """A card payment of an order; the tender's name at the provider."""
        shop = self.paying.shop
        token = shop.cart({shop.product(price=2500, stock=5): 2})
        command = OpenPaymentSession(token, "card", f"{ORIGIN}/r", (ORIGIN,))
        session = shop.run(open_payment_session, command, shop.storefront).session
        self.intent = self.paying.intent(str(session.id))
        self.paying.sandbox.approve(self.intent)
        shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
        return self.intent

    def give_back(self, minor: int) -> str:
        """A refund of the latest sale; its name at the provider."""
        shop = self.paying.shop
        row = shop.sql("SELECT id, order_id FROM payments WHERE provider_reference = :r", r=self.intent)[0]
        wish = RefundOrder(OrderId(row["order_id"]), PaymentId(row["id"]), "r-1", other=Money(minor, "BRL"))
        shop.run(refund_order, wish, shop.as_(Role.MANAGER))
        return str(self.paying.books()["refunds"][-1]["id"])

    def plant(self, kind: str, target: str | None = None, **more: Any) -> None:
        plant(self.paying.sandbox, self.paying.account, kind, target, **more)

    def ahead(self, operation: str, kind: str) -> None:
        self.paying.sandbox.plant(operation, kind, account=self.paying.account)

    def control(self, path: str) -> dict[str, Any]:
        return self.paying.sandbox.control("POST", path)

    def days_pass(self, days: int) -> None:
        """Here and at the provider."""
        self.paying.shop.clock.advance(days=days)
        self.paying.sandbox.set_clock(days * DAY)

    def reconcile(self) -> None:
        self.paying.shop.run(reconcile, Reconcile(self.account, Trigger.COMMAND))

    def raised(self) -> list[str]:
        return sorted(kind for kind, _ in self.paying.exceptions())


@pytest.fixture
def settled(paying: PayingShop) -> Settled:
    account = paying.shop.accounts["stripe"]
    for method, told in paying.sandbox.control("GET", "fees")["fees"].items():
        contract = FeeContract(method, "BRL", told["basis_points"], told["fixed"], date(2020, 1, 1))
        paying.shop.run(set_fee_contract, SetFeeContract(account, contract))
    return Settled(paying, account)


STORIES: dict[str, tuple[Callable[[Settled], Any], list[str]]] = {
    "nothing wrong": (lambda s: None, []),
    "a refund": (lambda s: s.give_back(1000), []),
    "a line that is missing": (lambda s: s.plant("missing_line", s.intent), ["missing_at_provider"]),
    "a line told twice": (lambda s: s.plant("repeated_line", s.intent), []),
    "a line under two names": (lambda s: s.plant("doubled_line", s.intent), ["duplicate_provider_line"]),
    "too much": (lambda s: s.plant("amount_over", s.intent), ["amount_over"]),
    "too little": (lambda s: s.plant("amount_under", s.intent), ["amount_under"]),
    "a fee that differs": (lambda s: s.plant("fee_differs", s.intent), ["fee_mismatch"]),
    "a charge past the shop": (lambda s: s.plant("unknown_charge", amount=7700), ["missing_internally"]),
    "another amount given back": (lambda s: s.plant("amount_over", s.give_back(1000)), ["refund_mismatch"]),
    "a category of next year": (
        lambda s: s.plant("unexpected_adjustment", amount=300), ["unexpected_adjustment"]
    ),
    "a reserve": (lambda s: s.plant("reserve_held", amount=300), []),
    "a payout too low": (lambda s: s.ahead("payout", "payout_short"), ["payout_short"]),
    "a payout too high": (lambda s: s.ahead("payout", "payout_over"), ["payout_over"]),
    "a payout that fails": (lambda s: s.ahead("payout", "payout_failed"), ["payout_failed"]),
    "a dispute": (lambda s: s.control(f"payments/{s.intent}/dispute"), ["dispute_opened"]),
    "pages out of order": (lambda s: s.ahead("balance_transactions.list", "shuffled_page"), []),
    "pages told again": (lambda s: s.ahead("balance_transactions.list", "repeated_page"), []),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_what_the_provider_gets_wrong_is_raised_once(settled: Settled, story: str) -> None:
    settled.sell()
    settled.sell()
    happen, wanted = STORIES[story]
    happen(settled)
    settled.days_pass(9)
    for _ in range(2):
        settled.reconcile()
        assert settled.raised() == wanted


@pytest.mark.parametrize(("deed", "kind"), [("win", "dispute_won"), ("lose", "dispute_lost")])
def test_a_dispute_is_followed_to_its_end(settled: Settled, deed: str, kind: str) -> None:
    dispute = settled.control(f"payments/{settled.sell()}/dispute")["id"]
    settled.days_pass(3)
    settled.reconcile()
    assert settled.raised() == ["dispute_opened"]
    settled.control(f"disputes/{dispute}/{deed}")
    settled.days_pass(9)
    settled.reconcile()
    assert kind in settled.raised()


def test_every_payout_is_explained_to_the_cent(settled: Settled) -> None:
    for _ in range(3):
        settled.sell()
    settled.give_back(1000)
    settled.plant("fee_differs", settled.intent)
    settled.ahead("payout", "payout_short")
    settled.days_pass(9)
    settled.reconcile()
    told = {row["reference"]: row["amount_minor"] for row in settled.paying.shop.sql("SELECT * FROM payouts")}
    books = settled.paying.books()
    assert told == {payout["id"]: payout["amount"] for payout in books["payouts"]}
    lines = settled.paying.shop.sql("SELECT external_id, net_minor FROM provider_lines")
    assert {row["external_id"]: row["net_minor"] for row in lines} == {
        line["id"]: line["net"] for line in books["balance_transactions"]
    }
    assert list(books["settlement"]["remainders"].values()) == [-100]
