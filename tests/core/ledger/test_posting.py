"""Facts of providers, carriers and the bank as entries: each row of the posting table, and that items close."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.ledger import posting as p
from core.ledger.chart import AccountCode, ItemKind, OpenItem
from core.ledger.errors import Unbalanced
from core.ledger.model import AccountRef, Entry, EntryKind, Posting, Source, SourceType, booking_day
from core.shared.ids import DisputeId, OrderId, PaymentAccountId, PayoutId, ProviderLineId, ShipmentId
from core.shared.money import Money
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork
from tests.shop import Shop

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
ACCOUNT, ORDER = PaymentAccountId(UUID(int=1)), OrderId(UUID(int=2))
LINE, PAYOUT, DISPUTE = ProviderLineId(UUID(int=3)), PayoutId(UUID(int=4)), DisputeId(UUID(int=5))
SALE = OpenItem(ItemKind.PAYMENT, "p1")


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def lines(entry: Entry) -> list[tuple[str, int, str]]:
    return [(x.account.code.value, x.amount.minor, str(x.open_item or "")) for x in entry.postings]


D = f"dispute:{DISPUTE}"
ROWS: dict[str, tuple[Entry, list[tuple[str, int, str]]]] = {
    "fee": (p.fee(LINE, ACCOUNT, SALE, brl(399), AT), [("6100", 399, ""), ("1100", -399, "payment:p1")]),
    "fee given back": (p.fee(LINE, ACCOUNT, SALE, brl(-399), AT), [("6100", -399, ""), ("1100", 399, "payment:p1")]),
    "dispute opened": (p.dispute_opened(DISPUTE, ACCOUNT, brl(50), AT), [("1120", 50, D), ("1100", -50, D)]),
    "dispute lost": (p.dispute_lost(DISPUTE, brl(50), AT), [("6120", 50, ""), ("1120", -50, D)]),
    "dispute won": (p.dispute_won(DISPUTE, ACCOUNT, brl(50), AT), [("1100", 50, D), ("1120", -50, D)]),
    "dispute fee": (
        p.dispute_fee(LINE, ACCOUNT, OpenItem(ItemKind.DISPUTE, str(DISPUTE)), brl(15), AT),
        [("6110", 15, ""), ("1100", -15, D)],
    ),
    "reserve held": (p.reserve_held(LINE, ACCOUNT, brl(9), AT), [("1130", 9, ""), ("1100", -9, f"line:{LINE}")]),
    "reserve released": (
        p.reserve_released(LINE, ACCOUNT, brl(9), AT),
        [("1130", -9, ""), ("1100", 9, f"line:{LINE}")],
    ),
    "bank matched": (p.bank_matched("b1", PAYOUT, brl(8), AT), [("1000", 8, ""), ("1110", -8, f"payout:{PAYOUT}")]),
    "written off": (
        p.item_closed("x1", AccountRef(AccountCode.DIFFERENCES), p.clearing(ACCOUNT), SALE, brl(2), AT, "Rounding"),
        [("6200", 2, ""), ("1100", -2, "payment:p1")],
    ),
    "overpayment kept": (
        p.item_closed(
            "x1",
            AccountRef(AccountCode.DIFFERENCES),
            AccountRef(AccountCode.DEPOSITS),
            OpenItem(ItemKind.ORDER, str(ORDER)),
            brl(-2),
            AT,
            "Kept",
        ),
        [("6200", -2, ""), ("2100", 2, f"order:{ORDER}")],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_row_of_the_table(name: str) -> None:
    entry, expected = ROWS[name]
    assert lines(entry) == expected
    assert entry.fact_at == AT


def test_a_payout_closes_what_it_carries_and_opens_itself() -> None:
    carried = [
        p.Settled(SALE, brl(9601)),
        p.Settled(OpenItem(ItemKind.REFUND, "r1"), brl(-1000)),
        p.Settled(OpenItem(ItemKind.PAYMENT, "p2"), brl(0)),
    ]
    entry = p.payout_announced(PAYOUT, ACCOUNT, carried, AT)
    assert lines(entry) == [
        ("1110", 8601, f"payout:{PAYOUT}"),
        ("1100", -9601, "payment:p1"),
        ("1100", 1000, "refund:r1"),
    ]
    failed = p.payout_failed(entry, AT)
    assert (failed.reverses, failed.key) == (entry.key, f"payout_failed:{PAYOUT}")
    sums: Counter[tuple[str, str]] = Counter()
    for code, minor, item in lines(entry) + lines(failed):
        sums[code, item] += minor
    assert set(sums.values()) == {0}


def test_a_payout_of_nothing_still_closes_its_items() -> None:
    entry = p.payout_announced(
        PAYOUT, ACCOUNT, [p.Settled(SALE, brl(5)), p.Settled(OpenItem(ItemKind.REFUND, "r"), brl(-5))], AT
    )
    assert [line[0] for line in lines(entry)] == ["1100", "1100"]
    with pytest.raises(Unbalanced):
        p.payout_announced(PAYOUT, ACCOUNT, [], AT)


def test_postage_and_its_return() -> None:
    bought = p.label_purchased(ShipmentId(UUID(int=9)), ORDER, brl(1760), AT)
    assert lines(bought)[0] == ("5000", 1760, "")
    assert [line[1] for line in lines(p.label_voided(bought, AT))] == [-1760, 1760]


@pytest.mark.parametrize("amounts", [(), (1,), (1, -2), (0, 0), (2, -1, -2)])
def test_what_does_not_balance_is_no_entry(amounts: tuple[int, ...]) -> None:
    lines_ = tuple(Posting(AccountRef(AccountCode.BANK), brl(minor)) for minor in amounts)
    with pytest.raises(Unbalanced):
        Entry("k", EntryKind.FEE, AT, Source(SourceType.PROVIDER_LINE, "l"), lines_)


def test_currencies_balance_each_for_itself() -> None:
    mixed = (Posting(AccountRef(AccountCode.BANK), brl(1)), Posting(AccountRef(AccountCode.BANK), Money(-1, "USD")))
    with pytest.raises(Unbalanced):
        Entry("k", EntryKind.FEE, AT, Source(SourceType.PROVIDER_LINE, "l"), mixed)


@pytest.mark.parametrize(
    ("at", "closed", "day"),
    [
        (datetime(2026, 11, 20, 2, 59, tzinfo=UTC), None, date(2026, 11, 19)),
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), None, date(2026, 11, 20)),
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), date(2026, 11, 19), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), date(2026, 11, 20), date(2026, 11, 21)),
        (datetime(2026, 11, 1, 3, 0, tzinfo=UTC), date(2026, 11, 20), date(2026, 11, 21)),
    ],
)
def test_the_day_a_fact_is_booked_on(at: datetime, closed: date | None, day: date) -> None:
    assert booking_day(at, "America/Sao_Paulo", closed) == day


def fees(shop: Shop, first: int, count: int) -> list[Entry]:
    account = shop.accounts["manual"]
    return [
        p.fee(ProviderLineId(UUID(int=n)), account, OpenItem(ItemKind.PAYMENT, str(n)), brl(n), AT)
        for n in range(first, first + count)
    ]


def test_many_entries_take_as_many_statements_as_one(shop: Shop) -> None:
    """Posted by one call: 50 entries and one, and 50 that are there already."""

    @permission("ledger.fact.post")
    def post(cmd: list[Entry], /, *, uow: UnitOfWork) -> int:
        with uow() as tx:
            return len(tx.ledger.post_all(cmd))

    post.__module__ = "core.ledger.use_cases.test"
    spent: list[int] = []
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sa.event.listen(shop.wired.engines.app, "before_cursor_execute", note)
    for entries, fresh in (
        (fees(shop, 1, 1), 1),
        (fees(shop, 2, 1), 1),
        (fees(shop, 3, 50), 50),
        (fees(shop, 1, 50), 0),
    ):
        statements.clear()
        assert shop.run(post, entries) == fresh
        spent.append(len(statements))
    sa.event.remove(shop.wired.engines.app, "before_cursor_execute", note)
    assert spent[1] == spent[2]
    assert spent[3] < spent[2] <= 10
