"""Payouts: the list, one explained to the cent, its lines side by side, its report on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from admin import ledger_words, order_words, payout_explanation, payout_export, settlement_words
from admin.access import allows, requires
from admin.context import read
from admin.desk import now
from admin.ledger_export import answer
from admin.settlement_span import Span, asked_span, choices
from core.ledger.queries import WatchDays, watch_days
from core.reconciliation.queries import (
    GetPayout,
    ListPayoutLines,
    ListPayouts,
    get_payout,
    list_payout_lines,
    list_payouts,
)
from core.shared.ids import PaymentAccountId, PayoutId
from ports.paging import MAX_LIMIT, Page, PageRequest
from ports.payouts import LineFilter, PayoutDetail, PayoutLine

payouts = Blueprint("payouts", __name__, url_prefix="/payouts")

_PAGE = 50
_ON_PAPER = 1000  # lines of a report; what is more is in the file


@payouts.app_template_filter("provider_name")
def _provider_name(name: str) -> str:
    return settlement_words.provider_name(name)


@payouts.get("/")
@requires("reconciliation.payout.read")
def index() -> str:
    """Payouts by the day they arrive, newest first."""
    span, account, cursor = asked_span(), _account(), request.args.get("cursor") or None
    page = read(list_payouts, _filter(span, account, PageRequest(_PAGE, cursor)))
    here: dict[str, Any] = {**span.query, "account": account}
    return render_template(
        "payouts/index.html",
        page=page,
        span=span,
        spans=choices(span),
        account=account,
        pending=_pending(),
        here=here,
        older=url_for("payouts.index", **here, cursor=page.next) if page.next else None,
        newest=url_for("payouts.index", **here) if cursor else None,
    )


@payouts.get("/payouts.csv")
@requires("reconciliation.payout.read")
def index_csv() -> Response:
    """The same list as a file."""
    span = asked_span()
    lines = payout_export.payouts(_filter(span, _account(), PageRequest()))
    return answer(stream_with_context(lines), "-".join(("payouts", *span.query.values())))


@payouts.get("/<uuid:payout_id>")
@requires("reconciliation.payout.read")
def show(payout_id: UUID) -> str:
    """One payout: what should have come, what the provider lists and paid, row by row and line by line."""
    id_, which, cursor = PayoutId(payout_id), _which(), request.args.get("cursor") or None
    detail = read(get_payout, GetPayout(id_))
    page = read(list_payout_lines, ListPayoutLines(id_, which, PageRequest(_PAGE, cursor)))
    return render_template(
        "payouts/show.html",
        **_explained(detail),
        page=page,
        which=which,
        pending=_pending(),
        older=_lines_at(payout_id, which, page.next) if page.next else None,
        newest=_lines_at(payout_id, which) if cursor else None,
    )


@payouts.get("/<uuid:payout_id>.csv")
@requires("reconciliation.payout.read")
def show_csv(payout_id: UUID) -> Response:
    """Every line of the payout as a file."""
    detail = read(get_payout, GetPayout(PayoutId(payout_id)))
    lines = payout_export.lines(ListPayoutLines(PayoutId(payout_id), _which()))
    return answer(stream_with_context(lines), f"payout-{detail.row.arrival_on}")


@payouts.get("/<uuid:payout_id>/report")
@requires("reconciliation.payout.read")
def report(payout_id: UUID) -> str:
    """The payout on paper: how it adds up, what is open, its lines."""
    detail = read(get_payout, GetPayout(PayoutId(payout_id)))
    lines = _lines_on_paper(PayoutId(payout_id))
    return render_template(
        "payouts/report.html",
        **_explained(detail),
        lines=lines,
        at=now(),
        left_out=max(detail.row.lines - len(lines), 0),
    )


def _explained(detail: PayoutDetail) -> dict[str, Any]:
    explained_by = any(part.exceptions for part in detail.parts)
    return {
        "detail": detail,
        "row": detail.row,
        "rows": payout_explanation.rows(detail, _undecided(detail.row.id) if explained_by else ()),
        "posted": payout_explanation.posted(detail.entries),
        "ours_net": payout_export.ours_net,
        "ours_name": settlement_words.ours_name,
        "line_name": settlement_words.line_name,
        "pass_name": settlement_words.pass_name,
        "short": settlement_words.short,
        "accounts": ledger_words.ACCOUNTS,
        "exception_words": order_words.EXCEPTIONS,
    }


def _undecided(id_: PayoutId) -> Sequence[PayoutLine]:
    return read(list_payout_lines, ListPayoutLines(id_, LineFilter.UNDECIDED, PageRequest(MAX_LIMIT))).rows


def _lines_on_paper(id_: PayoutId) -> list[PayoutLine]:
    found: list[PayoutLine] = []
    page: Page[PayoutLine] | None = None
    while len(found) < _ON_PAPER and (page is None or page.next):
        cursor = page.next if page else None
        page = read(list_payout_lines, ListPayoutLines(id_, LineFilter.ALL, PageRequest(MAX_LIMIT, cursor)))
        found += page.rows
    return found


def _lines_at(payout_id: UUID, which: LineFilter, cursor: str | None = None) -> str:
    return url_for("payouts.show", payout_id=payout_id, which=which, cursor=cursor, _anchor="lines")


def _which() -> LineFilter:
    return next((which for which in LineFilter if which == request.args.get("which")), LineFilter.ALL)


def _account() -> PaymentAccountId | None:
    try:
        told = request.args.get("account")
        return PaymentAccountId(UUID(told)) if told else None
    except ValueError:
        return None


def _filter(span: Span, account: PaymentAccountId | None, page: PageRequest) -> ListPayouts:
    return ListPayouts(account, page, span.since, span.before)


def _pending() -> int:
    """How many postings are under way or were given up: our side of a payout is without them."""
    return read(watch_days, WatchDays(now())).facts.pending if allows(watch_days) else 0
