"""What people do about exceptions: explain, write off, ask and answer, hand on, comment, open again.

Whoever decides about something that changed since they looked at it is told so, and nothing happens.
"""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin import exception_words, filters
from admin.access import allows, requires
from admin.auth import inside
from admin.context import read, run
from admin.exception_bench import Forms, bench
from admin.exception_refund import refund
from admin.forms.exceptions import AnswerForm, DecideForm, ReopenForm
from admin.forms.orders import BulkForm
from core.identity.queries import ListColleagues, list_colleagues
from core.ledger.chart import AccountCode
from core.reconciliation.approvals import Decision
from core.reconciliation.errors import (
    ApprovalNeeded,
    ApprovalPending,
    ChangedSince,
    NotDecidedSo,
    NothingOpen,
    OwnApproval,
)
from core.reconciliation.queries import GetException, get_exception_detail
from core.reconciliation.use_cases.ask_approval import AskApproval, ask_approval
from core.reconciliation.use_cases.assign_exception import AssignException, assign_exception
from core.reconciliation.use_cases.comment_on_exception import CommentOnException, comment_on_exception
from core.reconciliation.use_cases.decide_approval import DecideApproval, decide_approval
from core.reconciliation.use_cases.reopen_exception import ReopenException, reopen_exception
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.reconciliation.use_cases.write_off_exception import WriteOffException, write_off_exception
from core.shared.errors import Forbidden, NotFound
from core.shared.ids import ApprovalId, ExceptionId, StaffId
from core.shared.state_machine import TransitionRefused
from ports.identity import Colleague
from ports.paging import MAX_LIMIT
from ports.reconciliation import ExceptionDetail

_RESOLVE = "reconciliation.exception.resolve"
_LONGEST_COMMENT = 4000


@requires(_RESOLVE)
def decide(exception_id: UUID) -> AnyResponse | tuple[str, int]:
    """Carry a decision out, or ask for somebody's agreement where its value needs one."""
    detail = read(get_exception_detail, GetException(ExceptionId(exception_id)))
    form = DecideForm()
    form.offer_accounts(None)
    if not form.validate():
        return bench(detail.row.id, Forms(decide=form)), 422
    decision = next((each for each in Decision if each == form.do.data), Decision.RESOLVE)
    try:
        said, tone = _carry_out(detail, decision, form)
    except (TransitionRefused, ChangedSince):
        flash(_("Somebody changed this meanwhile: read what they did. Nothing of yours was saved."), "warn")
    except ApprovalPending:
        flash(_("Somebody asked for approval already."), "warn")
    except NotDecidedSo:
        flash(_("An exception of this kind is not decided in this way."), "crit")
    except NothingOpen:
        flash(_("Nothing is open of it on the books any more: explain it instead."), "warn")
    else:
        flash(said, tone)
    return _to(exception_id)


def _carry_out(detail: ExceptionDetail, decision: Decision, form: DecideForm) -> tuple[str, str]:
    """Do it or ask for it; what to say then, and in which tone."""
    row, words = detail.row, form.resolution.data or ""
    account = AccountCode(form.account.data) if decision is Decision.WRITE_OFF and form.account.data else None
    try:
        if decision is Decision.REFUND:
            return refund(row, words, form.seen)
        if decision is Decision.WRITE_OFF:
            run(write_off_exception, WriteOffException(row.id, words, account, form.seen), reason=words)
            return _("%(what)s: written off.", what=exception_words.title(row)), "ok"
        run(resolve_exception, ResolveException(row.id, words, form.seen), reason=words)
        return _("%(what)s: explained.", what=exception_words.title(row)), "ok"
    except ApprovalNeeded:
        run(ask_approval, AskApproval(row.id, decision, words, form.note.data or "", account, form.seen), reason=words)
        limit = filters.money(detail.limit)
        return _("Asked: somebody else has to agree, because it is above %(limit)s.", limit=limit), "info"


@requires("reconciliation.exception.approve")
def answer(exception_id: UUID, approval_id: UUID) -> AnyResponse:
    """Agree to what somebody asked for, or refuse it."""
    form = AnswerForm()
    agrees = request.form.get("agrees") == "yes"
    if not form.validate():
        flash(_("An answer has at most 500 characters."), "crit")
        return _to(exception_id)
    words = form.answer.data or ""
    try:
        run(decide_approval, DecideApproval(ApprovalId(approval_id), agrees, words), reason=words)
    except TransitionRefused:
        flash(_("Somebody decided this meanwhile: read what they did."), "warn")
    except OwnApproval:
        flash(_("You asked for this yourself: somebody else decides."), "crit")
    except ApprovalNeeded:
        flash(_("It comes to another amount now: refuse this, and it can be asked for anew."), "warn")
    else:
        flash(_("Agreed.") if agrees else _("Refused. Nothing was posted."), "ok")
    return _to(exception_id)


@requires(_RESOLVE)
def reopen(exception_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take an explanation back, with a reason. What was posted stays posted."""
    form = ReopenForm()
    if not form.validate():
        return bench(ExceptionId(exception_id), Forms(reopen=form)), 422
    reason = form.reason.data or ""
    try:
        run(reopen_exception, ReopenException(ExceptionId(exception_id), reason), reason=reason)
    except TransitionRefused:
        flash(_("It is open already."), "info")
    else:
        flash(_("It is open again."), "ok")
    return _to(exception_id)


@requires(_RESOLVE)
def comment(exception_id: UUID) -> AnyResponse:
    """Write down what was learned."""
    words = request.form.get("body", "").strip()
    if not words or len(words) > _LONGEST_COMMENT:
        flash(_("Write a comment of at most %(max)s characters.", max=filters.number(_LONGEST_COMMENT)), "crit")
    else:
        run(comment_on_exception, CommentOnException(ExceptionId(exception_id), words))
    return _to(exception_id)


@requires("reconciliation.exception.assign")
def assign(exception_id: UUID) -> AnyResponse:
    """Hand it to somebody, or back to nobody."""
    owner = _owner()
    try:
        run(assign_exception, _handed(ExceptionId(exception_id), owner))
    except TransitionRefused:
        flash(_("It is explained already, so nobody has to work on it."), "warn")
    else:
        flash(_("%(name)s works on it.", name=owner.name) if owner else _("Nobody works on it now."), "ok")
    return _to(exception_id)


def assign_many() -> AnyResponse:
    """Hand all selected ones to somebody; explained ones are left alone."""
    if not allows(assign_exception):
        raise Forbidden("reconciliation.exception.assign")
    back = redirect(inside(request.form.get("back")) or url_for("exceptions.index"), 303)
    ids = _selected()
    if not BulkForm().validate_on_submit() or not ids:
        flash(_("Select exceptions first."), "info")
        return back
    owner, done = _owner(), 0
    for id_ in ids:
        try:
            run(assign_exception, _handed(id_, owner))
            done += 1
        except (TransitionRefused, NotFound):
            continue
    if done < len(ids):
        flash(ngettext("%(num)s was explained meanwhile and left alone.",
                       "%(num)s were explained meanwhile and left alone.", len(ids) - done), "warn")  # fmt: skip
    if done:
        flash(ngettext("%(num)s exception was handed on.", "%(num)s exceptions were handed on.", done), "ok")
    return back


def _selected() -> list[ExceptionId]:
    """The exceptions that were sent, each once; more than a page, or what is no id, is refused as a whole."""
    asked = list(dict.fromkeys(request.form.getlist("ids")))
    if len(asked) > MAX_LIMIT:
        return []
    try:
        return [ExceptionId(UUID(text)) for text in asked]
    except ValueError:
        return []


def _owner() -> Colleague | None:
    """Whom the form names; None for nobody. Somebody who may not work on exceptions is no choice."""
    told = request.form.get("owner", "")
    if not told:
        return None
    found = read(list_colleagues, ListColleagues(_RESOLVE))
    return next((each for each in found if str(each.id) == told), None) or abort(422)


def _handed(id_: ExceptionId, owner: Colleague | None) -> AssignException:
    return AssignException(id_, StaffId(owner.id) if owner else None, owner.name if owner else None)


def _to(exception_id: UUID) -> AnyResponse:
    return redirect(url_for("exceptions.show", exception_id=exception_id), 303)
