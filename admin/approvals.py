"""Approvals: decisions about money that take two people, those that wait and those that were decided."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from admin import order_words
from admin.access import requires
from admin.context import person, read
from admin.desk import zone
from admin.exception_words import DECISIONS
from admin.ledger_export import answer
from admin.ledger_span import today
from admin.ledger_words import ACCOUNTS
from admin.order_export import plain
from admin.payout_export import streamed
from admin.status import status
from core.reconciliation.queries import ListApprovals, list_approvals
from ports.paging import PageRequest
from ports.reconciliation import ApprovalEntry

approvals = Blueprint("approvals", __name__, url_prefix="/approvals")

_PAGE = 50


@approvals.get("/")
@requires("reconciliation.exception.read")
def index() -> str:
    """What waits for somebody to agree, or what was decided; newest first."""
    waiting, cursor = _waiting(), request.args.get("cursor") or None
    page = read(list_approvals, ListApprovals(waiting, PageRequest(_PAGE, cursor)))
    view = None if waiting else "decided"
    return render_template(
        "approvals/index.html",
        page=page,
        waiting=waiting,
        view=view,
        kinds=order_words.EXCEPTIONS,
        decisions=DECISIONS,
        accounts=ACCOUNTS,
        me=person().staff_id,
        older=url_for("approvals.index", view=view, cursor=page.next) if page.next else None,
        newest=url_for("approvals.index", view=view) if cursor else None,
    )


@approvals.get("/approvals.csv")
@requires("reconciliation.exception.read")
def index_csv() -> Response:
    """The same list as a file."""
    heads = (_("What"), _("Decision"), _("Status"), _("Amount"), _("Currency"), _("Order"), _("To account"),
             _("Reason"), _("Note"), _("Asked by"), _("Asked"), _("Decided by"), _("Decided"), _("Answer"))  # fmt: skip
    waiting = _waiting()
    lines = streamed(heads, lambda page: read(list_approvals, ListApprovals(waiting, page)), _cells)
    return answer(stream_with_context(lines), f"approvals-{today()}")


def _waiting() -> bool:
    return request.args.get("view") != "decided"


def _cells(row: ApprovalEntry) -> Sequence[str]:
    asked = row.approval
    return (
        str(order_words.EXCEPTIONS[row.kind]),
        str(DECISIONS[asked.decision]),
        str(status("approval", asked.state).word),
        plain(asked.amount),
        asked.amount.currency,
        order_words.order_number(row.order_number) if row.order_number else "",
        asked.account.value if asked.account else "",
        asked.reason,
        asked.note,
        asked.asked_by,
        asked.asked_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M"),
        asked.decided_by or "",
        asked.decided_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if asked.decided_at else "",
        asked.answer,
    )
