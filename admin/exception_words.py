"""Exceptions in words: what happened, what was done about it, and what a decision will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import format_timedelta, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from admin import filters, order_words
from admin.desk import now
from core.reconciliation.approvals import Decision
from core.reconciliation.kinds import ExceptionKind, Severity
from ports.reconciliation import ExceptionRow, HistoryLine, NoteKind

DECISIONS: Mapping[Decision, LazyString] = {
    Decision.RESOLVE: lazy_pgettext("decision", "Explain"),
    Decision.WRITE_OFF: _l("Write off"),
    Decision.REFUND: lazy_pgettext("decision", "Refund"),
}

SEVERITIES: Mapping[Severity, LazyString] = {
    Severity.HIGH: _l("Look today"),
    Severity.NORMAL: _l("Within days"),
    Severity.LOW: _l("When there is time"),
}

_TOLD: Mapping[ExceptionKind, LazyString] = {
    ExceptionKind.DUPLICATE_CHARGE: _l("%(amount)s came in a second time for the same order."),
    ExceptionKind.AMOUNT_OVER: _l("More came in than was asked: %(amount)s has to be explained."),
    ExceptionKind.AMOUNT_UNDER: _l("Less came in than was asked: %(amount)s has to be explained."),
    ExceptionKind.MISSING_AT_PROVIDER: _l("Our books have %(amount)s that the provider has not told of in time."),
    ExceptionKind.MISSING_INTERNALLY: _l("The provider has %(amount)s that nothing in our books explains."),
    ExceptionKind.FEE_MISMATCH: _l("The fee is %(amount)s off what the contract says."),
    ExceptionKind.DUPLICATE_PROVIDER_LINE: _l("The provider told one movement of %(amount)s as two lines."),
    ExceptionKind.REFUND_MISMATCH: _l("The provider gave back %(amount)s more or less than we asked for."),
    ExceptionKind.REFUND_FAILED: _l("The customer's bank sent a refund of %(amount)s back; they still have to get it."),
    ExceptionKind.DISPUTE_OPENED: _l("The customer disputes %(amount)s; the provider took it until it is decided."),
    ExceptionKind.DISPUTE_WON: _l("A dispute about %(amount)s was won: the money comes back."),
    ExceptionKind.DISPUTE_LOST: _l("A dispute about %(amount)s was lost: the money is gone."),
    ExceptionKind.UNEXPECTED_ADJUSTMENT: _l("A line of %(amount)s is of a kind that no rule knows."),
    ExceptionKind.PAYOUT_SHORT: _l("The payout is %(amount)s less than its lines add up to."),
    ExceptionKind.PAYOUT_OVER: _l("The payout is %(amount)s more than its lines add up to."),
    ExceptionKind.PAYOUT_FAILED: _l("The bank sent a payout of %(amount)s back to the provider."),
}

_NOTES: Mapping[NoteKind, LazyString] = {
    NoteKind.OPENED: _l("Raised by a comparison"),
    NoteKind.RESTATED: _l("The figure changed"),
    NoteKind.CLOSED: _l("Closed: it fits now"),
    NoteKind.COMMENT: _l("%(who)s wrote"),
    NoteKind.ASSIGNED: _l("%(who)s handed it on"),
    NoteKind.RESOLVED: _l("%(who)s explained it"),
    NoteKind.REOPENED: _l("%(who)s opened it again"),
    NoteKind.WRITTEN_OFF: _l("%(who)s wrote it off"),
    NoteKind.REFUNDED: _l("%(who)s gave the money back"),
    NoteKind.APPROVAL_ASKED: _l("%(who)s asked for approval"),
    NoteKind.APPROVED: _l("%(who)s approved"),
    NoteKind.REFUSED: _l("%(who)s refused"),
}
_MACHINE = frozenset({NoteKind.OPENED, NoteKind.RESTATED, NoteKind.CLOSED})
_ICONS: Mapping[NoteKind, str] = {
    NoteKind.OPENED: "exclamation-circle",
    NoteKind.RESTATED: "arrow-repeat",
    NoteKind.CLOSED: "magic",
}


def told(row: ExceptionRow) -> str:
    """What happened, as a sentence."""
    amount = filters.money(row.amount)
    if row.kind is not ExceptionKind.LATE_PAYMENT:
        return str(_TOLD[row.kind]) % {"amount": amount}
    if row.order_number:
        return str(_("%(amount)s came in after the order was cancelled and its stock given back.", amount=amount))
    return str(_("%(amount)s came in after its checkout had ended, so no order was made of it.", amount=amount))


def title(row: ExceptionRow) -> str:
    """ "Paid twice, R$ 129,96"."""
    return f"{order_words.EXCEPTIONS[row.kind]}, {filters.money(row.amount)}"


def about(row: ExceptionRow) -> str:
    """What it is about, in one word: the order, or the provider's reference."""
    if row.order_number:
        return order_words.order_number(row.order_number)
    return row.account_name or str(_("no order"))


def age(row: ExceptionRow) -> str:
    """How long it has been waiting: "3 days"."""
    return str(format_timedelta(now() - row.opened_at, granularity="minute"))


def history(lines: Sequence[HistoryLine]) -> list[dict[str, Any]]:
    """The history as the timeline's macro takes it, newest first."""
    return [_entry(line) for line in lines]


def _entry(line: HistoryLine) -> dict[str, Any]:
    person = None if line.kind in _MACHINE else line.by
    words = order_words.explanation(line.text)
    handed = line.kind is NoteKind.ASSIGNED
    silent = handed or line.kind is NoteKind.REFUNDED  # its text is the figure, which the page says
    return {
        "fact": str(_NOTES[line.kind]) % {"who": line.by},
        "circumstance": _to(words) if handed else "",
        "when": filters.moment(line.at),
        "icon": _ICONS.get(line.kind, "circle"),
        "person": person,
        "tone": "crit" if line.kind is NoteKind.OPENED else "",
        "comment": "" if silent else words,
    }


def _to(name: str) -> str:
    return str(_("to %(name)s", name=name)) if name else str(_("to nobody"))


def will_happen(row: ExceptionRow, decision: Decision, account: str, left: str) -> list[str]:
    """What a decision does, in sentences.

    :param account: the account that a write-off goes to, in words
    :param left: the value at risk once it is closed, in words
    """
    sentences: Mapping[Decision, Callable[[], Sequence[str]]] = {
        Decision.RESOLVE: lambda: (
            _("Nothing is posted and no money moves."),
            _("Your words stay with the exception for good."),
        ),
        Decision.WRITE_OFF: lambda: (
            _("What is open is posted to %(account)s.", account=account),
            _("No money moves."),
        ),
        Decision.REFUND: lambda: (
            _("The provider is asked to give %(amount)s back, once.", amount=filters.money(row.amount)),
            _("The refund is posted and stands on the order."),
        ),
    }
    closes = _("This exception closes, value at risk falls to %(amount)s.", amount=left)
    return [str(each) for each in (*sentences[decision](), closes)]
