"""The same over the wire: what is planted in the sandbox's books, which are the oracle, is what is raised."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import stripe

from core.ledger.use_cases.backfill import Backfill, backfill
from core.reconciliation.queries import ListPayouts, list_payouts
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import PaymentAccountId
from ports.settlement_books import FeeContract
from tests.core.reconciliation.provider import Raised
from tests.paying import PayingShop
from tests.sandbox.money import Week, plant
from tests.sandbox.test_cards import pay

SEEDS = range(20)
ON_A_SALE = ("missing_line", "doubled_line", "repeated_line", "amount_over", "amount_under", "fee_differs")
ALONE = ("unknown_charge", "unexpected_adjustment", "reserve_held")
ON_THE_PAYOUT = ("payout_short", "payout_over", "payout_failed")
ON_A_PAYMENT = ("dispute", "dispute_won", "dispute_lost", "refund_other_amount", "refund_fails")
PAIRS = (("amount_over", "fee_differs"), ("fee_differs", "doubled_line"), ("amount_under", "dispute"),
         ("fee_differs", "refund_other_amount"))  # fmt: skip


def plants(seed: int) -> list[tuple[str, ...]]:
    """Every kind comes up over the seeds, alone and in pairs; nothing in the first."""
    chance = random.Random(seed)
    kinds = (*ON_A_SALE, *ALONE, *ON_A_PAYMENT)
    alone = [(kinds[(seed * 3 + step) % len(kinds)],) for step in range(3)] if seed else []
    payout = [(ON_THE_PAYOUT[seed % 3],)] if seed % 2 else []
    return [*alone, *payout, *([chance.choice(PAIRS)] if seed % 4 == 1 else [])]


@dataclass
class Rehearsal:
    """Payments of the shop that the sandbox holds the money of, sold on a Monday."""

    paying: PayingShop
    api: stripe.StripeClient
    account: PaymentAccountId
    week: Week
    planted: set[Raised] = field(default_factory=set)
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def go(self, day: int, hour: int = 10) -> None:
        """To an hour of a day of the week: both clocks."""
        self.at = datetime.fromtimestamp(self.week.at(day, hour), UTC)
        self.paying.shop.clock.at = self.at

    def sell(self, kinds: tuple[str, ...]) -> None:
        """A card payment, and what is planted on it."""
        shop, payment = self.paying.shop, self.paying.shop.wired.ids.new()
        intent = pay(self.api, metadata={"payment_id": str(payment)})
        self._keep(payment, intent)
        refunds = [kind for kind in kinds if kind.startswith("refund_")]
        refund = self._refund(payment, intent) if refunds or shop.wired.ids.new().int % 3 == 0 else None
        for kind in kinds:
            self._plant(kind, payment, intent, refund)

    def _keep(self, payment: UUID, intent: Any) -> None:
        shop = self.paying.shop
        shop.execute(
            "INSERT INTO payments (id, store_id, account_id, provider, method, cart_id, session_id, state, currency,"
            " amount_minor, authorised_minor, captured_minor, refunded_minor, refunding_minor, manual_capture,"
            " confirmed_by_hand, provider_reference, details, created_at, checks, version)"
            " VALUES (:id, :store, :account, 'stripe', 'card', :id, :id, 'captured', 'BRL', :amount, 0, :amount, 0, 0,"
            " false, false, :tender, '{}', :at, 0, 1)",
            id=payment, store=shop.store_id, account=self.account, amount=intent.amount, tender=intent.id, at=self.at,
        )  # fmt: skip
        self._operation(payment, "capture", intent.amount, None)

    def _operation(self, payment: UUID, kind: str, amount: int, reference: str | None) -> UUID:
        shop = self.paying.shop
        id_ = shop.wired.ids.new()
        shop.execute(
            "INSERT INTO payment_operations (id, store_id, payment_id, kind, state, amount_minor, currency, key,"
            " provider_reference, details, requested_at, finished_at) VALUES (:id, :store, :payment, :kind,"
            " 'succeeded', :amount, 'BRL', :key, :reference, '{}', :at, :at)",
            id=id_, store=shop.store_id, payment=payment, kind=kind, amount=amount, key=str(id_),
            reference=reference, at=self.at,
        )  # fmt: skip
        return id_

    def _refund(self, payment: UUID, intent: Any) -> tuple[UUID, str]:
        refund = self.api.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
        operation = self._operation(payment, "refund", 1000, refund.id)
        self.paying.shop.execute(
            "UPDATE payments SET refunded_minor = 1000, refunding_minor = 1000 WHERE id = :p", p=payment
        )
        return operation, str(refund.id)

    def _plant(self, kind: str, payment: UUID, intent: Any, refund: tuple[UUID, str] | None) -> None:
        sandbox, name = self.paying.sandbox, self.paying.account
        charge = str(intent.latest_charge)
        if kind in ON_A_SALE:
            plant(sandbox, name, kind, charge)
            self.planted |= {
                "missing_line": {("missing_at_provider", str(payment), intent.amount)},
                "doubled_line": {("duplicate_provider_line", charge, 0)},
                "repeated_line": set(),
                "amount_over": {("amount_over", str(payment), 100)},
                "amount_under": {("amount_under", str(payment), 100)},
                "fee_differs": {("fee_mismatch", str(payment), 100)},
            }[kind]
        elif kind == "refund_other_amount" and refund is not None:
            plant(sandbox, name, "amount_over", refund[1], amount=250)
            self.planted.add(("refund_mismatch", str(refund[0]), 250))
        elif kind == "refund_fails" and refund is not None:
            sandbox.fail_refund(refund[1])
            self.planted.add(("refund_failed", str(refund[0]), 1000))
        else:
            self._dispute(kind, intent)

    def _dispute(self, kind: str, intent: Any) -> None:
        sandbox = self.paying.sandbox
        found = sandbox.control("POST", f"payments/{intent.id}/dispute", {"reason": "fraudulent"})
        dispute = found["id"]
        if kind != "dispute":
            sandbox.control("POST", f"disputes/{dispute}/{'win' if kind == 'dispute_won' else 'lose'}")
        self.planted.add((kind if kind != "dispute" else "dispute_opened", dispute, found["amount"]))

    def apart(self, kind: str) -> None:
        """What is about no payment of ours."""
        sandbox, name = self.paying.sandbox, self.paying.account
        if kind in ON_THE_PAYOUT:
            sandbox.plant("payout", kind, account=name)
            return
        found = plant(sandbox, name, kind, amount=3300)
        if kind == "unknown_charge":
            self.planted.add(("missing_internally", found, 3300))
        elif kind == "unexpected_adjustment":
            self.planted.add((kind, found, 3300))

    def expected(self) -> set[Raised]:
        """What was planted, with what the oracle says of payouts."""
        books = self.paying.books()
        of_payouts: set[Raised] = {
            ("payout_short" if minor < 0 else "payout_over", payout, abs(minor))
            for payout, minor in books["settlement"]["remainders"].items()
        }
        of_payouts |= {("payout_failed", p["id"], p["amount"]) for p in books["payouts"] if p["status"] == "failed"}
        return self.planted | of_payouts

    def raised(self) -> set[Raised]:
        """What is open; a line told twice by the charge that it is about."""
        rows = self.paying.shop.sql(
            "SELECT e.kind, e.left_reference, e.right_reference, e.amount_minor, l.source_reference"
            " FROM reconciliation_exceptions e LEFT JOIN provider_lines l ON l.external_id = e.right_reference"
            " WHERE e.state = 'open'"
        )
        found: set[Raised] = set()
        for row in rows:
            if row["kind"] == "duplicate_provider_line":
                found.add((row["kind"], row["source_reference"], 0))
                continue
            apart = row["kind"].startswith(("payout", "dispute", "unexpected", "missing_internally"))
            found.add((row["kind"], row["right_reference" if apart else "left_reference"], row["amount_minor"]))
        return found


@pytest.fixture
def rehearsal(paying: PayingShop) -> Rehearsal:
    account = paying.shop.accounts["stripe"]
    paying.shop.run(
        set_fee_contract,
        SetFeeContract(account, FeeContract("card", "BRL", 399, 39, datetime(2026, 1, 1, tzinfo=UTC).date())),
    )
    api = stripe.StripeClient(
        f"sk_test_{paying.account}", base_addresses={"api": paying.sandbox.url}, max_network_retries=0
    )
    made = Rehearsal(paying, api, account, Week(paying.sandbox))
    made.go(0)
    return made


def settle(rehearsal: Rehearsal) -> dict[str, int]:
    return dict(rehearsal.paying.shop.run(reconcile, Reconcile(rehearsal.account, Trigger.COMMAND)).counts)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_in_the_sandbox_is_raised(rehearsal: Rehearsal, seed: int) -> None:
    for kinds in [(), (), *(group for group in plants(seed))]:
        if kinds and kinds[0] in (*ALONE, *ON_THE_PAYOUT):
            rehearsal.apart(kinds[0])
        else:
            rehearsal.sell(kinds)
    shop = rehearsal.paying.shop
    shop.run(backfill, Backfill(None))
    rehearsal.go(7)
    if seed % 2:
        for what in ("balance_transactions", "payouts", "disputes"):
            for fault in ("shuffled_page", "repeated_page"):
                rehearsal.paying.sandbox.plant(f"{what}.list", fault, account=rehearsal.paying.account)
    settle(rehearsal)
    assert rehearsal.raised() == rehearsal.expected()
    remainders = rehearsal.paying.books()["settlement"]["remainders"]
    rows = shop.read(list_payouts, ListPayouts()).rows
    assert {row.reference: row.remainder.minor for row in rows if row.remainder} == remainders
    again = settle(rehearsal)
    assert [key for key in again if key.split(":")[0] in ("raised", "restated", "closed", "matched")] == []
    assert (again["lines_new"], again["posted"]) == (0, 0)


def test_every_kind_comes_up() -> None:
    seen = [kind for seed in SEEDS for group in plants(seed) for kind in group]
    for kind in (*ON_A_SALE, *ALONE, *ON_A_PAYMENT, *ON_THE_PAYOUT):
        assert seen.count(kind) >= 3, kind


def test_where_nothing_is_planted_clearing_is_what_is_not_paid_out(rehearsal: Rehearsal) -> None:
    for _ in range(4):
        rehearsal.sell(())
    shop = rehearsal.paying.shop
    shop.run(backfill, Backfill(None))
    rehearsal.go(7)
    settle(rehearsal)
    assert rehearsal.raised() == set()
    open_ = shop.sql("SELECT open_item, amount_minor FROM ledger_open_items i JOIN ledger_accounts a"
                     " ON a.id = i.account_id WHERE a.code = '1100' AND amount_minor <> 0")  # fmt: skip
    balance = rehearsal.paying.books()["settlement"]["balance"]
    assert sum(row["amount_minor"] for row in open_) == balance == 0
    assert shop.sql("SELECT 1 FROM payouts WHERE announced_posted") != []
