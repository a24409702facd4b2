"""How a payout is explained on its page: from sales to what was paid out, row by row, with bars and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask_babel import gettext as _

from admin import order_words, settlement_words
from admin.waterfall import Bar, Leg, bars
from core.reconciliation.kinds import ExceptionKind
from core.shared.ids import ExceptionId
from core.shared.money import Money
from ports.payouts import PartKind, PayoutDetail, PayoutLine, PayoutPart, PostedLine


@dataclass(frozen=True, slots=True)
class Reason:
    """An exception that explains a difference, in a word."""

    id: ExceptionId
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row from sales to payout; `sum` rows stand on the rows above them."""

    label: str
    lines: int | None
    bar: Bar
    theirs: Money
    ours: Money
    reasons: Sequence[Reason]
    sum: bool = False

    @property
    def difference(self) -> Money:
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry about the payout with its lines."""

    number: int
    lines: Sequence[PostedLine]


def rows(detail: PayoutDetail, lines: Sequence[PayoutLine]) -> list[Row]:
    """Sales with their sum, everything taken or given since, and what was paid out.

    :param lines: lines to be decided: their exceptions are named by what does not fit
    """
    kinds = {line.exception_id: line.exception_kind for line in lines if line.exception_id and line.exception_kind}
    drafts = list(_drafts(detail, kinds))
    drawn = bars([Leg(label, theirs, "sum" if sum_ else "step") for label, _n, theirs, _o, _r, sum_ in drafts])
    return [
        Row(label, count, bar, theirs, ours, reasons, sum_)
        for (label, count, theirs, ours, reasons, sum_), bar in zip(drafts, drawn, strict=True)
    ]


_Draft = tuple[str, int | None, Money, Money, Sequence[Reason], bool]


def _drafts(detail: PayoutDetail, kinds: Mapping[ExceptionId, ExceptionKind]) -> Iterator[_Draft]:
    sales = [part for part in detail.parts if part.kind is PartKind.SALES]
    others = [part for part in detail.parts if part.kind is not PartKind.SALES and _says_something(part)]
    for part in sales:
        yield _draft(part, kinds)
    currency = detail.row.amount.currency
    if len(sales) > 1:
        yield _sum(_("Gross"), sales, currency)
    for part in others:
        yield _draft(part, kinds)
    yield _sum(_("Net, paid out"), detail.parts, currency, detail.row.lines)


def _says_something(part: PayoutPart) -> bool:
    return bool(part.lines or part.theirs or part.ours or part.kind is PartKind.REMAINDER)


def _draft(part: PayoutPart, kinds: Mapping[ExceptionId, ExceptionKind]) -> _Draft:
    reasons = [Reason(id_, _word(part, kinds.get(id_))) for id_ in part.exceptions]
    return settlement_words.part_name(part), part.lines or None, part.theirs, part.ours, reasons, False


def _word(part: PayoutPart, kind: ExceptionKind | None) -> str:
    if kind is None and part.kind is PartKind.REMAINDER:
        kind = ExceptionKind.PAYOUT_SHORT if part.difference.minor < 0 else ExceptionKind.PAYOUT_OVER
    return str(order_words.EXCEPTIONS[kind]) if kind else str(_("Exception"))


def _sum(label: str, parts: Sequence[PayoutPart], currency: str, lines: int | None = None) -> _Draft:
    theirs = Money.total((part.theirs for part in parts), currency)
    ours = Money.total((part.ours for part in parts), currency)
    return label, lines or sum(part.lines for part in parts), theirs, ours, (), True


def posted(entries: Sequence[PostedLine]) -> list[Posted]:
    """The entries with their lines, in the order they come."""

    def entry(line: PostedLine) -> tuple[int, UUID]:
        return line.number, line.entry_id

    return [Posted(number, list(lines)) for (number, _id), lines in groupby(entries, entry)]
