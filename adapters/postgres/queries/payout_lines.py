"""A provider's lines beside what our books have for them, as SQL and as records."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from core.reconciliation.kinds import ExceptionKind
from core.shared.ids import ExceptionId, OrderId, PaymentId, ProviderLineId
from core.shared.money import Money
from ports.payouts import PayoutLine
from ports.settlements import LineCategory

# Ours: the provider's figure less what an exception says is off, which the first line of its group bears; nothing of a
# line that tells again what another told, or of money that came twice. Our fee is the provider's where no contract is
# written down.
LINE_COLUMNS = """
    l.id, l.external_id, l.category, l.raw_category, l.method, l.description, l.created_at, l.source_reference,
    l.gross_minor, l.fee_minor, l.net_minor, l.currency, l.match_pass, g.pass AS reason, g.rule_version, g.subject,
    coalesce(g.payment_id, x.payment_id) AS payment_id, p.order_id, o.number AS order_number,
    CASE WHEN l.match_id IS NULL OR x.twice THEN NULL WHEN x.extra THEN 0
        ELSE l.gross_minor - CASE WHEN NOT first.is_first OR x.off IS NULL THEN 0
            WHEN g.subject = 'refund' THEN -x.off ELSE x.off END END AS ours_gross,
    CASE WHEN l.match_id IS NULL OR x.twice THEN NULL WHEN x.extra THEN 0
        ELSE l.fee_minor - CASE WHEN first.is_first THEN coalesce(x.off_fee, 0) ELSE 0 END END AS ours_fee,
    coalesce(r.requested_at, p.created_at) AS ours_at, x.id AS exception_id, x.kind AS exception_kind,
    coalesce(x.state, '') = 'open' AS exception_open, coalesce(x.twice, false) AS twice, x.fee_id AS fee_exception
"""
# The references of lines are compared by their bytes, those of exceptions are not: the index of exceptions is of use
# only to a comparison in its own collation.
LINE_JOINS = """
    LEFT JOIN match_groups g ON g.store_id = l.store_id AND g.id = l.match_id
    LEFT JOIN payments p ON p.store_id = l.store_id AND p.id = g.payment_id
    LEFT JOIN payment_operations r ON r.store_id = l.store_id AND r.id = g.operation_id
    LEFT JOIN orders o ON o.store_id = l.store_id AND o.id = p.order_id
    CROSS JOIN LATERAL (
        SELECT NOT EXISTS (
            SELECT 1 FROM provider_lines other
            WHERE other.store_id = l.store_id AND other.match_id = l.match_id
              AND other.source_reference IS NOT DISTINCT FROM l.source_reference
              AND (other.created_at, other.id) < (l.created_at, l.id)) AS is_first) first
    CROSS JOIN LATERAL (
        SELECT (array_agg(e.id ORDER BY e.place))[1] AS id, (array_agg(e.kind ORDER BY e.place))[1] AS kind,
            (array_agg(e.state ORDER BY e.place))[1] AS state,
            (array_agg(e.payment_id ORDER BY e.place))[1] AS payment_id,
            max(e.off) FILTER (WHERE e.kind IN ('amount_over', 'amount_under', 'late_payment', 'refund_mismatch',
                'missing_internally')) AS off,
            max(e.off) FILTER (WHERE e.kind = 'fee_mismatch') AS off_fee,
            (max(e.id::text) FILTER (WHERE e.kind = 'fee_mismatch'))::uuid AS fee_id,
            bool_or(e.kind = 'duplicate_provider_line') AS twice, bool_or(e.kind = 'duplicate_charge') AS extra
        FROM (
            SELECT e.id, e.kind, e.state, e.payment_id,
                (e.details ->> 'captured')::bigint - (e.details ->> 'expected')::bigint AS off,
                ROW (e.state, e.kind = 'fee_mismatch', e.right_reference <> l.external_id, -e.amount_minor, e.id)
                    AS place
            FROM reconciliation_exceptions e
            WHERE e.store_id = l.store_id AND e.account_id = l.account_id AND e.right_reference <> ''
              AND e.right_reference IN (l.external_id COLLATE "default", l.source_reference, l.tender_reference)) e) x
"""


def to_line(row: Any) -> PayoutLine:
    """The record of a row, or JSON document, of LINE_COLUMNS."""
    currency = row["currency"]

    def money(name: str) -> Money | None:
        return None if row[name] is None else Money(int(row[name]), currency)

    return PayoutLine(
        id=ProviderLineId(_id(row["id"])),
        external_id=row["external_id"],
        category=LineCategory(row["category"]),
        raw_category=row["raw_category"],
        method=row["method"],
        description=row["description"],
        created_at=_at(row["created_at"]),
        source_reference=row["source_reference"],
        gross=Money(row["gross_minor"], currency),
        fee=Money(-row["fee_minor"], currency),
        net=Money(row["net_minor"], currency),
        ours_gross=money("ours_gross"),
        ours_fee=None if row["ours_fee"] is None else Money(-int(row["ours_fee"]), currency),
        ours_at=None if row["ours_at"] is None else _at(row["ours_at"]),
        payment_id=PaymentId(_id(row["payment_id"])) if row["payment_id"] else None,
        order_id=OrderId(_id(row["order_id"])) if row["order_id"] else None,
        order_number=row["order_number"],
        match_pass=row["match_pass"],
        reason=row["reason"],
        rule_version=row["rule_version"],
        exception_id=ExceptionId(_id(row["exception_id"])) if row["exception_id"] else None,
        exception_kind=ExceptionKind(row["exception_kind"]) if row["exception_kind"] else None,
        exception_open=row["exception_open"],
    )


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _at(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
