"""Payouts as CSV: the list, and the lines of one, side by side; amounts with a point, streamed page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import pgettext

from admin.context import read
from admin.desk import zone
from admin.order_export import BYTE_ORDER_MARK, line, plain
from admin.order_words import EXCEPTIONS, method, order_number
from admin.settlement_words import line_name, pass_name
from admin.status import status
from core.reconciliation.queries import ListPayoutLines, ListPayouts, list_payout_lines, list_payouts
from core.shared.money import Money
from ports.paging import MAX_LIMIT, Page, PageRequest
from ports.payouts import PayoutLine, PayoutRow

T = TypeVar("T")


def streamed(
    heads: Sequence[str], ask: Callable[[PageRequest], Page[T]], cells: Callable[[T], Sequence[str]]
) -> Iterator[str]:
    """A file of all pages that `ask` gives. The first is read at once, so that a refusal is an answer of its own."""
    return _lines(heads, ask, cells, ask(PageRequest(MAX_LIMIT)))


def _lines(
    heads: Sequence[str], ask: Callable[[PageRequest], Page[T]], cells: Callable[[T], Sequence[str]], page: Page[T]
) -> Iterator[str]:
    yield BYTE_ORDER_MARK + line(heads)
    while True:
        yield from (line(cells(row)) for row in page.rows)
        if page.next is None:
            return
        page = ask(PageRequest(MAX_LIMIT, page.next))


def whole(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A file of what is at hand."""
    return [BYTE_ORDER_MARK + line(heads), *(line(row) for row in rows)]


def payouts(filter_: ListPayouts) -> Iterator[str]:
    """The payouts of a list, newest arrival first."""
    heads = (
        _("Payout"), _("Account"), _("Status"), _("Arrives"), _("Currency"), pgettext("settlement", "Lines"),
        _("Gross"), _("Fees"), _("Refunds"), _("Disputes"), _("Other"), _("Net of the lines"), _("Paid out"),
        _("Remainder"), _("To decide"), _("Bank reference"),
    )  # fmt: skip
    return streamed(heads, lambda page: read(list_payouts, replace(filter_, page=page)), _payout)


def _payout(row: PayoutRow) -> Sequence[str]:
    figures = (row.gross, row.fees, row.refunds, row.disputes, row.other, row.net, row.amount, row.remainder)
    return (
        row.reference,
        row.account_name,
        str(status("payout", row.status).word),
        row.arrival_on.isoformat(),
        row.amount.currency,
        str(row.lines),
        *(plain(figure) for figure in figures),
        str(row.open_exceptions),
        row.bank_reference or "",
    )


def lines(filter_: ListPayoutLines) -> Iterator[str]:
    """The lines of one payout beside what our books have."""
    heads = (
        _("Line"), _("What"), _("Time"), _("Reference"), _("Paid with"), _("Currency"), _("Gross"), _("Fee"), _("Net"),
        _("Order"), _("Our gross"), _("Our fee"), _("Our net"), _("Difference"), _("Matched by"), _("Rules"),
        _("Exception"),
    )  # fmt: skip
    return streamed(heads, lambda page: read(list_payout_lines, replace(filter_, page=page)), _line)


def _line(row: PayoutLine) -> Sequence[str]:
    ours = ours_net(row)
    return (
        row.external_id,
        line_name(row),
        row.created_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S"),
        row.source_reference or "",
        method(row.method) if row.method else "",
        row.net.currency,
        *(plain(figure) for figure in (row.gross, row.fee, row.net)),
        order_number(row.order_number) if row.order_number else "",
        *("" if figure is None else plain(figure) for figure in (row.ours_gross, row.ours_fee, ours)),
        plain(row.net if ours is None else row.net - ours),
        pass_name(row.match_pass) if row.match_pass else "",
        str(row.rule_version or ""),
        str(EXCEPTIONS[row.exception_kind]) if row.exception_kind else "",
    )


def ours_net(row: PayoutLine) -> Money | None:
    """What our books have for the line, after fees; None where they have nothing."""
    return None if row.ours_gross is None else row.ours_gross + (row.ours_fee or Money.zero(row.net.currency))
