"""What every settlement source must do, whatever it speaks to. A provider is proved by one line in a test:

class TestStripeSettlements(SettlementSourceContract, plugin="stripe"): ...

with a `stand`: its source, and what plays the payers, the banks and the days around it. Everything is judged by the
provider's own books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import pytest

from adapters.guard import TransactionOpen, transaction
from core.shared.money import Money
from ports.settlements import (
    DisputeStatus,
    LineCategory,
    PayoutSeen,
    PayoutStatus,
    SettlementLine,
    SettlementPage,
    SettlementSource,
)

T = TypeVar("T")
SOURCES: dict[str, list[type[SettlementSourceContract]]] = {}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LISTS = ("payouts", "payout", "lines", "payout_lines", "disputes")


@dataclass(frozen=True)
class Booked:
    """A line as the provider's books have it, minor units. `told` is how often it is told, 0 when never."""

    reference: str
    gross: int
    fee: int
    payout: str | None
    told: int


class SettlementStand(Protocol):
    """A source and the world around it, on a Monday morning. Amounts are minor units of BRL."""

    @property
    def source(self) -> SettlementSource: ...

    def sell(self, amount: int, method: str = "card") -> tuple[str, str]:
        """A payment of ours whose money came: the tender's reference, and the payment's id as the provider echoes."""
        ...

    def capture_part(self, amount: int, part: int) -> str:
        """A payment that was authorised and of which only a part was taken."""
        ...

    def give_back(self, tender: str, amount: int) -> tuple[str, str]:
        """A refund of ours: its reference, and the operation's id as the provider echoes it."""
        ...

    def refund_fails(self, refund: str) -> None: ...

    def dispute(self, tender: str, *, inquiry: bool = False) -> str: ...

    def decide(self, dispute: str, *, won: bool) -> None: ...

    def days_pass(self, days: int) -> None:
        """So many days after the Monday on which it began, at ten in the morning."""
        ...

    def payout_fails(self, payout: str) -> None: ...

    def plant(self, kind: str, target: str | None = None, amount: int | None = None) -> None:
        """A discrepancy: `missing_line`, `repeated_line`, `doubled_line`, `reserve_held`, `reserve_released` or
        `unexpected_adjustment`."""
        ...

    def disturb(self, operation: str, kind: str) -> None:
        """The next page of `lines` is `shuffled_page`, `repeated_page` or `skipping_page`; of any call ends as
        `timeout_before_effect`, `error_500_before_effect` or `error_429`."""
        ...

    def books(self) -> list[Booked]:
        """Every line, oldest first."""
        ...

    def payouts(self) -> dict[str, int]:
        """The amount of each payout."""
        ...


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def all_of(ask: Callable[[str | None], SettlementPage[T]], most: int = 50) -> list[T]:
    """Every item, page after page. Fails when a page can't be had or the pages have no end."""
    found: list[T] = []
    cursor: str | None = None
    for _ in range(most):
        page = ask(cursor)
        assert page.failed is None
        found += page.items
        cursor = page.next
        if cursor is None:
            return found
    raise AssertionError(f"more than {most} pages")


def lines(stand: SettlementStand, limit: int = 100) -> list[SettlementLine]:
    return all_of(lambda cursor: stand.source.lines(LONG_AGO, cursor, limit))


def payouts(stand: SettlementStand, limit: int = 100) -> list[PayoutSeen]:
    return all_of(lambda cursor: stand.source.payouts(LONG_AGO, cursor, limit))


def of(stand: SettlementStand, category: LineCategory) -> list[SettlementLine]:
    return [line for line in lines(stand) if line.category is category]


class SettlementSourceContract:
    def __init_subclass__(cls, plugin: str | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if plugin is not None:
            SOURCES.setdefault(plugin, []).append(cls)

    @pytest.fixture
    def stand(self) -> Iterator[SettlementStand]:
        """The source under test, in working order."""
        raise NotImplementedError

    # -- lines ---------------------------------------------------------------------------------------------

    def test_a_sale_names_its_tender_and_our_payment(self, stand: SettlementStand) -> None:
        tender, payment = stand.sell(12990)
        (line,) = lines(stand)
        (booked,) = stand.books()
        assert (line.category, line.external_id) == (LineCategory.CHARGE, booked.reference)
        assert (line.tender_reference, line.merchant_reference, line.method) == (tender, payment, "card")
        assert (line.gross, line.fee) == (brl(booked.gross), brl(booked.fee))
        assert line.fee.minor > 0
        assert line.payout_reference is None
        assert line.available_on > line.created_at.date()

    def test_every_line_adds_up_and_is_what_the_books_have(self, stand: SettlementStand) -> None:
        tender, _ = stand.sell(12990)
        stand.sell(5000, "pix")
        stand.capture_part(9000, 4000)
        refund, _ = stand.give_back(tender, 1000)
        stand.refund_fails(refund)
        stand.decide(stand.dispute(stand.sell(7000)[0]), won=True)
        stand.days_pass(7)
        told = {line.external_id: line for line in lines(stand)}
        assert {name: (line.gross, line.fee) for name, line in told.items()} == {
            each.reference: (brl(each.gross), brl(each.fee)) for each in stand.books()
        }
        assert all(line.net == line.gross - line.fee for line in told.values())

    def test_a_partial_capture_is_a_charge_and_its_reversal(self, stand: SettlementStand) -> None:
        tender = stand.capture_part(9000, 4000)
        told = lines(stand)
        assert {line.category for line in told} == {LineCategory.CHARGE, LineCategory.CAPTURE_REVERSAL}
        assert {line.tender_reference for line in told} == {tender}
        assert sum(line.gross.minor for line in told) == 4000

    def test_a_refund_names_our_operation_and_comes_back_when_it_fails(self, stand: SettlementStand) -> None:
        tender, _ = stand.sell(12990)
        refund, operation = stand.give_back(tender, 1000)
        stand.refund_fails(refund)
        (gone,), (back,) = of(stand, LineCategory.REFUND), of(stand, LineCategory.REFUND_FAILURE)
        assert (gone.net, back.net) == (brl(-1000), brl(1000))
        for line in (gone, back):
            assert (line.source_reference, line.tender_reference) == (refund, tender)
            assert line.merchant_reference == operation

    def test_what_is_reserved_and_what_is_not_known_is_said(self, stand: SettlementStand) -> None:
        for kind in ("reserve_held", "reserve_released", "unexpected_adjustment"):
            stand.plant(kind, amount=300)
        (held,), (released,) = of(stand, LineCategory.RESERVE), of(stand, LineCategory.RESERVE_RELEASE)
        assert (held.net, released.net) == (brl(-300), brl(300))
        (other,) = of(stand, LineCategory.OTHER)
        assert other.raw_category
        assert other.tender_reference is None

    def test_lines_are_told_from_a_day_on(self, stand: SettlementStand) -> None:
        stand.sell(1000)
        stand.days_pass(1)
        stand.sell(2000)
        newest = max(line.created_at for line in lines(stand))
        told = all_of(lambda cursor: stand.source.lines(newest, cursor, 10))
        assert [line.gross for line in told if line.category is LineCategory.CHARGE] == [brl(2000)]

    # -- pages ---------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("limit", [1, 2, 100, 1000])
    def test_pages_of_any_size_hold_the_same(self, stand: SettlementStand, limit: int) -> None:
        for amount in (1000, 2000, 3000):
            stand.sell(amount)
        assert sorted(line.external_id for line in lines(stand, limit)) == sorted(b.reference for b in stand.books())

    def test_what_is_told_twice_or_never_is_passed_on_as_it_is(self, stand: SettlementStand) -> None:
        for kind in ("repeated_line", "doubled_line", "missing_line"):
            stand.plant(kind, stand.sell(4000)[0])
        told = [line.external_id for line in lines(stand)]
        assert {b.reference: told.count(b.reference) for b in stand.books()} == {
            b.reference: b.told for b in stand.books()
        }
        assert sorted(b.told for b in stand.books()) == [0, 1, 1, 2]

    @pytest.mark.parametrize("kind", ["shuffled_page", "repeated_page", "skipping_page"])
    def test_pages_that_repeat_reorder_or_skip_are_passed_on_and_end(self, stand: SettlementStand, kind: str) -> None:
        for amount in (1000, 2000, 3000, 4000, 5000):
            stand.sell(amount)
        straight = [line.external_id for line in lines(stand, 3)]
        stand.disturb("lines", kind)
        told = [line.external_id for line in lines(stand, 3)]
        assert told != straight
        assert set(told) <= set(straight)
        assert [line.external_id for line in lines(stand, 3)] == straight

    # -- payouts -------------------------------------------------------------------------------------------

    def test_a_payout_is_announced_sent_and_paid(self, stand: SettlementStand) -> None:
        stand.sell(5000, "pix")
        assert payouts(stand) == []
        stand.days_pass(1)
        (sent,) = payouts(stand)
        assert sent.status in (PayoutStatus.ANNOUNCED, PayoutStatus.IN_TRANSIT)
        assert stand.payouts() == {sent.reference: sent.amount.minor}
        assert sent.arrival_on > sent.created_at.date()
        stand.days_pass(2)
        (paid,) = stand.source.payout(sent.reference).items
        assert (paid.status, paid.complete, paid.amount) == (PayoutStatus.PAID, True, sent.amount)
        assert paid.bank_reference

    def test_a_payout_s_lines_are_its_own_and_add_up(self, stand: SettlementStand) -> None:
        stand.sell(12990)
        stand.sell(5000, "pix")
        stand.days_pass(4)
        booked = {b.reference: b.payout for b in stand.books()}
        for payout in payouts(stand):
            carried = all_of(lambda cursor, of=payout.reference: stand.source.payout_lines(of, cursor, 1))  # type: ignore[misc]  # bound now
            assert {line.payout_reference for line in carried} == {payout.reference}
            assert {line.external_id for line in carried} == {n for n, p in booked.items() if p == payout.reference}
            (own,) = [line for line in carried if line.category is LineCategory.PAYOUT]
            assert (own.net, own.source_reference) == (-payout.amount, payout.reference)
            assert sum(line.net.minor for line in carried) == 0

    def test_a_failed_payout_says_so_and_its_money_is_back(self, stand: SettlementStand) -> None:
        stand.sell(5000, "pix")
        stand.days_pass(2)
        (paid,) = payouts(stand)
        stand.payout_fails(paid.reference)
        (failed,) = stand.source.payout(paid.reference).items
        assert failed.status is PayoutStatus.FAILED
        assert failed.failure_code
        (back,) = of(stand, LineCategory.PAYOUT_REVERSAL)
        assert (back.net, back.source_reference) == (paid.amount, paid.reference)

    # -- disputes ------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("won", [True, False])
    def test_a_dispute_is_opened_and_decided(self, stand: SettlementStand, won: bool) -> None:
        tender, _ = stand.sell(12990)
        reference = stand.dispute(tender)
        (seen,) = all_of(lambda cursor: stand.source.disputes(LONG_AGO, cursor, 10))
        assert (seen.reference, seen.tender_reference, seen.amount) == (reference, tender, brl(12990))
        assert (seen.status, seen.withdrawn) == (DisputeStatus.NEEDS_RESPONSE, True)
        assert seen.evidence_due_at is not None
        stand.decide(reference, won=won)
        (over,) = all_of(lambda cursor: stand.source.disputes(LONG_AGO, cursor, 10))
        assert over.status is (DisputeStatus.WON if won else DisputeStatus.LOST)
        (taken,) = of(stand, LineCategory.DISPUTE)
        assert (taken.gross, taken.tender_reference, taken.source_reference) == (brl(-12990), tender, reference)
        assert taken.fee.minor > 0
        assert [line.gross for line in of(stand, LineCategory.DISPUTE_REVERSAL)] == ([brl(12990)] if won else [])

    def test_an_inquiry_withdraws_nothing(self, stand: SettlementStand) -> None:
        stand.dispute(stand.sell(12990)[0], inquiry=True)
        (seen,) = all_of(lambda cursor: stand.source.disputes(LONG_AGO, cursor, 10))
        assert (seen.status, seen.withdrawn) == (DisputeStatus.NEEDS_RESPONSE, False)

    # -- honesty -------------------------------------------------------------------------------------------

    def asks(self, source: SettlementSource) -> dict[str, Callable[[], SettlementPage[Any]]]:
        return {
            "payouts": lambda: source.payouts(LONG_AGO, None, 10),
            "payout": lambda: source.payout("po_nobody"),
            "lines": lambda: source.lines(LONG_AGO, None, 10),
            "payout_lines": lambda: source.payout_lines("po_nobody", None, 10),
            "disputes": lambda: source.disputes(LONG_AGO, None, 10),
        }

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("kind", ["timeout_before_effect", "error_500_before_effect", "error_429"])
    def test_a_page_that_cannot_be_had_says_why(self, stand: SettlementStand, name: str, kind: str) -> None:
        stand.disturb(name, kind)
        page = self.asks(stand.source)[name]()
        assert (page.items, page.next) == ((), None)
        assert page.failed

    def test_a_payout_that_never_was_is_no_page(self, stand: SettlementStand) -> None:
        assert stand.source.payout("po_nobody").failed

    def test_nothing_is_asked_inside_a_transaction(self, stand: SettlementStand) -> None:
        with transaction():
            for ask in self.asks(stand.source).values():
                with pytest.raises(TransactionOpen):
                    ask()
