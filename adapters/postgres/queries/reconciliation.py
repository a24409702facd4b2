"""Exceptions for the list and the page: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries import exception_detail
from adapters.postgres.reading import Reader
from adapters.postgres.tables.orders import orders
from adapters.postgres.tables.payments import payment_accounts
from adapters.postgres.tables.reconciliation import approvals, exceptions
from core.reconciliation.approvals import ApprovalState
from core.reconciliation.candidates import CandidateFacts
from core.reconciliation.kinds import ExceptionKind, Origin, severity_of
from core.reconciliation.model import ExceptionState
from core.shared.errors import NotFound
from core.shared.ids import ExceptionId, OrderId, PaymentAccountId, PaymentId, StaffId
from core.shared.money import Money
from ports.paging import Page, PageRequest
from ports.reconciliation import ApprovalEntry, AtRisk, BenchSummary, ExceptionDetail, ExceptionFilter, ExceptionRow

_WAITING = (ApprovalState.ASKED, ApprovalState.APPROVED)
_approval = (
    sa.select(approvals.c.state)
    .where(
        approvals.c.store_id == exceptions.c.store_id,
        approvals.c.exception_id == exceptions.c.id,
        # In words that the partial index is recognised by.
        sa.text("approvals.state IN ('asked', 'approved')"),
    )
    .scalar_subquery()
    .label("approval")
)
ROWS = sa.select(
    exceptions, orders.c.number.label("order_number"), payment_accounts.c.name.label("account_name"), _approval
).select_from(
    exceptions.outerjoin(
        orders, sa.and_(orders.c.store_id == exceptions.c.store_id, orders.c.id == exceptions.c.order_id)
    ).outerjoin(
        payment_accounts,
        sa.and_(payment_accounts.c.store_id == exceptions.c.store_id, payment_accounts.c.id == exceptions.c.account_id),
    )
)
_GET = ROWS.where(exceptions.c.id == sa.bindparam("exception_id"))

# Ids are drawn in the order of time, so newest first is by them.
_APPROVALS = (
    sa.select(
        sa.func.to_jsonb(sa.literal_column("approvals")).label("document"),
        exceptions.c.id,
        exceptions.c.kind,
        orders.c.number.label("order_number"),
    )
    .select_from(
        approvals.join(
            exceptions,
            sa.and_(exceptions.c.store_id == approvals.c.store_id, exceptions.c.id == approvals.c.exception_id),
        ).outerjoin(orders, sa.and_(orders.c.store_id == exceptions.c.store_id, orders.c.id == exceptions.c.order_id))
    )
    .order_by(approvals.c.id.desc())
)
_WAITING_APPROVALS = _APPROVALS.where(sa.text("approvals.state = 'asked'"))
_DECIDED_APPROVALS = _APPROVALS.where(sa.text("approvals.state <> 'asked'"))

# Ages in whole days, and where each begins.
_AGES = ((0, 1), (1, 4), (4, 8), (8, 31), (31, None))
_SUMMARY = sa.text("""
WITH open AS MATERIALIZED (
    SELECT e.id, e.amount_minor, e.currency, e.owner_id, e.opened_at FROM reconciliation_exceptions e
    WHERE e.state = 'open'
), aged AS (
    SELECT a.days_from, o.currency, count(*) AS found, sum(o.amount_minor)::bigint AS minor
    FROM open o JOIN unnest(CAST(:ages AS integer[])) WITH ORDINALITY AS a (days_from, place) ON
        o.opened_at <= CAST(:now AS timestamptz) - make_interval(days => a.days_from)
        OR (a.days_from = 0 AND o.opened_at > CAST(:now AS timestamptz))
    WHERE NOT EXISTS (
        SELECT 1 FROM unnest(CAST(:ages AS integer[])) AS later
        WHERE later > a.days_from AND o.opened_at <= CAST(:now AS timestamptz) - make_interval(days => later))
    GROUP BY a.days_from, o.currency
)
SELECT (SELECT count(*) FROM open) AS open,
    (SELECT count(*) FROM open WHERE owner_id = CAST(:me AS uuid)) AS mine,
    (SELECT count(*) FROM approvals WHERE state = 'asked') AS to_approve,
    (SELECT count(*) FROM reconciliation_exceptions WHERE state = 'resolved' AND resolved_at > :week) AS closed,
    (SELECT count(*) FROM reconciliation_exceptions
        WHERE state = 'resolved' AND resolved_at > :week AND resolved_by IS NULL) AS closed_by_nobody,
    (SELECT jsonb_agg(jsonb_build_array(days_from, currency, found, minor) ORDER BY currency, days_from) FROM aged)
        AS aged
""")


class PostgresExceptionQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def get(self, exception_id: ExceptionId) -> ExceptionRow:
        row = self._reader.row(_GET, {"exception_id": exception_id})
        if row is None:
            raise NotFound("There is no such exception.")
        return to_row(row)

    def detail(self, exception_id: ExceptionId) -> ExceptionDetail:
        row = self._reader.row(exception_detail.detail(_GET), {"exception_id": exception_id})
        if row is None:
            raise NotFound("There is no such exception.")
        return exception_detail.to_detail(to_row(row), row)

    def candidates(self, exception_id: ExceptionId, limit: int) -> Sequence[CandidateFacts]:
        asked = {"exception_id": exception_id, "at_most": limit}
        return [exception_detail.to_candidate(row) for row in self._reader.rows(exception_detail.CANDIDATES, asked)]

    def list(self, filter_: ExceptionFilter, page: PageRequest) -> Page[ExceptionRow]:
        statement = _filtered(filter_).limit(page.limit + 1)
        by_value = filter_.state is ExceptionState.OPEN
        first: sa.ColumnElement[int] | sa.ColumnElement[datetime]
        first = exceptions.c.amount_minor if by_value else exceptions.c.opened_at
        statement = statement.order_by(first.desc(), exceptions.c.id.desc())
        if page.cursor is not None:
            at, id_ = cursors.decode(page.cursor, int if by_value else str, str)
            key = at if by_value else cursors.instant(at)
            before = sa.tuple_(sa.literal(key, first.type), cursors.identifier(id_))
            statement = statement.where(sa.tuple_(first, exceptions.c.id) < before)
        rows = [to_row(row) for row in self._reader.rows(statement)]
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        if not more:
            return Page(rows, None)
        last = rows[-1]
        return Page(rows, cursors.encode(last.amount.minor if by_value else last.opened_at.isoformat(), str(last.id)))

    def approvals(self, waiting: bool, page: PageRequest) -> Page[ApprovalEntry]:
        statement = (_WAITING_APPROVALS if waiting else _DECIDED_APPROVALS).limit(page.limit + 1)
        if page.cursor is not None:
            (last,) = cursors.decode(page.cursor, str)
            statement = statement.where(approvals.c.id < cursors.identifier(last))
        rows = [_to_entry(row) for row in self._reader.rows(statement)]
        shown = rows[: page.limit]
        return Page(shown, cursors.encode(str(shown[-1].approval.id)) if len(rows) > page.limit else None)

    def summary(self, now: datetime, me: StaffId | None) -> BenchSummary:
        asked = {"now": now, "week": now - timedelta(days=7), "me": me, "ages": [start for start, _ in _AGES]}
        row = self._reader.row(_SUMMARY, asked)
        if row is None:
            raise LookupError("a count has a row")
        ends = dict(_AGES)
        at_risk = [
            AtRisk(days, ends[days], found, Money(minor, currency))
            for days, currency, found, minor in row["aged"] or []
        ]
        return BenchSummary(
            row["open"], row["mine"], row["to_approve"], at_risk, row["closed"], row["closed_by_nobody"]
        )


def _to_entry(row: sa.RowMapping) -> ApprovalEntry:
    return ApprovalEntry(
        exception_detail.to_approval(row["document"]),
        ExceptionId(row["id"]),
        ExceptionKind(row["kind"]),
        row["order_number"],
    )


def _filtered(filter_: ExceptionFilter) -> sa.Select[tuple[object, ...]]:
    statement = ROWS
    if filter_.state is not None:
        statement = statement.where(sa.text(f"reconciliation_exceptions.state = '{filter_.state.value}'"))
    if filter_.owner is not None:
        statement = statement.where(exceptions.c.owner_id == filter_.owner)
    if filter_.to_approve:
        waiting = sa.select(approvals.c.exception_id).where(
            approvals.c.store_id == exceptions.c.store_id,
            approvals.c.exception_id == exceptions.c.id,
            approvals.c.state == ApprovalState.ASKED,
        )
        statement = statement.where(waiting.exists())
    if filter_.since is not None:
        statement = statement.where(exceptions.c.opened_at >= filter_.since)
    if filter_.before is not None:
        statement = statement.where(exceptions.c.opened_at < filter_.before)
    if filter_.kinds:
        statement = statement.where(exceptions.c.kind.in_(sorted(filter_.kinds)))
    return statement


def to_row(row: sa.RowMapping) -> ExceptionRow:
    """The record of a row of ROWS."""
    kind = ExceptionKind(row["kind"])
    return ExceptionRow(
        id=ExceptionId(row["id"]),
        kind=kind,
        state=ExceptionState(row["state"]),
        left_reference=row["left_reference"],
        right_reference=row["right_reference"],
        amount=Money(row["amount_minor"], row["currency"]),
        payment_id=PaymentId(row["payment_id"]) if row["payment_id"] else None,
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
        details=row["details"],
        opened_at=row["opened_at"],
        resolved_at=row["resolved_at"],
        resolution=row["resolution"],
        version=row["version"],
        severity=severity_of(kind),
        origin=Origin(row["origin"]),
        resolved_by=row["resolved_by"],
        owner_id=StaffId(row["owner_id"]) if row["owner_id"] else None,
        owner_name=row["owner_name"],
        account_id=PaymentAccountId(row["account_id"]) if row["account_id"] else None,
        account_name=row["account_name"],
        approval=ApprovalState(row["approval"]) if row["approval"] else None,
    )
