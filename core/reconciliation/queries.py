"""Reading exceptions, payouts and what is not paid out yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.reconciliation.actions import Proposal, proposals
from core.reconciliation.candidates import Candidate, score
from core.reconciliation.kinds import ExceptionKind
from core.reconciliation.model import ExceptionState
from core.shared.ids import ExceptionId, PaymentAccountId, PayoutId, StaffId
from core.shared.permission import permission
from ports.clock import Clock
from ports.paging import Page, PageRequest
from ports.payouts import (
    LineFilter,
    MethodFees,
    PayoutDetail,
    PayoutFilter,
    PayoutLine,
    PayoutQueries,
    PayoutRow,
    RunRow,
    SettlementAccount,
    UnpaidBucket,
)
from ports.reconciliation import (
    ApprovalEntry,
    BenchSummary,
    ExceptionDetail,
    ExceptionFilter,
    ExceptionQueries,
    ExceptionRow,
)

_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class ListExceptions:
    """`owner` None asks for all; `to_approve` for those with a decision that waits for somebody to agree. Opened from
    `since` on and before `before`."""

    state: ExceptionState | None = ExceptionState.OPEN
    page: PageRequest = field(default_factory=PageRequest)
    owner: StaffId | None = None
    to_approve: bool = False
    kinds: frozenset[ExceptionKind] = frozenset()
    since: datetime | None = None
    before: datetime | None = None


@permission("reconciliation.exception.read")
def list_exceptions(filter_: ListExceptions, /, *, exception_queries: ExceptionQueries) -> Page[ExceptionRow]:
    """Open exceptions by value at risk, others newest first."""
    wanted = ExceptionFilter(
        filter_.state, filter_.owner, filter_.to_approve, filter_.kinds, filter_.since, filter_.before
    )
    return exception_queries.list(wanted, filter_.page)


@dataclass(frozen=True, slots=True)
class GetException:
    id: ExceptionId


@permission("reconciliation.exception.read")
def get_exception(filter_: GetException, /, *, exception_queries: ExceptionQueries) -> ExceptionRow:
    """Raises NotFound."""
    return exception_queries.get(filter_.id)


@permission("reconciliation.exception.read")
def get_exception_detail(filter_: GetException, /, *, exception_queries: ExceptionQueries) -> ExceptionDetail:
    """Both sides, history and approvals. Raises NotFound."""
    return exception_queries.detail(filter_.id)


@permission("reconciliation.exception.read")
def list_candidates(filter_: GetException, /, *, exception_queries: ExceptionQueries) -> Sequence[Candidate]:
    """Payments that what is missing internally may belong to, best first, at most ten; none for other kinds.
    Raises NotFound."""
    row = exception_queries.get(filter_.id)
    if row.kind is not ExceptionKind.MISSING_INTERNALLY:
        return ()
    detail = exception_queries.detail(filter_.id)
    line = detail.lines[0] if detail.lines else None
    at, method = (line.created_at, line.method) if line else (row.opened_at, None)
    found = [
        score(facts, row.amount, at, method, row.right_reference or None)
        for facts in exception_queries.candidates(filter_.id, _CANDIDATES)
    ]
    return sorted(found, key=lambda one: (-one.score, abs(one.facts.at - at), str(one.facts.payment_id)))[:10]


@permission("reconciliation.exception.read")
def list_proposals(
    filter_: GetException, /, *, exception_queries: ExceptionQueries, clock: Clock
) -> Sequence[Proposal]:
    """What can be decided, and what each decision posts. Empty once it is resolved. Raises NotFound."""
    detail = exception_queries.detail(filter_.id)
    row = detail.row
    if row.state is not ExceptionState.OPEN:
        return ()
    needs, has_payment = detail.needs_approval, row.payment_id is not None and row.order_id is not None
    return proposals(
        row.kind, row.id, row.version, detail.open, clock.now(), needs_approval=needs, has_payment=has_payment
    )


@dataclass(frozen=True, slots=True)
class ListApprovals:
    """`waiting`: those that somebody has to decide; else those that were decided."""

    waiting: bool = True
    page: PageRequest = field(default_factory=PageRequest)


@permission("reconciliation.exception.read")
def list_approvals(filter_: ListApprovals, /, *, exception_queries: ExceptionQueries) -> Page[ApprovalEntry]:
    """Decisions that take two people, newest first."""
    return exception_queries.approvals(filter_.waiting, filter_.page)


@dataclass(frozen=True, slots=True)
class GetBench:
    """`me` is who looks, for the count of their own."""

    me: StaffId | None = None


@permission("reconciliation.exception.read")
def get_bench(filter_: GetBench, /, *, exception_queries: ExceptionQueries, clock: Clock) -> BenchSummary:
    """What the workbench says above the list."""
    return exception_queries.summary(clock.now(), filter_.me)


@dataclass(frozen=True, slots=True)
class ListPayouts:
    """`account_id` None asks for all accounts; payouts that arrive from `since` on and before `until`."""

    account_id: PaymentAccountId | None = None
    page: PageRequest = field(default_factory=PageRequest)
    since: date | None = None
    until: date | None = None


@permission("reconciliation.payout.read")
def list_payouts(filter_: ListPayouts, /, *, payout_queries: PayoutQueries) -> Page[PayoutRow]:
    """Newest arrival first."""
    return payout_queries.list(PayoutFilter(filter_.account_id, filter_.since, filter_.until), filter_.page)


@dataclass(frozen=True, slots=True)
class GetPayout:
    id: PayoutId


@permission("reconciliation.payout.read")
def get_payout(filter_: GetPayout, /, *, payout_queries: PayoutQueries) -> PayoutDetail:
    """One payout explained to the cent: the page, and the head of its report. Raises NotFound."""
    return payout_queries.get(filter_.id)


@dataclass(frozen=True, slots=True)
class ListPayoutLines:
    id: PayoutId
    which: LineFilter = LineFilter.ALL
    page: PageRequest = field(default_factory=PageRequest)


@permission("reconciliation.payout.read")
def list_payout_lines(filter_: ListPayoutLines, /, *, payout_queries: PayoutQueries) -> Page[PayoutLine]:
    """The lines of one payout, undecided first: the page's, the report's and the export's, page by page."""
    return payout_queries.lines(filter_.id, filter_.which, filter_.page)


@dataclass(frozen=True, slots=True)
class GetUnpaid:
    """What is not paid out yet, now."""


@permission("reconciliation.payout.read")
def get_unpaid(filter_: GetUnpaid, /, *, payout_queries: PayoutQueries, clock: Clock) -> Sequence[UnpaidBucket]:
    """What is not paid out yet, by account and age."""
    return payout_queries.unpaid(clock.now())


@dataclass(frozen=True, slots=True)
class GetFees:
    """Days in UTC, `until` not included."""

    since: date
    until: date


@permission("reconciliation.payout.read")
def get_fees(filter_: GetFees, /, *, payout_queries: PayoutQueries) -> Sequence[MethodFees]:
    """Fees by account and method."""
    return payout_queries.fees(filter_.since, filter_.until)


@dataclass(frozen=True, slots=True)
class ListRuns:
    """Begun from `since` on and before `before`; None asks for all."""

    page: PageRequest = field(default_factory=PageRequest)
    since: datetime | None = None
    before: datetime | None = None


@permission("reconciliation.payout.read")
def list_runs(filter_: ListRuns, /, *, payout_queries: PayoutQueries) -> Page[RunRow]:
    """Comparisons, newest first."""
    return payout_queries.runs(filter_.page, filter_.since, filter_.before)


@dataclass(frozen=True, slots=True)
class ListSettlementAccounts:
    """The accounts of the store whose money can be compared."""


@permission("reconciliation.payout.read")
def list_settlement_accounts(
    filter_: ListSettlementAccounts, /, *, payout_queries: PayoutQueries
) -> Sequence[SettlementAccount]:
    """By name, with when each was compared last."""
    return payout_queries.accounts()
