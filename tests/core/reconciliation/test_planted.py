"""What is planted in a provider's books is what is raised, to the cent, whatever the order of the pages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from core.ledger.use_cases.backfill import Backfill, backfill
from core.reconciliation.queries import (
    GetPayout,
    ListPayoutLines,
    ListPayouts,
    get_payout,
    list_payout_lines,
    list_payouts,
)
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, RunOutcome, reconcile
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import PaymentAccountId
from ports.paging import PageRequest
from ports.payouts import PartKind
from ports.settlement_books import FeeContract
from tests.core.reconciliation.provider import CONTRACTS, PAIRS, PLANTS, Books, raised, tell
from tests.shop import Shop

SEEDS = range(20)


@pytest.fixture
def account(shop: Shop) -> PaymentAccountId:
    return priced(shop)


def priced(shop: Shop) -> PaymentAccountId:
    """An account whose contract is written down."""
    account = shop.add_stripe("sk_test_settles")
    for method, (basis_points, fixed) in CONTRACTS.items():
        contract = FeeContract(method, "BRL", basis_points, fixed, date(2026, 1, 1))
        shop.run(set_fee_contract, SetFeeContract(account, contract))
    shop.execute("UPDATE payment_accounts SET created_at = created_at - interval '9 days' WHERE id = :a", a=account)
    return account


def plants(seed: int) -> list[tuple[str, ...]]:
    """What is planted for a seed: 0 to 12 discrepancies, alone and in pairs on one payment; every kind comes up at
    least three times over the seeds."""
    chance = random.Random(seed)
    if seed == 0:
        return []
    kinds = [PLANTS[(seed * 5 + step) % len(PLANTS)] for step in range(5)]
    return [*((kind,) for kind in kinds), *chance.sample(PAIRS, k=chance.randrange(4))]


def test_every_kind_comes_up_three_times() -> None:
    counted = Counter(kind for seed in SEEDS for group in plants(seed) for kind in group)
    assert min(counted[kind] for kind in PLANTS) >= 3
    assert max(len([kind for group in plants(seed) for kind in group]) for seed in SEEDS) <= 12


def books_of(shop: Shop, account: PaymentAccountId, seed: int) -> Books:
    books = Books(shop, account, seed)
    free: Iterator[int] = iter(range(len(books.sales)))
    for group in plants(seed):
        sale = books.sales[next(free)]
        for kind in group:
            books.plant(kind, sale)
    return books


def settle(shop: Shop, account: PaymentAccountId) -> dict[str, int]:
    return dict(shop.run(reconcile, Reconcile(account, Trigger.COMMAND)).counts)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_is_raised(shop: Shop, account: PaymentAccountId, seed: int) -> None:
    books = books_of(shop, account, seed)
    tell(shop, books.source(shuffled=seed if seed % 2 else None))
    first = settle(shop, account)
    assert raised(shop) == books.planted
    assert first["lines_new"] == len(books.lines)
    check_payouts(shop, books)
    everything = state(shop)
    again = settle(shop, account)
    assert {
        key: n for key, n in again.items() if key.split(":")[0] in ("raised", "restated", "closed", "matched")
    } == {}
    assert (again["lines_new"], again["posted"]) == (0, 0)
    assert state(shop) == everything


def check_payouts(shop: Shop, books: Books) -> None:
    """Each is explained to the cent, and the remainder is what was planted."""
    planted = {
        reference: -minor if kind == "payout_short" else minor
        for kind, reference, minor in books.planted
        if kind in ("payout_short", "payout_over")
    }
    rows = shop.read(list_payouts, ListPayouts()).rows
    assert {row.reference: row.remainder.minor for row in rows} == {
        payout.reference: planted.get(payout.reference, 0) for payout in books.payouts
    }
    for row in rows:
        detail = shop.read(get_payout, GetPayout(row.id))
        assert detail.row == row
        assert sum(part.theirs.minor for part in detail.parts) == row.amount.minor
        lines = shop.read(list_payout_lines, ListPayoutLines(row.id, page=PageRequest(100))).rows
        assert len(lines) == row.lines == sum(line.payout_reference == row.reference for line in books.lines)
        if not books.planted:
            assert (detail.expected, detail.undecided, row.net) == (row.amount, 0, row.amount)
        assert [part.kind for part in detail.parts if part.difference and not part.exceptions] in (
            [], [PartKind.REMAINDER],
        )  # fmt: skip


def state(shop: Shop) -> list[list[dict[str, object]]]:
    return [
        shop.sql("SELECT * FROM reconciliation_exceptions ORDER BY id"),
        shop.sql("SELECT * FROM match_groups ORDER BY id"),
        shop.sql("SELECT external_id, match_id, match_pass, payout_reference FROM provider_lines ORDER BY external_id"),
        shop.sql("SELECT key FROM journal_entries ORDER BY key"),
    ]


def test_where_nothing_is_planted_each_item_of_clearing_that_was_paid_out_is_zero(
    shop: Shop, account: PaymentAccountId
) -> None:
    books = Books(shop, account, 77, sales=30)
    tell(shop, books.source())
    shop.run(backfill, Backfill(None))
    settle(shop, account)
    assert raised(shop) == set()
    open_ = shop.sql(
        "SELECT i.open_item, i.amount_minor FROM ledger_open_items i JOIN ledger_accounts a ON a.id = i.account_id"
        " WHERE a.code = '1100' AND i.amount_minor <> 0"
    )
    waiting = shop.sql("SELECT coalesce(sum(net_minor), 0)::bigint AS net FROM provider_lines"
                       " WHERE payout_reference IS NULL")[0]["net"]  # fmt: skip
    assert sum(row["amount_minor"] for row in open_) == waiting
    paid = shop.sql("SELECT sum(amount_minor)::bigint AS s FROM payouts")[0]["s"]
    in_transit = shop.sql(
        "SELECT sum(p.amount_minor)::bigint AS s FROM postings p JOIN ledger_accounts a ON a.id = p.account_id"
        " WHERE a.code = '1110'"
    )[0]["s"]
    assert in_transit == paid


def test_shuffled_pages_give_the_same_result(shop: Shop, account: PaymentAccountId) -> None:
    books = books_of(shop, account, 13)
    found: list[RunOutcome] = []
    for shuffled in (None, 2, 3):
        told = books.source(shuffled=shuffled) if not found else books.told_again(shuffled)
        told.page_size = 5 if shuffled is None else 3 * shuffled
        tell(shop, told)
        found.append(shop.run(reconcile, Reconcile(account, Trigger.COMMAND, dry_run=True)))
        assert shop.sql("SELECT (SELECT count(*) FROM provider_lines) + (SELECT count(*) FROM payouts)"
                        " + (SELECT count(*) FROM reconciliation_exceptions) + (SELECT count(*) FROM disputes)"
                        " + (SELECT count(*) FROM match_groups) AS n") == [{"n": 0}]  # fmt: skip
    assert len({str(sorted((k, n) for k, n in run.counts.items() if k != "lines_told")) for run in found}) == 1
    settle(shop, account)
    assert raised(shop) == books.planted
    assert [run["dry_run"] for run in shop.sql("SELECT dry_run FROM reconciliation_runs ORDER BY started_at, id")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_money_older_than_the_accounts_row_is_read(shop: Shop, account: PaymentAccountId) -> None:
    shop.execute("UPDATE payment_accounts SET created_at = :now WHERE id = :a", now=shop.clock.now(), a=account)
    books = Books(shop, account, 41)
    tell(shop, books.source())
    assert settle(shop, account)["lines_new"] == len(books.lines)
    assert raised(shop) == set()
