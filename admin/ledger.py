"""The books: chart of accounts, an account's postings with its running balance, the journal and its entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from admin import ledger_export, ledger_words
from admin.access import requires
from admin.context import read, store
from admin.desk import now
from admin.ledger_search import AccountSearch
from admin.ledger_span import asked, today
from admin.waterfall import Leg
from core.ledger.chart import AccountClass, AccountCode, class_of
from core.ledger.queries import (
    GetAccount,
    GetEntry,
    ListAccounts,
    ListEntries,
    ListOpenItems,
    ListPostings,
    WatchDays,
    get_account,
    get_entry,
    list_accounts,
    list_entries,
    list_open_items,
    list_postings,
    watch_days,
)
from core.shared.ids import OrderId
from core.shared.money import Money
from ports.ledger_queries import AccountName, AccountSums, DaySums, PostingRow
from ports.paging import Page, PageRequest

ledger = Blueprint("ledger", __name__, url_prefix="/ledger")

_PAGE = 50


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A line of the chart; `sums` is None for an account that nothing was posted to yet."""

    code: AccountCode
    sums: AccountSums | None


@dataclass(frozen=True, slots=True)
class DayGroup:
    """The postings of one day on a page; `whole`: the day begins on this page, so its balance is the first row's."""

    sums: DaySums
    rows: list[PostingRow]
    whole: bool


@ledger.app_template_filter("entry_number")
def _entry_number(number: int) -> str:
    return ledger_words.entry_number(number)


@ledger.app_template_filter("account_name")
def _account_name(account: AccountName) -> str:
    return ledger_words.account_name(account)


@ledger.app_template_filter("open_count")
def _open_count(count: int) -> str:
    return ledger_words.open_count(count)


@ledger.get("/")
@requires("ledger.entry.read")
def index() -> str:
    """The chart of accounts with balances as of a day."""
    until = asked("until", today())
    rows = _chart(read(list_accounts, ListAccounts(until)))
    return render_template(
        "ledger/index.html",
        pending=_pending(),
        classes=ledger_words.by_class(rows, "code"),
        accounts=ledger_words.ACCOUNTS,
        meanings=ledger_words.MEANINGS,
        until=until,
        last=today(),
        currency=store().currency,
        tabs=_tabs("index"),
    )


@ledger.get("/accounts/<uuid:account_id>")
@requires("ledger.entry.read")
def account(account_id: UUID) -> str:
    """An account's postings, newest first, or what is open on it."""
    until = asked("until", today())
    since = min(asked("since", until.replace(day=1)), until)
    found = read(get_account, GetAccount(account_id, until, since))
    search = AccountSearch.from_request()
    view = "open" if request.args.get("view") == "open" and _has_items(found) else "postings"
    cursor = request.args.get("cursor") or None
    page: Page[PostingRow] | None = None
    items = None
    if view == "open":
        items = read(list_open_items, ListOpenItems(account_id, PageRequest(_PAGE, cursor)))
    else:
        page = read(list_postings, ListPostings(account_id, until, PageRequest(_PAGE, cursor), search.of(since)))
    following = (items.next if items else None) or (page.next if page else None)
    here: dict[str, Any] = {"account_id": account_id, "until": until, "since": since, **search.query}
    return render_template(
        "ledger/account.html",
        pending=_pending(),
        found=found,
        meaning=ledger_words.MEANINGS[found.account.code],
        legs=_legs(found),
        days=_days(page, first=cursor is None) if page else [],
        items=items,
        view=view,
        search=search,
        balances=search.kind is None and not search.document,
        has_items=_has_items(found),
        until=until,
        since=since,
        last=today(),
        kinds=ledger_words.KINDS,
        item_name=ledger_words.item_name,
        source_address=ledger_words.source_address,
        sources=ledger_words.SOURCES,
        older=url_for("ledger.account", **here, view=view, cursor=following) if following else None,
        newest=url_for("ledger.account", **here, view=view) if cursor else None,
        here=here,
    )


@ledger.get("/entries/<int:number>")
@requires("ledger.entry.read")
def entry(number: int) -> str:
    """One entry with its lines and where it comes from."""
    if number >= 2**63:
        abort(404)
    found = read(get_entry, GetEntry(number))
    return render_template(
        "ledger/entry.html",
        found=found,
        kinds=ledger_words.KINDS,
        sources=ledger_words.SOURCES,
        item_name=ledger_words.item_name,
        address=ledger_words.source_address(found.source, found.order_number),
        debit=Money.total(
            (line.amount for line in found.lines if line.amount.minor > 0), found.lines[0].amount.currency
        ),
    )


@ledger.get("/journal")
@requires("ledger.entry.read")
def journal() -> str:
    """Every entry, newest first; of one order with `order`."""
    order_id, cursor = _order(), request.args.get("cursor") or None
    page = read(list_entries, ListEntries(order_id, PageRequest(_PAGE, cursor)))
    return render_template(
        "ledger/journal.html",
        pending=_pending(),
        page=page,
        order_id=order_id,
        kinds=ledger_words.KINDS,
        tabs=_tabs("journal"),
        older=url_for("ledger.journal", order=order_id, cursor=page.next) if page.next else None,
        newest=url_for("ledger.journal", order=order_id) if cursor else None,
    )


@ledger.get("/chart.csv")
@requires("ledger.entry.read")
def chart_csv() -> Response:
    """The chart as of a day as a file."""
    until = asked("until", today())
    return ledger_export.answer(ledger_export.accounts(None, until), f"accounts-{until}")


@ledger.get("/accounts/<uuid:account_id>.csv")
@requires("ledger.entry.read")
def account_csv(account_id: UUID) -> Response:
    """An account's postings up to a day as a file, page by page."""
    until = asked("until", today())
    found = read(get_account, GetAccount(account_id, until))
    lines = ledger_export.postings(account_id, until)
    return ledger_export.answer(stream_with_context(lines), f"account-{found.account.code}-{until}")


@ledger.get("/entries/<int:number>.csv")
@requires("ledger.entry.read")
def entry_csv(number: int) -> Response:
    """One entry as a file."""
    if number >= 2**63:
        abort(404)
    return ledger_export.answer(ledger_export.entry(read(get_entry, GetEntry(number))), f"entry-{number}")


def _pending() -> int:
    """How many postings are under way or were given up."""
    return read(watch_days, WatchDays(now())).facts.pending


def _tabs(current: str) -> list[dict[str, object]]:
    views = (("index", _("Chart of accounts")), ("journal", _("Journal")))
    return [{"label": label, "href": url_for(f"ledger.{name}"), "current": name == current} for name, label in views]


def _chart(found: Sequence[AccountSums]) -> list[ChartRow]:
    """Every account of the chart, those that exist with their sums: clearing once for each payment account."""
    rows: list[ChartRow] = []
    for code in AccountCode:
        own = [ChartRow(code, row) for row in found if row.account.code is code]
        rows += own or [ChartRow(code, None)]
    return rows


def _has_items(found: AccountSums) -> bool:
    return class_of(found.account.code) in (AccountClass.ASSETS, AccountClass.LIABILITIES)


def _legs(found: AccountSums) -> list[Leg]:
    return [
        Leg(_("Balance before"), found.before, "base"),
        Leg(_("Debits"), found.debit),
        Leg(_("Credits"), -found.credit),
        Leg(_("Balance"), found.after, "sum"),
    ]


def _days(page: Page[PostingRow], *, first: bool) -> list[DayGroup]:
    groups = [list(rows) for _day, rows in groupby(page.rows, lambda row: row.booked_on)]
    return [DayGroup(rows[0].day, rows, first or index > 0) for index, rows in enumerate(groups)]


def _order() -> OrderId | None:
    try:
        told = request.args.get("order")
        return OrderId(UUID(told)) if told else None
    except ValueError:
        abort(404)
