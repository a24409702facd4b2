"""The workbench: the list by value at risk, and one exception opened beside it with everything that decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from admin import exception_words, filters, order_words, settlement_words
from admin.access import allows
from admin.context import person, read
from admin.exception_facts import facts
from admin.forms.exceptions import AnswerForm, DecideForm, ReopenForm
from admin.ledger_words import ACCOUNTS
from admin.settlement_span import asked_span, choices
from core.identity.queries import ListColleagues, list_colleagues
from core.ledger.chart import AccountCode
from core.reconciliation.actions import ALLOWED_ACCOUNTS, Proposal, ProposedPosting
from core.reconciliation.approvals import ApprovalState, Decision
from core.reconciliation.candidates import Candidate
from core.reconciliation.kinds import ExceptionKind
from core.reconciliation.model import ExceptionState
from core.reconciliation.queries import (
    GetBench,
    GetException,
    ListExceptions,
    get_bench,
    get_exception_detail,
    list_candidates,
    list_exceptions,
    list_proposals,
)
from core.shared.ids import ExceptionId
from core.shared.money import Money
from ports.identity import Colleague
from ports.paging import Page, PageRequest
from ports.reconciliation import ApprovalRow, BenchSummary, ExceptionDetail, ExceptionRow

_PAGE = 50
_CANDIDATES = 5
TABS = ("open", "mine", "to_approve", "resolved")
_NEEDS = {
    Decision.RESOLVE: "reconciliation.exception.resolve",
    Decision.WRITE_OFF: "reconciliation.exception.write_off",
    Decision.REFUND: "payments.payment.refund",
}


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of the opened exception; those that were sent with something wrong in them are shown again."""

    decide: DecideForm | None = None
    reopen: ReopenForm | None = None


def tab() -> str:
    """The view that the address asks for."""
    asked = request.args.get("state", "")
    return asked if asked in TABS else "open"


def wanted(page: PageRequest | None = None, name: str | None = None) -> ListExceptions:
    """The exceptions that the address asks for."""
    name = name or tab()
    since, before = asked_span().moments()
    return ListExceptions(
        ExceptionState.RESOLVED if name == "resolved" else ExceptionState.OPEN,
        page or PageRequest(),
        owner=person().staff_id if name == "mine" else None,
        to_approve=name == "to_approve",
        kinds=_kinds(),
        since=since,
        before=before,
    )


def bench(chosen: ExceptionId | None, forms: Forms | None = None) -> str:
    """The page: the list, and `chosen`, or the first of the list where there is room for it."""
    detail = read(get_exception_detail, GetException(chosen)) if chosen else None
    name = tab()
    if detail is not None and "state" not in request.args and detail.row.state is ExceptionState.RESOLVED:
        name = "resolved"
    page = read(list_exceptions, wanted(PageRequest(_PAGE, request.args.get("cursor") or None), name))
    if detail is None and page.rows:
        detail = read(get_exception_detail, GetException(page.rows[0].id))
    summary = read(get_bench, GetBench(person().staff_id))
    return render_template(
        "exceptions/index.html",
        **_list(name, page, summary),
        asked=chosen is not None,
        colleagues=_colleagues(),
        **(_opened(detail, summary, forms or Forms()) if detail else {"opened": None}),
    )


def _list(name: str, page: Page[ExceptionRow], summary: BenchSummary) -> dict[str, Any]:
    span, kinds = asked_span(), sorted(_kinds())
    here: dict[str, Any] = {"state": name, "kind": kinds, **span.query}
    counts = {"open": summary.open, "mine": summary.mine, "to_approve": summary.to_approve}
    words = {"open": _("Open"), "mine": _("Mine"), "to_approve": _("To approve"), "resolved": _("Explained")}
    totals = _totals(summary)
    return {
        "tabs": [
            {"label": words[each], "href": url_for("exceptions.index", state=each), "current": each == name,
             "count": counts.get(each) or None}
            for each in TABS
        ],
        "page": page,
        "state": name,
        "here": here,
        "span": span,
        "spans": choices(span),
        "kinds": order_words.EXCEPTIONS,
        "chosen_kinds": kinds,
        "older": url_for("exceptions.index", **here, cursor=page.next) if page.next else None,
        "newest": url_for("exceptions.index", **here) if request.args.get("cursor") else None,
        "summary": summary,
        "most": max((slice_.amount.minor for slice_ in summary.at_risk), default=0),
        "risk": ", ".join(filters.money(total) for total in totals),
        "age": exception_words.age,
        "about": exception_words.about,
        "age_of": _age_of,
    }  # fmt: skip


def _opened(detail: ExceptionDetail, summary: BenchSummary, forms: Forms) -> dict[str, Any]:
    row = detail.row
    proposals = _proposals(row)
    agreed = _approval(detail, ApprovalState.APPROVED)
    wish = _wish() or (agreed.decision if agreed else Decision.RESOLVE)
    form = forms.decide or DecideForm(formdata=None, do=wish.value, version=str(row.version))
    chosen = next((each for each in proposals if each.decision == form.do.data), next(iter(proposals), None))
    form.offer_accounts(chosen.account if chosen else None)
    account = _account(form) if chosen and chosen.account else None
    return {
        "opened": row,
        "detail": detail,
        "title": exception_words.title(row),
        "told": exception_words.told(row),
        "facts": facts(detail),
        "candidates": _candidates(row),
        "reasons": settlement_words.REASONS,
        "proposals": proposals,
        "decisions": exception_words.DECISIONS,
        "chosen": chosen,
        "entry": _entry(chosen, account),
        "effects": _effects(row, chosen, account, summary) if chosen else [],
        "pending": _approval(detail, ApprovalState.ASKED),
        "agreed": agreed,
        "history": exception_words.history(detail.history),
        "severities": exception_words.SEVERITIES,
        "accounts": ACCOUNTS,
        "explanation": order_words.explanation(row.resolution or ""),
        "form": form,
        "answer": AnswerForm(formdata=None),
        "reopen": forms.reopen or ReopenForm(formdata=None),
        "me": person().staff_id,
    }


def _proposals(row: ExceptionRow) -> Sequence[Proposal]:
    if row.state is not ExceptionState.OPEN or not allows(_NEEDS[Decision.RESOLVE]):
        return ()
    return [each for each in read(list_proposals, GetException(row.id)) if allows(_NEEDS[each.decision])]


def _account(form: DecideForm) -> AccountCode | None:
    """The account that was chosen, None while it is none that differences go to."""
    return next((code for code in ALLOWED_ACCOUNTS if code == form.account.data), None)


def _candidates(row: ExceptionRow) -> Sequence[Candidate]:
    """The best few that anything speaks for."""
    if row.kind is not ExceptionKind.MISSING_INTERNALLY or row.state is not ExceptionState.OPEN:
        return ()
    return [each for each in read(list_candidates, GetException(row.id)) if each.score][:_CANDIDATES]


def _wish() -> Decision | None:
    return next((each for each in Decision if each == request.args.get("do")), None)


def _entry(chosen: Proposal | None, account: AccountCode | None) -> list[tuple[AccountCode, Money]]:
    """The lines that the decision posts, on the account that was chosen for the difference."""
    if chosen is None:
        return []

    def code(posting: ProposedPosting) -> AccountCode:
        usual = posting.account.code
        return account if account is not None and usual is chosen.account else usual

    return [(code(posting), posting.amount) for posting in chosen.postings]


def _effects(row: ExceptionRow, chosen: Proposal, account: AccountCode | None, summary: BenchSummary) -> list[str]:
    total = next((each for each in _totals(summary) if each.currency == row.amount.currency), row.amount)
    code = account or chosen.account
    words = f"{code.value} {ACCOUNTS[code]}" if code else ""
    return exception_words.will_happen(row, chosen.decision, words, filters.money(total - row.amount))


def _approval(detail: ExceptionDetail, state: ApprovalState) -> ApprovalRow | None:
    return next((each for each in detail.approvals if each.state is state), None)


def _colleagues() -> Sequence[Colleague]:
    if not allows("reconciliation.exception.assign"):
        return ()
    return read(list_colleagues, ListColleagues("reconciliation.exception.resolve"))


def _totals(summary: BenchSummary) -> list[Money]:
    currencies = sorted({slice_.amount.currency for slice_ in summary.at_risk})
    return [
        Money.total((slice_.amount for slice_ in summary.at_risk if slice_.amount.currency == currency), currency)
        for currency in currencies
    ]


def _age_of(days_from: int, days_to: int | None) -> str:
    if days_to is None:
        return str(_("%(days)s days and more", days=days_from))
    if days_from == 0:
        return str(_("Up to 1 day"))
    return str(_("%(first)s to %(last)s days", first=days_from, last=days_to - 1))


def _kinds() -> frozenset[ExceptionKind]:
    asked = request.args.getlist("kind")
    return frozenset(kind for kind in ExceptionKind if kind in asked)
