"""Trial balance of a day, what speaks against closing it, closing and reopening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response as AnyResponse

from admin import filters, ledger_export, ledger_words
from admin.access import allows, requires
from admin.context import person, read, run, store
from admin.desk import now
from admin.forms.ledger import LimitForm, ReopenForm
from admin.ledger_span import asked, end_of, today
from core.ledger.chart import AccountCode
from core.ledger.queries import ListAccounts, WatchDays, list_accounts, watch_days
from core.ledger.use_cases.close_day import CloseDay, close_day
from core.ledger.use_cases.reopen_day import ReopenDay, reopen_day
from core.ledger.use_cases.set_exception_limit import SetExceptionLimit, set_exception_limit
from core.shared.money import Money
from ports.ledger_queries import AccountSums, DaysState

periods = Blueprint("periods", __name__, url_prefix="/ledger/days")

_CALENDAR = 28  # days beside the trial balance


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account of the trial balance; `code` as the classes are grouped by."""

    code: AccountCode
    sums: AccountSums


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial balance in one currency, with its totals."""

    currency: str
    classes: Sequence[tuple[object, Sequence[TrialRow]]]
    debit: Money
    credit: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check-list: done, or what speaks against closing and where it is repaired."""

    done: bool
    fact: str
    detail: str = ""
    href: str | None = None
    action: str = ""


@periods.get("/")
@requires("ledger.entry.read")
def index() -> str:
    """The trial balance from the first of the month to a day."""
    return _page(asked("day", today() - timedelta(days=1)), ReopenForm(formdata=None))


@periods.get("/trial-balance.csv")
@requires("ledger.entry.read")
def trial_csv() -> Response:
    """The same as a file."""
    day = asked("day", today() - timedelta(days=1))
    return ledger_export.answer(ledger_export.accounts(day.replace(day=1), day), f"trial-balance-{day}")


@periods.post("/<day>/close")
@requires("ledger.day.close")
def close(day: str) -> AnyResponse:
    """Close the day and every open one before it."""
    chosen = _day(day)
    run(close_day, CloseDay(chosen, person().name))
    flash(_("%(day)s is closed: later facts go into the next open day.", day=filters.long_day(chosen)), "ok")
    return redirect(url_for("periods.index", day=chosen), 303)


@periods.post("/<day>/reopen")
@requires("ledger.day.reopen")
def reopen(day: str) -> AnyResponse | tuple[str, int]:
    """Open the last closed day again, with a reason."""
    chosen, form = _day(day), ReopenForm()
    if not form.validate():
        return _page(chosen, form), 422
    reason = form.reason.data or ""
    run(reopen_day, ReopenDay(chosen, reason, person().name), reason=reason)
    flash(_("%(day)s is open again.", day=filters.long_day(chosen)), "ok")
    return redirect(url_for("periods.index", day=chosen), 303)


@periods.post("/<day>/limit")
@requires("ledger.day.close")
def limit(day: str) -> AnyResponse | tuple[str, int]:
    """Say which exceptions may stay open when a day is closed."""
    chosen, form = _day(day), LimitForm()
    if not form.validate() or form.limit.data is None:
        return _page(chosen, ReopenForm(formdata=None), form), 422
    run(set_exception_limit, SetExceptionLimit(form.limit.data))
    flash(_("Exceptions of up to %(limit)s may stay open.", limit=filters.money(form.limit.data)), "ok")
    return redirect(url_for("periods.index", day=chosen), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _page(day: date, form: ReopenForm, limit_form: LimitForm | None = None) -> str:
    first = day.replace(day=1)
    trials = _trials(read(list_accounts, ListAccounts(day, first)))
    state = read(watch_days, WatchDays(end_of(day)))
    closed = state.closed_through is not None and day <= state.closed_through
    checks = [] if closed else _checks(day, state, trials)
    return render_template(
        "ledger/days.html",
        day=day,
        first=first,
        trials=trials,
        state=state,
        closed=closed,
        decision=next((d for d in state.log if d.closed and d.day >= day), None) if closed else None,
        checks=checks,
        may_close=bool(checks) and all(check.done for check in checks) and allows(close_day),
        may_reopen=day == state.closed_through and allows(reopen_day),
        form=form,
        limit_form=limit_form or _limit_form(state),
        currency=store().currency,
        calendar=_calendar(day, state),
        yesterday=day - timedelta(days=1),
        tomorrow=day + timedelta(days=1) if day < today() else None,
        last=today(),
    )


def _limit_form(state: DaysState) -> LimitForm | None:
    """The limit as it is, for those who may change it."""
    if not allows(set_exception_limit):
        return None
    return LimitForm(formdata=None, data={"limit": Money(state.facts.limit, store().currency)})


def _trials(rows: Sequence[AccountSums]) -> list[Trial]:
    """One trial balance for each currency, the store's first; accounts without any figure are left out."""
    currencies = sorted({row.account.currency for row in rows}, key=lambda code: (code != store().currency, code))
    return [_trial(code, [row for row in rows if row.account.currency == code]) for code in currencies]


def _trial(currency: str, rows: Sequence[AccountSums]) -> Trial:
    shown = [TrialRow(row.account.code, row) for row in rows if row.before or row.debit or row.credit]
    return Trial(
        currency,
        ledger_words.by_class(shown, "code"),
        Money.total((row.debit for row in rows), currency),
        Money.total((row.credit for row in rows), currency),
        Money.total((row.after for row in rows), currency),
    )


def _checks(day: date, state: DaysState, trials: Sequence[Trial]) -> list[Check]:
    facts = state.facts
    limit = filters.money(Money(facts.limit, store().currency))
    balanced = all(trial.debit == trial.credit and not trial.after for trial in trials)
    waiting = ngettext("%(num)s posting waits", "%(num)s postings wait", facts.pending)
    many = ngettext("%(num)s exception above %(limit)s is open", "%(num)s exceptions above %(limit)s are open",
                    facts.exceptions, limit=limit)  # fmt: skip
    over = now() >= end_of(day)
    return [
        Check(over, _("The day is over") if over else _("The day is not over yet")),
        Check(
            not facts.pending,
            waiting if facts.pending else _("Every fact is posted"),
            _("none is waiting"),
            url_for("deliveries.index", state="waiting"),
            _("Look at them"),
        ),
        Check(
            not facts.exceptions,
            many if facts.exceptions else _("No exception above %(limit)s is open", limit=limit),
            "",
            url_for("exceptions.index"),
            _("Explain them"),
        ),
        Check(balanced, _("Debits equal credits") if balanced else _("Debits and credits differ")),
    ]


def _calendar(day: date, state: DaysState) -> list[tuple[date, str]]:
    """The last days up to today with how each stands: closed, this one, open."""
    last = min(max(day + timedelta(days=3), day), today())
    days = [last - timedelta(days=back) for back in range(_CALENDAR - 1, -1, -1)]
    through = state.closed_through
    return [(each, "closed" if through is not None and each <= through else "open") for each in days]
