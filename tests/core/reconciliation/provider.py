"""A provider's books, made by a seed, with discrepancies planted in them: what each is to be raised as is written down
beside it. Payments of ours are rows of the test's shop; the provider tells of them in pages that repeat and shuffle."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from core.shared.ids import PaymentAccountId
from core.shared.money import BASIS_POINTS, Money, round_half_even
from ports.settlements import (
    DisputeSeen,
    DisputeStatus,
    LineCategory,
    PayoutSeen,
    PayoutStatus,
    SettlementLine,
    SettlementPage,
)
from tests.shop import Shop

T = TypeVar("T")
Raised = tuple[str, str, int]  # kind, reference, minor units

# Basis points and minor units of each method.
CONTRACTS = {"card": (399, 39), "pix": (119, 0), "boleto": (0, 345)}


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def contract_fee(method: str, minor: int) -> int:
    basis_points, fixed = CONTRACTS[method]
    return round_half_even(minor * basis_points, BASIS_POINTS) + fixed


@dataclass
class Source:
    """A settlement source that tells what it holds in pages, in another order, with some told again, by `shuffled`."""

    payouts_: list[PayoutSeen] = field(default_factory=list)
    lines_: list[SettlementLine] = field(default_factory=list)
    disputes_: list[DisputeSeen] = field(default_factory=list)
    shuffled: int | None = None
    page_size: int = 7
    failing: str | None = None
    asked: int = 0

    def payouts(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[PayoutSeen]:
        return self._page([p for p in self.payouts_ if p.created_at >= since], cursor, "payouts")

    def payout(self, reference: str) -> SettlementPage[PayoutSeen]:
        return self._page([p for p in self.payouts_ if p.reference == reference], None, reference)

    def lines(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        told = [replace(line, payout_reference=None) for line in self.lines_ if line.created_at >= since]
        return self._page(told, cursor, "lines")

    def payout_lines(self, reference: str, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        return self._page([line for line in self.lines_ if line.payout_reference == reference], cursor, reference)

    def disputes(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[DisputeSeen]:
        return self._page([d for d in self.disputes_ if d.created_at >= since], cursor, "disputes")

    def _page(self, items: list[T], cursor: str | None, what: str) -> SettlementPage[T]:
        self.asked += 1
        if self.failing == what:
            return SettlementPage(failed="time-out", retry_after=7)
        at = int(cursor or 0)
        if self.shuffled is not None:
            random.Random(f"{self.shuffled} {what}").shuffle(items)
        page = items[at : at + self.page_size]
        if self.shuffled is not None and items:
            page = [*page, *random.Random(f"{self.shuffled} {what} {at}").choices(items, k=2)]  # told again
        after = at + self.page_size
        return SettlementPage(page, str(after) if after < len(items) else None)


@dataclass
class Sale:
    """A payment of ours, and the provider's line about it."""

    id: UUID
    method: str
    captured: int
    at: datetime
    line: SettlementLine | None
    refund: UUID | None = None
    refund_line: SettlementLine | None = None


class Books:
    """Payments in `shop` and what the provider has of them. `planted` is what is to be raised."""

    def __init__(self, shop: Shop, account: PaymentAccountId, seed: int, sales: int = 14) -> None:
        self.shop, self.account, self.chance = shop, account, random.Random(seed)
        self.prefix = f"s{seed}_{account.hex[-6:]}"
        self.count = 0
        self.lines: list[SettlementLine] = []
        self.disputes: list[DisputeSeen] = []
        self.planted: set[Raised] = set()
        self.start = shop.clock.now() - timedelta(days=6)  # older than any lag
        self.uncounted: set[str] = set()  # copies that the payout does not have
        self.sales = [self.sell() for _ in range(sales)]
        self.short: dict[int, int] = {}
        self.failed: set[int] = set()
        self.payouts: list[PayoutSeen] = []

    # -- what fits ---------------------------------------------------------------------------------------------

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.prefix}_{self.count:04}"

    def sell(self, *, state: str = "captured") -> Sale:
        """A payment with its line; one in five has a refund too, one in five was captured in part."""
        method = self.chance.choice(list(CONTRACTS))
        amount = self.chance.randrange(1_000, 90_000)
        at = self.start + timedelta(minutes=self.chance.randrange(1_000))
        tender, payment = self.name("pi"), self.shop.wired.ids.new()
        captured = amount if self.chance.random() > 0.2 else amount - self.chance.randrange(1, 500)
        self.put_payment(payment, method, amount, captured if state == "captured" else 0, state, tender, at)
        by_id = self.chance.random() < 0.2  # the provider names no tender, but echoes our id
        line = self.line(
            LineCategory.CHARGE, amount, contract_fee(method, captured), at, source=self.name("ch"),
            tender=None if by_id else tender, merchant=str(payment) if by_id else None, method=method,
        )  # fmt: skip
        if captured != amount:
            self.line(
                LineCategory.CAPTURE_REVERSAL, captured - amount, 0, at + timedelta(minutes=1),
                source=line.source_reference, tender=line.tender_reference, merchant=line.merchant_reference,
            )  # fmt: skip
        sale = Sale(payment, method, captured, at, line)
        if state == "captured" and self.chance.random() < 0.3:
            self.refund(sale)
        return sale

    def refund(self, sale: Sale) -> None:
        amount = max(1, sale.captured // 3)
        reference, at = self.name("re"), sale.at + timedelta(hours=2)
        sale.refund = self.put_operation(sale.id, "refund", amount, reference, at)
        self.shop.execute("UPDATE payments SET refunded_minor = :m, refunding_minor = :m WHERE id = :p",
                          m=amount, p=sale.id)  # fmt: skip
        sale.refund_line = self.line(LineCategory.REFUND, -amount, 0, at, source=reference)

    def line(
        self, category: LineCategory, gross: int, fee: int, at: datetime, *, source: str | None = None,
        tender: str | None = None, merchant: str | None = None, method: str | None = None, raw: str | None = None,
    ) -> SettlementLine:  # fmt: skip
        made = SettlementLine(
            self.name("txn"), category, raw or category.value, brl(gross), brl(fee), brl(gross - fee), at,
            date(2026, 11, 24), source, tender, merchant, None, method, "",
        )  # fmt: skip
        self.lines.append(made)
        return made

    def change(self, line: SettlementLine, gross: int = 0, fee: int = 0) -> SettlementLine:
        """`line` with other figures by so much."""
        changed = replace(
            line,
            gross=line.gross + brl(gross),
            fee=line.fee + brl(fee),
            net=line.net + brl(gross - fee),
        )
        self.lines[self.lines.index(line)] = changed
        return changed

    def put_payment(
        self, id_: UUID, method: str, amount: int, captured: int, state: str, tender: str, at: datetime
    ) -> None:
        self.shop.execute(
            "INSERT INTO payments (id, store_id, account_id, provider, method, cart_id, session_id, state, currency,"
            " amount_minor, authorised_minor, captured_minor, refunded_minor, refunding_minor, manual_capture,"
            " confirmed_by_hand, provider_reference, details, created_at, checks, version)"
            " VALUES (:id, :store, :account, 'stripe', :method, :id, :id, :state, 'BRL', :amount, 0, :captured, 0, 0,"
            " false, false, :tender, '{}', :at, 0, 1)",
            id=id_, store=self.shop.store_id, account=self.account, method=method, state=state, amount=amount,
            captured=captured, tender=tender, at=at,
        )  # fmt: skip
        if captured:
            self.put_operation(id_, "capture", captured, None, at)

    def put_operation(self, payment: UUID, kind: str, amount: int, reference: str | None, at: datetime) -> UUID:
        id_ = self.shop.wired.ids.new()
        self.shop.execute(
            "INSERT INTO payment_operations (id, store_id, payment_id, kind, state, amount_minor, currency, key,"
            " provider_reference, details, requested_at, finished_at) VALUES (:id, :store, :payment, :kind,"
            " 'succeeded', :amount, 'BRL', :key, :reference, '{}', :at, :at)",
            id=id_, store=self.shop.store_id, payment=payment, kind=kind, amount=amount, key=str(id_),
            reference=reference, at=at,
        )  # fmt: skip
        return id_

    # -- what does not -----------------------------------------------------------------------------------------

    def plant(self, kind: str, sale: Sale) -> None:
        """Plant a discrepancy of `kind`, on `sale` where it is about a payment."""
        getattr(self, f"_{kind}")(sale)

    def _d(self) -> int:
        return self.chance.randrange(5, 300)

    def _charge(self, sale: Sale) -> SettlementLine:
        assert sale.line is not None
        return sale.line

    def _missing_at_provider(self, sale: Sale) -> None:
        source = self._charge(sale).source_reference
        self.lines = [line for line in self.lines if line.source_reference != source]
        sale.line = None
        self.planted.add(("missing_at_provider", str(sale.id), sale.captured))

    def _missing_internally(self, sale: Sale) -> None:
        line = self.line(LineCategory.CHARGE, self.chance.randrange(1_000, 9_000), 40, sale.at,
                         source=self.name("ch"), tender=self.name("pi"), method="pix")  # fmt: skip
        self.planted.add(("missing_internally", str(line.source_reference), line.gross.minor))

    def _amount_over(self, sale: Sale) -> None:
        d = self._d()
        sale.line = self.change(self._charge(sale), gross=d)
        self.planted.add(("amount_over", str(sale.id), d))

    def _amount_under(self, sale: Sale) -> None:
        d = self._d()
        sale.line = self.change(self._charge(sale), gross=-d)
        self.planted.add(("amount_under", str(sale.id), d))

    def _fee_mismatch(self, sale: Sale) -> None:
        d = self._d()
        sale.line = self.change(self._charge(sale), fee=self.chance.choice([d, -d]))
        self.planted.add(("fee_mismatch", str(sale.id), d))

    def _duplicate_provider_line(self, sale: Sale) -> None:
        line = self._charge(sale)
        copy = replace(line, external_id=self.name("txnx"), created_at=line.created_at + timedelta(seconds=1))
        self.lines.append(copy)
        if self.chance.random() < 0.5:
            self.uncounted.add(copy.external_id)
        self.planted.add(("duplicate_provider_line", copy.external_id, abs(copy.net.minor)))

    def _duplicate_charge(self, sale: Sale) -> None:
        line = self.line(LineCategory.CHARGE, sale.captured, contract_fee(sale.method, sale.captured),
                         sale.at + timedelta(minutes=3), source=self.name("ch"), tender=self.name("pi"),
                         merchant=str(sale.id), method=sale.method)  # fmt: skip
        self.planted.add(("duplicate_charge", str(line.source_reference), line.gross.minor))

    def _late_payment(self, sale: Sale) -> None:
        late = self.sell(state=self.chance.choice(["expired", "voided"]))
        gross = sum(li.gross.minor for li in self.lines if li.source_reference == self._charge(late).source_reference)
        self.planted.add(("late_payment", str(late.id), gross))

    def _refund_mismatch(self, sale: Sale) -> None:
        if sale.refund is None:
            self.refund(sale)
        assert sale.refund_line is not None
        d = self._d()
        sale.refund_line = self.change(sale.refund_line, gross=-d)
        self.planted.add(("refund_mismatch", str(sale.refund), d))

    def _refund_failed(self, sale: Sale) -> None:
        if sale.refund is None:
            self.refund(sale)
        assert sale.refund_line is not None
        amount = -sale.refund_line.gross.minor
        self.line(LineCategory.REFUND_FAILURE, amount, 0, sale.at + timedelta(hours=9),
                  source=sale.refund_line.source_reference)  # fmt: skip
        self.planted.add(("refund_failed", str(sale.refund), amount))

    def _dispute(self, sale: Sale, status: DisputeStatus, kind: str) -> None:
        reference, at = self.name("dp"), sale.at + timedelta(hours=4)
        tender = self.shop.sql("SELECT provider_reference AS r FROM payments WHERE id = :p", p=sale.id)[0]["r"]
        amount = brl(sale.captured)
        self.disputes.append(DisputeSeen(reference, tender, amount, status, "fraudulent", at, withdrawn=True))
        self.line(LineCategory.DISPUTE, -sale.captured, 5500, at, source=reference, tender=tender)
        if status is DisputeStatus.WON:
            self.line(LineCategory.DISPUTE_REVERSAL, sale.captured, 0, at + timedelta(hours=5), source=reference)
        self.planted.add((kind, reference, sale.captured))

    def _dispute_opened(self, sale: Sale) -> None:
        self._dispute(sale, DisputeStatus.NEEDS_RESPONSE, "dispute_opened")

    def _dispute_won(self, sale: Sale) -> None:
        self._dispute(sale, DisputeStatus.WON, "dispute_won")

    def _dispute_lost(self, sale: Sale) -> None:
        self._dispute(sale, DisputeStatus.LOST, "dispute_lost")

    def _unexpected_adjustment(self, sale: Sale) -> None:
        line = self.line(LineCategory.OTHER, -self._d(), 0, sale.at, raw="climate_contribution")
        self.planted.add(("unexpected_adjustment", line.external_id, -line.net.minor))

    def _payout_short(self, sale: Sale) -> None:
        self.short[self.chance.randrange(2)] = -self._d()

    def _payout_over(self, sale: Sale) -> None:
        self.short[self.chance.randrange(2)] = self._d()

    def _payout_failed(self, sale: Sale) -> None:
        self.failed.add(self.chance.randrange(2))

    # -- payouts -----------------------------------------------------------------------------------------------

    def source(self, *, shuffled: int | None = None) -> Source:
        """What the provider tells: two payouts carry two thirds of the lines, the rest waits."""
        if self.chance.random() < 0.5:
            self.line(LineCategory.RESERVE, -500, 0, self.start)
        if self.chance.random() < 0.5:
            self.line(LineCategory.FEE, -99, 0, self.start)
        self.payouts = [self._payout(day) for day in range(2)]
        return self.told_again(shuffled)

    def told_again(self, shuffled: int | None) -> Source:
        """The same in pages of another order."""
        return Source(list(self.payouts), list(self.lines), list(self.disputes), shuffled)

    def _payout(self, day: int) -> PayoutSeen:
        reference, at = self.name("po"), self.start + timedelta(days=1 + day)
        net = 0
        for index, line in enumerate(self.lines):
            if line.payout_reference is None and index % 3 != 2 and index % 2 == day:
                self.lines[index] = replace(line, payout_reference=reference)
                net += 0 if line.external_id in self.uncounted else line.net.minor
        amount = net + self.short.get(day, 0)
        if day in self.short:
            kind = "payout_short" if self.short[day] < 0 else "payout_over"
            self.planted.add((kind, reference, abs(self.short[day])))
        failed = day in self.failed
        if failed:
            self.planted.add(("payout_failed", reference, abs(amount)))
        status = PayoutStatus.FAILED if failed else PayoutStatus.PAID
        return PayoutSeen(reference, brl(amount), status, date(2026, 11, 24), at, "7741", None, complete=True)


PLANTS: tuple[str, ...] = tuple(
    name.removeprefix("_")
    for name in (
        "missing_at_provider", "missing_internally", "amount_over", "amount_under", "fee_mismatch",
        "duplicate_provider_line", "duplicate_charge", "late_payment", "refund_mismatch", "refund_failed",
        "dispute_opened", "dispute_won", "dispute_lost", "unexpected_adjustment", "payout_short", "payout_over",
        "payout_failed",
    )
)  # fmt: skip

# On one payment together.
PAIRS: tuple[tuple[str, str], ...] = (
    ("amount_over", "fee_mismatch"), ("amount_under", "refund_failed"), ("fee_mismatch", "duplicate_provider_line"),
    ("amount_over", "duplicate_charge"), ("refund_mismatch", "dispute_opened"), ("fee_mismatch", "dispute_lost"),
    ("amount_under", "dispute_won"), ("refund_failed", "refund_mismatch"), ("duplicate_charge", "fee_mismatch"),
    ("missing_at_provider", "refund_mismatch"), ("amount_over", "duplicate_provider_line"),
)  # fmt: skip


@dataclass
class Fake:
    """The application's gateways, but for what one account settles."""

    real: Any
    source: Source

    def settlements(self, account: Any) -> Source:
        return self.source

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def tell(shop: Shop, source: Source) -> None:
    """From now on the shop's provider settles what `source` tells."""
    plain = shop.wired.app._plain
    real = plain["gateways"]
    plain["gateways"] = Fake(real.real if isinstance(real, Fake) else real, source)


def raised(shop: Shop) -> set[Raised]:
    """What is open, by the reference that names it: ours for what is about a payment of ours and its line."""
    rows = shop.sql(
        "SELECT kind, left_reference, right_reference, amount_minor FROM reconciliation_exceptions WHERE state = 'open'"
    )
    return {(row["kind"], _reference(row), row["amount_minor"]) for row in rows}


_BY_LEFT = frozenset({
    "missing_at_provider", "amount_over", "amount_under", "fee_mismatch", "late_payment", "refund_mismatch",
    "refund_failed",
})  # fmt: skip


def _reference(row: dict[str, Any]) -> str:
    return str(row["left_reference"] if row["kind"] in _BY_LEFT else row["right_reference"])
