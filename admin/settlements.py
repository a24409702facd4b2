"""What providers hold and take: money that is not paid out yet by age, and fees by payment method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from admin import order_words
from admin.access import requires
from admin.context import read
from admin.desk import now
from admin.ledger_export import answer
from admin.ledger_span import today
from admin.order_export import plain
from admin.payout_export import whole
from admin.settlement_span import Span, asked_span, choices, this_month
from core.reconciliation.queries import GetFees, GetUnpaid, get_fees, get_unpaid
from core.shared.ids import PaymentAccountId
from core.shared.money import BASIS_POINTS, Money, round_half_even
from ports.payouts import MethodFees, UnpaidBucket

settlements = Blueprint("settlements", __name__, url_prefix="/settlements")


@dataclass(frozen=True, slots=True)
class Held:
    """What one account holds in one currency, by age; `most` is the largest bucket, which fills a bar."""

    account: str
    currency: str
    buckets: Sequence[UnpaidBucket]
    gross: Money
    fees: Money
    net: Money
    lines: int
    most: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What the methods of one account cost in one currency."""

    account_id: PaymentAccountId
    account: str
    currency: str
    methods: Sequence[MethodFees]
    payments: int
    gross: Money
    fees: Money

    @property
    def basis_points(self) -> int:
        """Hundredths of a percent of the gross that were kept."""
        return round_half_even(BASIS_POINTS * self.fees.minor, self.gross.minor) if self.gross.minor > 0 else 0


@settlements.get("/unpaid")
@requires("reconciliation.payout.read")
def index() -> str:
    """What is not paid out yet, as of now."""
    held = _held(read(get_unpaid, GetUnpaid()))
    return render_template("settlements/unpaid.html", held=held, ages=age_of, at=now())


@settlements.get("/unpaid.csv")
@requires("reconciliation.payout.read")
def unpaid_csv() -> Response:
    """The same as a file."""
    heads = (
        _("Account"),
        _("From day"),
        _("To day"),
        pgettext("settlement", "Lines"),
        _("Currency"),
        _("Gross"),
        _("Fees"),
        _("Net"),
    )
    rows = (
        (
            bucket.account_name,
            str(bucket.days_from),
            "" if bucket.days_to is None else str(bucket.days_to),
            str(bucket.lines),
            bucket.net.currency,
            *(plain(figure) for figure in (bucket.gross, bucket.fees, bucket.net)),
        )
        for bucket in read(get_unpaid, GetUnpaid())
    )
    return answer(whole(heads, rows), f"not-paid-out-{today()}")


@settlements.get("/fees")
@requires("reconciliation.payout.read")
def fees() -> str:
    """Fees by account and method over a span of days."""
    span = asked_span(this_month())
    return render_template(
        "settlements/fees.html",
        costs=_costs(read(get_fees, _asked(span))),
        span=span,
        spans=choices(span),
        method=order_words.method,
    )


@settlements.get("/fees.csv")
@requires("reconciliation.payout.read")
def fees_csv() -> Response:
    """The same as a file."""
    heads = (_("Account"), _("Paid with"), _("Payments"), _("Currency"), _("Gross"), _("Fees"), _("By contract"),
             _("Basis points"))  # fmt: skip
    span = asked_span(this_month())
    rows = (
        (
            row.account_name,
            order_words.method(row.method),
            str(row.payments),
            row.gross.currency,
            plain(row.gross),
            plain(row.fees),
            "" if row.expected is None else plain(row.expected),
            str(row.basis_points),
        )
        for row in read(get_fees, _asked(span))
    )
    return answer(whole(heads, rows), "-".join(("fees", *span.query.values())))


def _asked(span: Span) -> GetFees:
    """A span that is open at an end reaches from the first day there can be, or to today."""
    whole_span = Span(span.since or this_month().since, span.until or today())
    since, before = whole_span.since, whole_span.before
    assert since is not None  # noqa: S101 - both ends were filled in
    assert before is not None  # noqa: S101
    return GetFees(min(since, before), before)


def age_of(bucket: UnpaidBucket) -> str:
    """How old the lines of a bucket are: "2 to 3 days"."""
    if bucket.days_to is None:
        return str(_("%(days)s days and more", days=bucket.days_from))
    if bucket.days_from == 0:
        return str(ngettext("Less than %(num)s day", "Less than %(num)s days", bucket.days_to))
    return str(_("%(first)s to %(last)s days", first=bucket.days_from, last=bucket.days_to - 1))


def _held(buckets: Sequence[UnpaidBucket]) -> list[Held]:
    def purse(bucket: UnpaidBucket) -> tuple[str, str]:
        return bucket.account_name, bucket.net.currency

    return [_purse(*names, list(found)) for names, found in groupby(sorted(buckets, key=purse), purse)]


def _purse(account: str, currency: str, buckets: Sequence[UnpaidBucket]) -> Held:
    return Held(
        account,
        currency,
        sorted(buckets, key=lambda bucket: bucket.days_from),
        Money.total((bucket.gross for bucket in buckets), currency),
        Money.total((bucket.fees for bucket in buckets), currency),
        Money.total((bucket.net for bucket in buckets), currency),
        sum(bucket.lines for bucket in buckets),
        max(abs(bucket.net.minor) for bucket in buckets),
    )


def _costs(rows: Sequence[MethodFees]) -> list[Cost]:
    def account(row: MethodFees) -> tuple[str, str, str]:
        return row.account_name, str(row.account_id), row.gross.currency

    return [_cost(list(found)) for _names, found in groupby(sorted(rows, key=account), account)]


def _cost(methods: Sequence[MethodFees]) -> Cost:
    first = methods[0]
    currency = first.gross.currency
    return Cost(
        first.account_id,
        first.account_name,
        currency,
        sorted(methods, key=lambda row: -row.gross.minor),
        sum(row.payments for row in methods),
        Money.total((row.gross for row in methods), currency),
        Money.total((row.fees for row in methods), currency),
    )
