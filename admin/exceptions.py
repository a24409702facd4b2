"""Money that does not fit: a workbench by value at risk, both sides of each, and what is decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, stream_with_context
from flask_babel import gettext as _

from admin import exception_decisions as decisions
from admin import exception_words, order_words
from admin.access import requires
from admin.context import read
from admin.desk import zone
from admin.exception_bench import bench, wanted
from admin.ledger_export import answer
from admin.ledger_span import today
from admin.order_export import plain
from admin.payout_export import streamed
from core.reconciliation.queries import list_exceptions
from core.shared.ids import ExceptionId
from ports.reconciliation import ExceptionRow

exceptions = Blueprint("exceptions", __name__, url_prefix="/exceptions")

_ONE = "/<uuid:exception_id>"


@exceptions.get("/")
@requires("reconciliation.exception.read")
def index() -> str:
    """The list, with the first of it opened beside it where there is room."""
    return bench(None)


@exceptions.get("/exceptions.csv")
@requires("reconciliation.exception.read")
def index_csv() -> Response:
    """What the list shows as a file."""
    heads = (_("What"), _("Status"), _("Amount"), _("Currency"), _("Opened"), _("How soon"), _("Owner"), _("Order"),
             _("Account"), _("Our reference"), _("Provider's reference"), _("Explanation"),
             _("Explained by"))  # fmt: skip
    filter_ = wanted()
    lines = streamed(heads, lambda page: read(list_exceptions, replace(filter_, page=page)), _cells)
    return answer(stream_with_context(lines), f"exceptions-{today()}")


@exceptions.get(_ONE)
@requires("reconciliation.exception.read")
def show(exception_id: UUID) -> str:
    """One exception: both sides, candidates, decisions, history."""
    return bench(ExceptionId(exception_id))


for _path, _view in (
    (_ONE, decisions.decide),
    (f"{_ONE}/reopen", decisions.reopen),
    (f"{_ONE}/comments", decisions.comment),
    (f"{_ONE}/owner", decisions.assign),
    (f"{_ONE}/approvals/<uuid:approval_id>", decisions.answer),
    ("/owner", decisions.assign_many),
):
    exceptions.add_url_rule(_path, view_func=_view, methods=("POST",))


def _cells(row: ExceptionRow) -> Sequence[str]:
    return (
        str(order_words.EXCEPTIONS[row.kind]),
        _("explained") if row.resolved_at else _("open"),
        plain(row.amount),
        row.amount.currency,
        row.opened_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M"),
        str(exception_words.SEVERITIES[row.severity]),
        row.owner_name or "",
        order_words.order_number(row.order_number) if row.order_number else "",
        row.account_name or "",
        row.left_reference,
        row.right_reference,
        order_words.explanation(row.resolution or ""),
        row.resolved_by or "",
    )
