"""An exception's two sides, fact by fact: what our books have, what the provider tells, whether they agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from admin import filters, order_words, settlement_words
from admin.status import status
from core.reconciliation.kinds import ExceptionKind
from core.shared.money import Money
from ports.payouts import PayoutLine
from ports.reconciliation import ExceptionDetail, PaymentSide

_NOTHING = "–"
_OF_PAYOUTS = frozenset({ExceptionKind.PAYOUT_SHORT, ExceptionKind.PAYOUT_OVER, ExceptionKind.PAYOUT_FAILED})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison: ours, theirs, and whether they agree (None: nothing to compare)."""

    label: str
    ours: str
    theirs: str
    agrees: bool | None = None
    code: bool = False


def facts(detail: ExceptionDetail) -> list[Fact]:
    """Both sides, what differs first."""
    return [
        *_figures(detail),
        *_payment(detail),
        *_refund(detail),
        *_dispute(detail),
        *_payout(detail),
        *_lines(detail),
        _references(detail),
    ]


def _figures(detail: ExceptionDetail) -> Iterator[Fact]:
    row = detail.row
    currency = row.amount.currency
    expected, came = (Money(int(row.details.get(key, 0)), currency) for key in ("expected", "captured"))
    fits = expected == came
    label = _("Fee") if row.kind is ExceptionKind.FEE_MISMATCH else _("Amount")
    yield Fact(label, filters.money(expected), filters.money(came), fits)
    yield Fact(_("Difference"), _NOTHING, filters.money(came - expected), fits)


def _payment(detail: ExceptionDetail) -> Iterator[Fact]:
    payment = detail.payment
    if payment is None:
        if detail.row.kind not in _OF_PAYOUTS:
            yield Fact(_("Payment"), _("none that fits"), _("see its line"), False)
        return
    line = next(iter(detail.lines), None)
    told = order_words.method(line.method) if line and line.method else _NOTHING
    agrees = told == order_words.method(payment.method) if told != _NOTHING else None
    yield Fact(_("Paid by"), order_words.method(payment.method), told, agrees)
    if payment.expires_at is not None:
        at = line.created_at if line else detail.row.opened_at
        yield Fact(_("Time"), _("until %(time)s", time=filters.exact(payment.expires_at)),
                   _("noticed %(time)s", time=filters.exact(at)), at <= payment.expires_at)  # fmt: skip
    elif line is not None:
        yield Fact(_("Time"), filters.exact(payment.created_at), filters.exact(line.created_at))
    yield _order(payment)
    if payment.customer:
        yield Fact(_("Customer"), payment.customer, _NOTHING)


def _order(payment: PaymentSide) -> Fact:
    if payment.order_number is None:
        return Fact(_("Order"), _("none was made"), _("money came in"), False)
    word = str(status("order", payment.order_status or "open").word).lower()
    dead = payment.order_status == "cancelled"
    theirs = _("paid after that") if dead else _("for this order")
    return Fact(_("Order"), f"{order_words.order_number(payment.order_number)}, {word}", theirs, not dead)


def _refund(detail: ExceptionDetail) -> Iterator[Fact]:
    refund = detail.refund
    if refund is None:
        return
    word = str(status("operation", refund.state).word).lower()
    failed = detail.row.kind is ExceptionKind.REFUND_FAILED
    theirs = _("came back") if failed else _("as its lines say")
    yield Fact(_("Refund"), f"{filters.money(refund.amount)}, {word}", theirs, not failed)
    yield Fact(_("Asked for"), filters.exact(refund.requested_at), _NOTHING)


def _dispute(detail: ExceptionDetail) -> Iterator[Fact]:
    dispute = detail.dispute
    if dispute is None:
        return
    yield Fact(_("Dispute"), _NOTHING, f"{filters.money(dispute.amount)}, {dispute.reason.replace('_', ' ')}")
    yield Fact(_("Opened"), _NOTHING, filters.exact(dispute.opened_at))
    if dispute.evidence_due_at is not None:
        yield Fact(_("Evidence until"), _NOTHING, filters.exact(dispute.evidence_due_at))
    yield Fact(_("Money"), _NOTHING, _("taken out of the balance") if dispute.withdrawn else _("left in the balance"))


def _payout(detail: ExceptionDetail) -> Iterator[Fact]:
    payout = detail.payout
    if payout is None:
        return
    theirs = f"{filters.money(payout.amount)}, {str(status('payout', payout.status).word).lower()}"
    yield Fact(_("Payout"), _("lines add up to %(amount)s", amount=filters.money(payout.lines_net)), theirs,
               payout.amount == payout.lines_net and detail.row.kind is not ExceptionKind.PAYOUT_FAILED)  # fmt: skip
    yield Fact(_("Arrives"), _NOTHING, filters.day(payout.arrival_on, year=True))


def _lines(detail: ExceptionDetail) -> Iterator[Fact]:
    for line in detail.lines:
        yield Fact(settlement_words.line_name(line), _booked(line), _told(line), None)


def _booked(line: PayoutLine) -> str:
    if line.ours_gross is None:
        return _NOTHING
    fee = line.ours_fee or Money.zero(line.net.currency)
    return str(_("%(gross)s, fee %(fee)s", gross=filters.money(line.ours_gross), fee=filters.money(-fee)))


def _told(line: PayoutLine) -> str:
    gross, fee, net = (filters.money(figure) for figure in (line.gross, -line.fee, line.net))
    return str(_("%(gross)s, fee %(fee)s, net %(net)s", gross=gross, fee=fee, net=net))


def _references(detail: ExceptionDetail) -> Fact:
    return Fact(_("Reference"), detail.row.left_reference or _NOTHING, detail.row.right_reference or _NOTHING,
                None, code=True)  # fmt: skip
