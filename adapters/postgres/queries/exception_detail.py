"""One exception with both sides, in one statement: documents beside the row of the list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.queries.payout_lines import LINE_COLUMNS, LINE_JOINS, to_line
from adapters.postgres.tables.reconciliation import exceptions
from core.ledger.chart import AccountCode, OpenItem
from core.ledger.model import AccountRef
from core.reconciliation.actions import OpenAmount
from core.reconciliation.approvals import ApprovalState, Decision
from core.reconciliation.candidates import CandidateFacts
from core.reconciliation.rules import APPROVAL_LIMIT_MINOR
from core.shared.ids import ApprovalId, OrderId, PaymentAccountId, PaymentId, StaffId
from core.shared.money import Money
from ports.reconciliation import (
    ApprovalRow,
    DisputeSide,
    ExceptionDetail,
    ExceptionRow,
    HistoryLine,
    NoteKind,
    PaymentSide,
    PayoutSide,
    RefundSide,
)

# `@` is the exception of the row.
_PARTS = {
    "payment": """
        SELECT jsonb_build_object('id', p.id, 'order_id', p.order_id, 'number', o.number, 'status', o.status,
            'customer', o.customer_name, 'method', p.method, 'state', p.state, 'currency', p.currency,
            'amount', p.amount_minor, 'captured', p.captured_minor, 'refunded', p.refunded_minor,
            'reference', p.provider_reference, 'created_at', p.created_at, 'expires_at', p.expires_at)
        FROM payments p LEFT JOIN orders o ON o.store_id = p.store_id AND o.id = p.order_id
        WHERE p.store_id = @.store_id AND p.id = @.payment_id""",
    "refund": """
        SELECT jsonb_build_object('id', r.id, 'amount', r.amount_minor, 'currency', r.currency, 'state', r.state,
            'reference', r.provider_reference, 'requested_at', r.requested_at)
        FROM payment_operations r
        WHERE r.store_id = @.store_id AND r.kind = 'refund' AND r.id::text = @.left_reference""",
    "dispute": """
        SELECT jsonb_build_object('reference', d.reference, 'amount', d.amount_minor, 'currency', d.currency,
            'status', d.status, 'reason', d.reason, 'created_at', d.created_at, 'due_at', d.evidence_due_at,
            'withdrawn', d.withdrawn)
        FROM disputes d WHERE d.store_id = @.store_id AND d.account_id = @.account_id
            AND d.reference = @.right_reference""",
    "payout": """
        SELECT jsonb_build_object('id', y.id, 'reference', y.reference, 'amount', y.amount_minor,
            'currency', y.currency, 'status', y.status, 'arrival_on', y.arrival_on, 'net', coalesce((
                SELECT sum(l.net_minor) FROM provider_lines l
                WHERE l.store_id = y.store_id AND l.account_id = y.account_id AND l.payout_reference = y.reference
                  AND l.category <> 'payout'
                  AND (l.category <> 'payout_reversal' OR l.source_reference IS DISTINCT FROM l.payout_reference)), 0))
        FROM payouts y WHERE y.store_id = @.store_id AND y.account_id = @.account_id
            AND y.reference = @.right_reference""",
    "lines": """
        SELECT jsonb_agg(to_jsonb(f) ORDER BY f.created_at, f.id) FROM (
            SELECT LINE_COLUMNS FROM provider_lines l LINE_JOINS
            WHERE l.store_id = @.store_id AND l.account_id = @.account_id AND l.id IN (
                SELECT id FROM provider_lines WHERE account_id = @.account_id AND external_id = @.right_reference
                UNION ALL SELECT id FROM provider_lines WHERE match_id = @.payment_id
                UNION ALL SELECT id FROM provider_lines
                WHERE match_id = nullif(split_part(@.details ->> 'item', ':', 2), '')::uuid
                UNION ALL SELECT id FROM provider_lines
                WHERE account_id = @.account_id AND match_id IS NULL AND @.right_reference <> ''
                  AND @.right_reference IN (source_reference, tender_reference))
            ORDER BY l.created_at, l.id LIMIT 20) f""",
    "history": """
        SELECT jsonb_agg(jsonb_build_object('kind', c.kind, 'text', c.text, 'by', c.by_label, 'at', c.at)
            ORDER BY c.at DESC, c.id DESC)
        FROM exception_comments c WHERE c.store_id = @.store_id AND c.exception_id = @.id""",
    "approvals": """
        SELECT jsonb_agg(to_jsonb(a) ORDER BY a.asked_at DESC, a.id DESC) FROM approvals a
        WHERE a.store_id = @.store_id AND a.exception_id = @.id""",
    "open": """
        SELECT jsonb_build_object('amount', i.amount_minor, 'currency', c.currency, 'item', i.open_item,
            'account', c.payment_account_id)
        FROM ledger_accounts c JOIN ledger_open_items i ON i.store_id = c.store_id AND i.account_id = c.id
        WHERE c.store_id = @.store_id AND c.code = '1100' AND c.currency = @.currency
          AND c.payment_account_id = @.account_id AND i.open_item = @.details ->> 'item'
          AND i.amount_minor <> 0""",
    "limit": "SELECT approval_limit_minor FROM reconciliation_settings",
}


CANDIDATES = sa.text("""
SELECT p.id, p.order_id, o.number, o.customer_name, p.method, p.state, p.amount_minor, p.currency, p.created_at,
    p.provider_reference, g.id IS NOT NULL AS matched
FROM reconciliation_exceptions e
JOIN payments p ON p.store_id = e.store_id AND p.account_id = e.account_id AND p.currency = e.currency
LEFT JOIN orders o ON o.store_id = p.store_id AND o.id = p.order_id
LEFT JOIN match_groups g ON g.store_id = p.store_id AND g.id = p.id
WHERE e.id = :exception_id AND (p.amount_minor = e.amount_minor
    OR p.created_at BETWEEN (e.details ->> 'at')::timestamptz - interval '2 days'
        AND (e.details ->> 'at')::timestamptz + interval '2 days')
ORDER BY p.amount_minor = e.amount_minor DESC, abs(p.amount_minor - e.amount_minor), p.created_at DESC
LIMIT :at_most
""")


def detail(row: sa.Select[Any]) -> sa.Select[Any]:
    """`row` with its documents beside it."""
    columns, joins, table = ("LINE_COLUMNS", LINE_COLUMNS), ("LINE_JOINS", LINE_JOINS), ("@", exceptions.name)
    for name, statement in _PARTS.items():
        for word, meant in (columns, joins, table):
            statement = statement.replace(word, meant)
        row = row.add_columns(sa.literal_column(f"({statement})").label(f"of_{name}"))
    return row


def to_detail(found: ExceptionRow, row: sa.RowMapping) -> ExceptionDetail:
    """The detail of a row of `detail`."""
    limit = APPROVAL_LIMIT_MINOR if row["of_limit"] is None else int(row["of_limit"])
    return ExceptionDetail(
        row=found,
        payment=_payment(row["of_payment"], found.details.get("expected_fee")),
        refund=_refund(row["of_refund"]),
        dispute=_dispute(row["of_dispute"]),
        payout=_payout(row["of_payout"]),
        lines=[to_line(line) for line in row["of_lines"] or []],
        history=[
            HistoryLine(NoteKind(line["kind"]), line["text"], line["by"], datetime.fromisoformat(line["at"]))
            for line in row["of_history"] or []
        ],
        approvals=[to_approval(document) for document in row["of_approvals"] or []],
        open=_open(row["of_open"]),
        limit=Money(limit, found.amount.currency),
        needs_approval=found.amount.minor > limit,
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _payment(found: dict[str, Any] | None, fee: int | None) -> PaymentSide | None:
    if found is None:
        return None
    currency = found["currency"]
    return PaymentSide(
        payment_id=PaymentId(UUID(found["id"])),
        order_id=OrderId(UUID(found["order_id"])) if found["order_id"] else None,
        order_number=found["number"],
        order_status=found["status"],
        customer=found["customer"],
        method=found["method"],
        state=found["state"],
        amount=Money(found["amount"], currency),
        captured=Money(found["captured"], currency),
        refunded=Money(found["refunded"], currency),
        expected_fee=None if fee is None else Money(int(fee), currency),
        reference=found["reference"],
        created_at=datetime.fromisoformat(found["created_at"]),
        expires_at=_instant(found["expires_at"]),
    )


def _refund(found: dict[str, Any] | None) -> RefundSide | None:
    if found is None:
        return None
    amount = Money(found["amount"], found["currency"])
    at = datetime.fromisoformat(found["requested_at"])
    return RefundSide(UUID(found["id"]), amount, found["state"], found["reference"], at)


def _dispute(found: dict[str, Any] | None) -> DisputeSide | None:
    if found is None:
        return None
    return DisputeSide(
        reference=found["reference"],
        amount=Money(found["amount"], found["currency"]),
        status=found["status"],
        reason=found["reason"],
        opened_at=datetime.fromisoformat(found["created_at"]),
        evidence_due_at=_instant(found["due_at"]),
        withdrawn=found["withdrawn"],
    )


def _payout(found: dict[str, Any] | None) -> PayoutSide | None:
    if found is None:
        return None
    return PayoutSide(
        id=UUID(found["id"]),
        reference=found["reference"],
        amount=Money(found["amount"], found["currency"]),
        status=found["status"],
        arrival_on=date.fromisoformat(found["arrival_on"]),
        lines_net=Money(int(found["net"]), found["currency"]),
    )


def to_approval(found: dict[str, Any]) -> ApprovalRow:
    """The record of an approval that is a JSON document."""
    account = found["details"].get("account")
    return ApprovalRow(
        id=ApprovalId(UUID(found["id"])),
        decision=Decision(found["decision"]),
        amount=Money(found["amount_minor"], found["currency"]),
        state=ApprovalState(found["state"]),
        asked_by=found["asked_by"],
        asked_by_id=StaffId(UUID(found["asked_by_id"])) if found["asked_by_id"] else None,
        asked_at=datetime.fromisoformat(found["asked_at"]),
        account=AccountCode(account) if account else None,
        reason=found["details"].get("reason", ""),
        note=found["note"],
        decided_by=found["decided_by"],
        decided_at=_instant(found["decided_at"]),
        answer=found["answer"],
    )


def _open(found: dict[str, Any] | None) -> OpenAmount | None:
    if found is None:
        return None
    account = AccountRef(AccountCode.CLEARING, PaymentAccountId(UUID(found["account"])))
    return OpenAmount(account, OpenItem.parse(found["item"]), Money(found["amount"], found["currency"]))


def to_candidate(row: sa.RowMapping) -> CandidateFacts:
    """The facts of a row of CANDIDATES."""
    return CandidateFacts(
        payment_id=PaymentId(row["id"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["number"],
        customer=row["customer_name"],
        method=row["method"],
        state=row["state"],
        amount=Money(row["amount_minor"], row["currency"]),
        at=row["created_at"],
        matched=row["matched"],
        reference=row["provider_reference"],
    )
