"""Comparisons of our money with providers': begun by hand, rehearsed, and what each found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug import Response as AnyResponse

from admin import order_words, settlement_words
from admin.access import allows, requires
from admin.context import read, run
from admin.desk import now, zone
from admin.ledger_export import answer
from admin.payout_export import streamed
from admin.settlement_span import Span, asked_span, choices
from admin.status import status
from core.reconciliation.kinds import ExceptionKind
from core.reconciliation.queries import ListRuns, ListSettlementAccounts, list_runs, list_settlement_accounts
from core.reconciliation.rules import MatchPass, RunState, Trigger
from core.reconciliation.use_cases.request_reconciliation import RequestReconciliation, request_reconciliation
from core.shared.ids import PaymentAccountId
from ports.paging import PageRequest
from ports.payouts import RunRow

runs = Blueprint("runs", __name__, url_prefix="/reconciliation")

_PAGE = 50
_AWAITED = timedelta(minutes=2)  # how long a run that was asked for is waited for on the page


@dataclass(frozen=True, slots=True)
class Found:
    """What a run did, as pairs of a word and a count: lines, matches by pass, exceptions by kind."""

    lines: int
    new: int
    matched: Sequence[tuple[str, int]]
    raised: Sequence[tuple[str, int]]
    restated: int
    closed: int
    posted: int


@runs.get("/")
@requires("reconciliation.payout.read")
def index() -> str:
    """What was compared, newest first, and the accounts that can be compared now."""
    span, cursor = asked_span(), request.args.get("cursor") or None
    page = read(list_runs, _filter(span, PageRequest(_PAGE, cursor)))
    here: dict[str, Any] = {**span.query}
    return render_template(
        "runs/index.html",
        page=page,
        found={row.id: found_by(row) for row in page.rows},
        triggers=settlement_words.TRIGGERS,
        accounts=read(list_settlement_accounts, ListSettlementAccounts()) if allows(request_reconciliation) else (),
        span=span,
        spans=choices(span),
        awaited=_awaited(page.rows),
        asked=request.args.get("asked"),
        older=url_for("runs.index", **here, cursor=page.next) if page.next else None,
        newest=url_for("runs.index", **here) if cursor else None,
    )


@runs.get("/runs.csv")
@requires("reconciliation.payout.read")
def index_csv() -> Response:
    """The same list as a file."""
    span = asked_span()
    heads = (_("Account"), _("Started"), _("Finished"), _("Status"), _("Why"), _("Dry run"), _("Rules"),
             pgettext("settlement", "Lines"), _("New lines"), _("Matched"), _("Raised"), _("Closed"), _("Posted"),
             _("Failure"))  # fmt: skip
    lines = streamed(heads, lambda page: read(list_runs, _filter(span, page)), _cells)
    return answer(stream_with_context(lines), "-".join(("comparisons", *span.query.values())))


@runs.post("/")
@requires("reconciliation.run.start")
def start() -> AnyResponse:
    """Ask for an account to be compared, or for what a comparison would do."""
    try:
        account = PaymentAccountId(UUID(request.form.get("account", "")))
    except ValueError:
        abort(404)
    dry = request.form.get("dry_run") == "yes"
    run(request_reconciliation, RequestReconciliation(account, dry_run=dry))
    flash(_("Asked for: it stands here as soon as it begins."), "info")
    return redirect(url_for("runs.index", asked=now().isoformat()), 303)


def found_by(row: RunRow) -> Found:
    """What a run's counts say, in words."""
    counts = row.counts

    def by(prefix: str) -> list[tuple[str, int]]:
        return [(name.removeprefix(prefix), n) for name, n in counts.items() if name.startswith(prefix) and n]

    return Found(
        counts.get("lines_told", 0),
        counts.get("lines_new", 0),
        [(settlement_words.pass_name(word), n) for word, n in sorted(by("matched:"), key=_pass_order)],
        [(_kind(word), n) for word, n in sorted(by("raised:"), key=lambda pair: -pair[1])],
        sum(n for _word, n in by("restated:")),
        sum(n for _word, n in by("closed:")),
        counts.get("posted", 0),
    )


def _pass_order(pair: tuple[str, int]) -> int:
    passes = [str(name) for name in MatchPass]
    return passes.index(pair[0]) if pair[0] in passes else len(passes)


def _kind(word: str) -> str:
    kind = next((kind for kind in ExceptionKind if kind == word), None)
    return word if kind is None else str(order_words.EXCEPTIONS[kind])


def _cells(row: RunRow) -> Sequence[str]:
    found = found_by(row)
    return (
        row.account_name,
        _time(row.started_at),
        "" if row.finished_at is None else _time(row.finished_at),
        str(status("run", row.state).word),
        str(settlement_words.TRIGGERS[Trigger(row.trigger)]),
        _("yes") if row.dry_run else _("no"),
        str(row.rule_version),
        str(found.lines),
        str(found.new),
        str(sum(n for _word, n in found.matched)),
        str(sum(n for _word, n in found.raised)),
        str(found.closed),
        str(found.posted),
        row.failure or "",
    )


def _time(at: datetime) -> str:
    return at.astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S")


def _awaited(rows: Sequence[RunRow]) -> bool:
    """Whether the page looks again by itself: a run is under way, or one that was asked for has not begun."""
    if any(row.state in (RunState.PULLING, RunState.MATCHED) for row in rows):
        return True
    try:
        asked = datetime.fromisoformat(request.args.get("asked", ""))
    except ValueError:
        return False
    if asked.tzinfo is None or not timedelta() <= now() - asked < _AWAITED:
        return False
    return not any(row.started_at >= asked for row in rows)


def _filter(span: Span, page: PageRequest) -> ListRuns:
    since, before = span.moments()
    return ListRuns(page, since, before)
