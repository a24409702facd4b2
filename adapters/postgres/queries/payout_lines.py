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

# Ours: of the first line of a group what we know of its subject, of its others nothing, so that sums are right. Our fee
# is the provider's where no contract is written down.
LINE_COLUMNS = """
    l.id, l.external_id, l.category, l.raw_category, l.method, l.description, l.created_at, l.source_reference,
    l.gross_minor, l.fee_minor, l.net_minor, l.currency, l.match_pass, g.pass AS reason, g.rule_version,
    coalesce(g.payment_id, x.payment_id) AS payment_id, p.order_id, o.number AS order_number,
    CASE WHEN l.match_id IS NULL THEN NULL
        WHEN NOT first.is_first THEN 0
        WHEN g.subject = 'refund' THEN -coalesce(r.amount_minor, 0)
        WHEN g.subject = 'dispute' THEN l.gross_minor
        ELSE p.captured_minor END AS ours_gross,
    CASE WHEN l.match_id IS NULL THEN NULL
        WHEN NOT first.is_first THEN 0
        WHEN g.subject = 'sale' THEN coalesce((x.details ->> 'expected_fee')::bigint, l.fee_minor)
        ELSE l.fee_minor END AS ours_fee,
    coalesce(r.requested_at, p.created_at) AS ours_at, x.id AS exception_id, x.kind AS exception_kind
"""
LINE_JOINS = """
    LEFT JOIN match_groups g ON g.store_id = l.store_id AND g.id = l.match_id
    LEFT JOIN payments p ON p.store_id = l.store_id AND p.id = g.payment_id
    LEFT JOIN payment_operations r ON r.store_id = l.store_id AND r.id = g.operation_id
    LEFT JOIN orders o ON o.store_id = l.store_id AND o.id = p.order_id
    LEFT JOIN LATERAL (
        SELECT NOT EXISTS (
            SELECT 1 FROM provider_lines other
            WHERE other.store_id = l.store_id AND other.match_id = l.match_id
              AND (other.created_at, other.id) < (l.created_at, l.id)) AS is_first) first ON true
    LEFT JOIN LATERAL (
        SELECT e.id, e.kind, e.payment_id, e.details FROM reconciliation_exceptions e
        WHERE e.store_id = l.store_id AND e.account_id = l.account_id AND e.state = 'open'
          AND e.right_reference IN (l.external_id, l.source_reference, l.tender_reference) AND e.right_reference <> ''
        ORDER BY e.right_reference = l.external_id DESC, e.amount_minor DESC, e.id LIMIT 1) x ON true
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
    )


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _at(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
