"""The books as CSV: chart and trial balance, an account's postings, an entry; amounts with a point, debit positive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from admin.context import read
from admin.desk import zone
from admin.ledger_words import KINDS, account_name, entry_number, open_count
from admin.order_export import BYTE_ORDER_MARK, line, plain
from admin.order_words import order_number
from core.ledger.queries import ListAccounts, ListPostings, list_accounts, list_postings
from ports.ledger_queries import AccountSums, EntryDetail, PostingRow
from ports.paging import MAX_LIMIT, Page, PageRequest


def answer(lines: Iterable[str], name: str) -> Response:
    """The file as an answer to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(lines, mimetype="text/csv", headers=headers)


def accounts(since: date | None, until: date) -> list[str]:
    """Every account over a span of days: the chart, or the trial balance."""
    heads = (_("Account"), _("Name"), _("Currency"), _("Balance before"), _("Debit"), _("Credit"), _("Balance"),
             _("Open items"))  # fmt: skip
    rows = read(list_accounts, ListAccounts(until, since))
    return [BYTE_ORDER_MARK + line(heads), *(line(_account(row)) for row in rows)]


def _account(row: AccountSums) -> Sequence[str]:
    figures = (row.before, row.debit, row.credit, row.after)
    return (
        row.account.code.value,
        account_name(row.account),
        row.account.currency,
        *(plain(figure) for figure in figures),
        open_count(row.open_items),
    )


def postings(account_id: UUID, until: date) -> Iterator[str]:
    """An account's postings, newest first. The first page is read at once, so that a refusal is an answer."""
    return _postings(account_id, until, _page(account_id, until, None))


def _page(account_id: UUID, until: date, cursor: str | None) -> Page[PostingRow]:
    return read(list_postings, ListPostings(account_id, until, PageRequest(MAX_LIMIT, cursor)))


def _postings(account_id: UUID, until: date, page: Page[PostingRow]) -> Iterator[str]:
    heads = (_("Day"), _("Time"), _("Entry"), _("What"), _("Note"), _("Order"), _("Open item"), _("Currency"),
             _("Amount"), _("Balance"))  # fmt: skip
    yield BYTE_ORDER_MARK + line(heads)
    while True:
        for row in page.rows:
            yield line(_posting(row))
        if page.next is None:
            return
        page = _page(account_id, until, page.next)


def _posting(row: PostingRow) -> Sequence[str]:
    return (
        row.booked_on.isoformat(),
        row.fact_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S"),
        entry_number(row.number),
        str(KINDS[row.kind]),
        row.memo,
        order_number(row.order_number) if row.order_number else "",
        str(row.open_item or ""),
        row.amount.currency,
        plain(row.amount),
        plain(row.balance) if row.balance is not None else "",
    )


def entry(found: EntryDetail) -> list[str]:
    """One entry, a line a posting."""
    heads = (_("Entry"), _("Day"), _("What"), _("Account"), _("Name"), _("Open item"), _("Currency"), _("Amount"))
    head = (entry_number(found.number), found.booked_on.isoformat(), str(KINDS[found.kind]))
    rows = (
        (
            *head,
            each.account.code.value,
            account_name(each.account),
            str(each.open_item or ""),
            each.amount.currency,
            plain(each.amount),
        )
        for each in found.lines
    )
    return [BYTE_ORDER_MARK + line(heads), *(line(row) for row in rows)]
